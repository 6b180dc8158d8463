/** The shapes of requests and answers; OpenAPI is printed from here (`openapi.ts`), and handlers check with them. */
import { z } from '@hono/zod-openapi';
import { STRENGTHS, type Strength } from '../../protect/cloak/budget.ts';
import { THREATS } from '../../protect/cloak/threats.ts';
import { STATUSES } from '../jobs/job.ts';
import { SCOPES } from '../keys/scopes.ts';

export const STRENGTH_NAMES = Object.keys(STRENGTHS) as [Strength, ...Strength[]];

const TIME = '2026-01-31T12:00:00.000Z';

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string().openapi({ description: 'What happened, in the language of the request.' }),
    status: z.int(),
    code: z.string().openapi({ description: 'Stable reason, for programs.', example: 'too-large' }),
    hint: z.string().openapi({ description: 'What to do about it.' }),
  })
  .openapi('Problem');

/** Printed from the record's own schema (`openapi.ts`). */
export const recordSchema = z.record(z.string(), z.unknown()).openapi('AnalysisRecord');
export const traceRecordSchema = z.record(z.string(), z.unknown()).openapi('TraceRecord');
export const clusterRecordSchema = z.record(z.string(), z.unknown()).openapi('ClusterRecord');
export const auditRecordSchema = z.record(z.string(), z.unknown()).openapi('AuditRecord');
const scoresRecordSchema = z.record(z.string(), z.unknown()).openapi('ScoresRecord');
const leaderboardRecordSchema = z.record(z.string(), z.unknown()).openapi('LeaderboardRecord');

export const status = z.enum(STATUSES).openapi('Status', {
  description:
    'failed: the file could not be examined; its record says why. Every other state is what it says.',
});

const at = z.string().openapi({ example: TIME, format: 'date-time' });

const links = z.object({ self: z.string(), events: z.string() });
const pollAfterSeconds = z
  .number()
  .optional()
  .openapi({ description: 'When to ask again; absent once it is over.' });
const listOf = (schema: z.ZodType) =>
  z.object({
    items: z.array(schema),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null on the last.' }),
  });

export const analysisSchema = z
  .object({
    id: z.string().openapi({ example: 'an_01k0c9w2v5d3m8q4r7t1x6y0z2' }),
    status,
    name: z.string().openapi({ description: 'What its sender called the file.' }),
    sha256: z.string(),
    bytes: z.int(),
    batch: z.string().nullable(),
    source: z.string().nullable().openapi({ description: 'The URL the file was fetched from.' }),
    created: at,
    started: at.nullable(),
    finished: at.nullable(),
    expires: at.nullable(),
    attempts: z.int(),
    summary: z
      .object({
        label: z.string().optional(),
        probability: z.number().optional(),
        kind: z.string().optional(),
        error: z.string().optional(),
      })
      .nullable(),
    pollAfterSeconds,
    links: links.extend({ report: z.string(), preview: z.string() }),
  })
  .openapi('Analysis');

export const analysisWithResultSchema = analysisSchema
  .extend({
    result: z.union([recordSchema, z.null()]).openapi({
      description: 'The record of `huoyan analyze --ndjson`; null until the analysis is over.',
    }),
  })
  .openapi('AnalysisWithResult');

export const analysisListSchema = listOf(analysisSchema).openapi('AnalysisList');

export const settings = {
  stability: z.stringbool().optional().openapi({
    type: 'boolean',
    description: 'Judge again after re-encoding. Default true.',
  }),
  prior: z.coerce
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .openapi({ description: 'P(made by AI or altered) before looking.' }),
  priority: z.enum(['live', 'batch', 'low']).optional(),
  webhook: z.string().max(2000).optional().openapi({ description: 'URL that is told of the end, signed.' }),
  keepSeconds: z.coerce.number().int().min(1).max(3_153_600_000).optional().openapi({
    type: 'integer',
    description: 'Erase everything after so many seconds.',
  }),
};

/** Settings of an upload: in the query, or as fields of the form. */
export const uploadQuery = z.object({
  ...settings,
  wait: z.coerce.number().min(0).max(60).optional().openapi({
    type: 'number',
    description: 'Seconds to wait for the result; also as `Prefer: wait=10`.',
  }),
  name: z.string().max(300).optional().openapi({ description: 'Name of a raw body.' }),
  language: z.enum(['en', 'zh']).optional(),
});

export const urlBody = z
  .object({
    url: z.string().max(4000),
    name: z.string().max(300).optional(),
    stability: z.boolean().optional(),
    prior: z.number().gt(0).lt(1).optional(),
    priority: z.enum(['live', 'batch', 'low']).optional(),
    webhook: z.string().max(2000).optional(),
    keepSeconds: z.int().min(1).max(3_153_600_000).optional(),
  })
  .openapi('UrlToAnalyse');

export const batchBody = z
  .object({ urls: z.array(z.string().max(4000)).min(1).max(1000), ...urlBody.shape })
  .omit({ url: true, name: true })
  .openapi('UrlsToAnalyse');

export const listedBatchSchema = z
  .object({
    id: z.string(),
    status: z.enum(STATUSES).openapi({
      description:
        'succeeded: every file is over, whatever came of it; cancelled: every file is over, and some were cancelled; failed: there is no file.',
    }),
    created: at,
    finished: at.nullable(),
    counts: z.object({
      queued: z.int(),
      running: z.int(),
      succeeded: z.int(),
      failed: z.int(),
      cancelled: z.int(),
    }),
    pollAfterSeconds,
    links,
  })
  .openapi('ListedBatch');
export const batchListSchema = listOf(listedBatchSchema).openapi('BatchList');
export const batchSchema = listedBatchSchema
  .extend({
    refused: z
      .array(z.object({ url: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'URLs that could not be fetched; only in the answer to the request.' }),
    items: z.array(analysisSchema).openapi({ description: 'The first 1000; the list of analyses has all.' }),
  })
  .openapi('Batch');

const threshold = z.object({
  llr: z.number().openapi({ description: 'From this weight of evidence on (natural logarithm).' }),
  falseRejectRate: z.number().openapi({ description: 'Share of real photographs at or above it.' }),
  interval: z.tuple([z.number(), z.number()]).openapi({ description: '95 % interval of that share.' }),
});

export const gateSchema = z
  .object({
    decision: z.enum(['pass', 'hold', 'reject']),
    reasons: z.array(z.object({ code: z.string(), text: z.string() })),
    llr: z.number().nullable(),
    probability: z.number().nullable(),
    thresholds: z.object({ hold: threshold, reject: threshold }),
    measuredOn: z.string(),
    sha256: z.string().nullable(),
    elapsedMs: z.number(),
    analysis: z
      .string()
      .optional()
      .openapi({ description: 'Id of the kept analysis, when keeping was asked for.' }),
  })
  .openapi('GateDecision');

const measured = z.object({
  id: z.string(),
  status: z.enum(STATUSES),
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  service: z.string().nullable().openapi({ description: 'Who gave the recorded answers of an audit.' }),
  created: at,
  started: at.nullable(),
  finished: at.nullable(),
  expires: at.nullable(),
  attempts: z.int(),
  summary: z.record(z.string(), z.number()).nullable(),
  error: z
    .object({ code: z.string(), message: z.string(), hint: z.string() })
    .nullable()
    .openapi({ description: 'Why it failed.' }),
  pollAfterSeconds,
  links: links.extend({ report: z.string() }),
});
const result = (schema: z.ZodType, description: string) =>
  z.union([schema, z.null()]).openapi({ description });

export const storedAuditSchema = measured.openapi('StoredAudit');
export const auditListSchema = listOf(storedAuditSchema).openapi('AuditList');
export const auditSchema = measured
  .extend({
    result: result(
      auditRecordSchema,
      'The document of `huoyan audit recognition --json`; null until it is over.',
    ),
  })
  .openapi('Audit');

export const storedBenchmarkSchema = measured.openapi('StoredBenchmark');
export const benchmarkListSchema = listOf(storedBenchmarkSchema).openapi('BenchmarkList');
export const benchmarkSchema = measured
  .extend({
    result: result(
      z.object({ scores: scoresRecordSchema, leaderboard: leaderboardRecordSchema }),
      'The documents of `huoyan bench score --compare --json` and `huoyan bench leaderboard --json`; null until it is over.',
    ),
  })
  .openapi('Benchmark');

export const tracesSchema = z
  .object({ schema: z.literal('huoyan.traces/1'), records: z.array(traceRecordSchema) })
  .openapi('Traces');
export const storedTraceSchema = measured.openapi('StoredTrace');
export const traceListSchema = listOf(storedTraceSchema).openapi('TraceList');
export const traceSchema = measured
  .extend({ result: result(tracesSchema, 'What `POST /v1/traces` answers at once; null until it is over.') })
  .openapi('TraceJob');

export const storedClusteringSchema = measured.openapi('StoredClustering');
export const clusteringListSchema = listOf(storedClusteringSchema).openapi('ClusteringList');
export const clusteringSchema = measured
  .extend({
    result: result(clusterRecordSchema, 'What `POST /v1/clusters` answers at once; null until it is over.'),
  })
  .openapi('ClusteringJob');

/** Settings of files to measure: in the query, or as fields of the form. */
export const measurementUploadQuery = z.object({
  priority: settings.priority,
  webhook: settings.webhook,
  keepSeconds: settings.keepSeconds,
  wait: uploadQuery.shape.wait,
  name: uploadQuery.shape.name,
  language: uploadQuery.shape.language,
});
export const auditUploadQuery = measurementUploadQuery.extend({
  service: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: 'Who answered, where the file does not say.' }),
  names: z.enum(['written', 'identity']).optional().openapi({
    description: '`written`: past case and punctuation only (default); `identity`: also accents.',
  }),
});

export const clusterUploadQuery = measurementUploadQuery.extend({
  smallest: z.coerce.number().int().min(2).max(1000).optional().openapi({
    type: 'integer',
    description: 'Fewest pictures of a source. Default 3.',
  }),
});

export const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(['viewer', 'analyst', 'admin']),
    daily: z.int().nullable(),
    scopes: z.array(z.enum(SCOPES)).nullable().openapi({ description: 'What it is for; null: everything.' }),
    created: at,
    used: at.nullable(),
    revoked: at.nullable(),
  })
  .openapi('Key');

export const newKeyBody = z
  .object({
    name: z.string().min(1).max(100),
    role: z.enum(['viewer', 'analyst', 'admin']),
    daily: z.int().min(1).nullable().default(null),
    scopes: z.array(z.enum(SCOPES)).min(1).nullable().default(null),
  })
  .openapi('NewKey');

export const matchesSchema = z
  .object({ matches: z.array(z.object({ sha256: z.string(), name: z.string(), similarity: z.number() })) })
  .openapi('Matches');

export const markReadingSchema = z
  .object({
    found: z.boolean(),
    message: z.string().nullable().openapi({ description: '16 hexadecimal digits.' }),
    confidence: z.number(),
    corners: z.array(z.array(z.int())).nullable(),
    bitErrorsCorrected: z.int().nullable(),
    road: z.enum(['as-written', 'flat', 'border', 'tilted']).nullable(),
    payload: z.object({ version: z.int(), time: z.string(), place: z.int(), device: z.int() }).nullable(),
  })
  .openapi('MarkReading');

const cloakTrials = z.array(
  z.object({
    name: z.string(),
    gap: z.number().openapi({
      description:
        'Of a manipulator, the mean square difference of what it makes of the two, samples in -1..1; of a recogniser, 1 - cosine.',
    }),
    failed: z.boolean().openapi({ description: 'Whether it was kept from what it does, visibly.' }),
  }),
);

/** As `huoyan protect cloak --json` prints it. */
const cloakRecordSchema = z
  .object({
    strength: z.enum(STRENGTH_NAMES),
    quick: z.boolean(),
    facesFound: z.int(),
    facesCloaked: z.literal(1),
    changed: z
      .object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
      .openapi({ description: 'Pixels that may differ; none outside does before the picture is encoded.' }),
    psnrDb: z.number(),
    facePsnrDb: z.number().openapi({ description: 'Of `changed` alone.' }),
    meanColourDistance: z.number().openapi({ description: 'Over `changed`, in units of L*a*b*.' }),
    measuredAgainst: z
      .array(z.object({ threat: z.enum(THREATS), stored: cloakTrials, jpeg75: cloakTrials }))
      .openapi({
        description: 'The programs the cloak was made against, on the picture as stored and after JPEG 75.',
      }),
    guarantee: z.literal(false),
    note: z.object({ en: z.string(), zh: z.string() }),
  })
  .openapi('CloakRecord');

export const cloakAnswerSchema = cloakRecordSchema
  .extend({
    file: z.object({
      name: z.string(),
      type: z.string(),
      base64: z.string().openapi({ description: 'The cloaked picture.', format: 'byte' }),
    }),
  })
  .openapi('CloakAnswer');

export const labelAnswerSchema = z
  .object({
    verdict: z.enum(['compliant', 'non-compliant', 'absent', 'inconclusive']),
    carrier: z.string(),
    label: z.string().nullable(),
    producer: z.string().nullable(),
    violations: z.array(z.object({ rule: z.string(), clause: z.string(), text: z.string() })),
  })
  .openapi('LabelAnswer');
