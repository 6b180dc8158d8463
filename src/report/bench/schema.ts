/**
 * The public documents of the bench, as zod schemas: a line of a score file, the description beside it, what
 * `huoyan bench score --json` prints and what `huoyan bench leaderboard --json` prints. Promises like
 * `huoyan.analysis/1`: fields are only added. `schemas/*.schema.json` are printed from here and a test fails when they
 * drift apart. A figure that could not be computed is null, never 0.
 */
import { z } from 'zod';
import { head, probability, sha256 } from '../record-fields.ts';

const count = z.int().min(0);
const number = z.number().nullable().describe('Null where it could not be computed.');
const figure = z
  .object({ value: number, lo: number, hi: number })
  .describe('A figure with its 95 % interval, whole sources redrawn.');
const rate = z
  .object({ count, rate: probability, lo: probability, hi: probability })
  .describe('A share with its 95 % interval (Wilson).');
const bothSources = z
  .object({ real: count, fake: count })
  .describe('Sources the files of each class come from.');
const status = z
  .enum(['ok', 'inconclusive', 'notApplicable', 'failed'])
  .describe('An answer, an honest "cannot tell", "not my kind of file", or nothing because it broke.');

export const scoreRowSchema = z
  .object({
    dataset: z.string().optional(),
    key: z.string().describe('Names the file within its data set, with `/` between folders.'),
    condition: z
      .string()
      .default('stored')
      .describe('What happened to the file before it was judged: `stored` is nothing.'),
    label: z.enum(['real', 'fake']),
    score: z
      .number()
      .optional()
      .describe('Polarity and scale as the description says. Absent unless answered.'),
    status: status.default('ok'),
    verdict: z.string().optional().describe("The detector's own word, for instance `synthetic`."),
    source: z
      .string()
      .optional()
      .describe('What is redrawn as a whole: camera, gallery, original, generator.'),
    generator: z.string().optional().describe('What made a fake.'),
    identity: z.string().optional(),
    split: z.string().optional(),
    sha256: sha256.optional().describe('Of the bytes as stored, lower-case hexadecimal.'),
    elapsedMs: z.number().min(0).optional(),
    reason: z.string().optional().describe('Why there is no answer.'),
  })
  .describe('One line of a score file in NDJSON; the CSV has the same fields as columns.');

export const scoreMetaSchema = z
  .object({
    schema: z.literal('huoyan.scores/1'),
    detector: z.object({ name: z.string(), version: z.string().optional(), settings: z.json().optional() }),
    dataset: z.string().optional(),
    polarity: z.enum(['higher-is-fake', 'higher-is-real']),
    scale: z
      .enum(['probability', 'logit', 'unbounded'])
      .describe('P(fake), its log-odds, or an order and nothing more.'),
    threshold: z.number().optional().describe("The detector's own operating point."),
    seed: z.int().optional(),
    command: z.string().optional(),
    environment: z.record(z.string(), z.string()).optional(),
    seenGenerators: z
      .array(z.string())
      .optional()
      .describe('Generators the detector was fitted on, where that is known.'),
  })
  .describe('`NAME.scores.meta.json` beside a score file.');

const probabilities = z
  .object({
    logLoss: figure,
    brier: figure,
    calibrationError: number.describe('Expected calibration error over ten bins of equal size.'),
    curve: z.array(z.object({ n: count, stated: number, seen: number })),
  })
  .nullable();

const evaluation = z.object({
  condition: z.string(),
  n: count,
  reals: count,
  fakes: count,
  sources: bothSources,
  itemwise: z
    .boolean()
    .describe('A class comes from too few sources: files were redrawn, intervals are too narrow.'),
  coverage: z.object({ ok: rate, inconclusive: rate, notApplicable: rate, failed: rate }),
  figures: z.object({
    auc: figure,
    averagePrecision: figure,
    equalErrorRate: figure,
    tprAt1: figure.describe('Fakes found at 1 % false alarms.'),
    tprAt01: figure.describe('Fakes found at 0.1 % false alarms.'),
  }),
  tooFewReals: z.object({ at1: z.boolean(), at01: z.boolean() }),
  accuracy: z.object({
    fixed: z.object({ threshold: z.number(), balanced: figure }),
    calibrated: figure.describe('Balanced, at thresholds fitted on other sources.'),
  }),
  stated: probabilities.describe('As the detector states them; null when its scores are no probabilities.'),
  calibrated: probabilities.describe('After calibration on other sources.'),
  det: z.array(z.object({ fpr: probability, fnr: probability })),
  generators: z.array(
    z.object({ generator: z.string(), n: count, auc: number, seen: z.boolean().nullable() }),
  ),
  overGenerators: z
    .object({ mean: number, seen: number, unseen: number, gap: number })
    .describe('Mean AUC, each generator counting once; the gap is seen minus unseen.'),
});

const comparison = z.object({
  first: z.string(),
  second: z.string(),
  common: count.describe('Files that both answered.'),
  asked: count,
  delong: z
    .object({
      first: number,
      second: number,
      difference: number,
      standardError: number,
      z: number,
      p: number,
      interval: z.tuple([number, number]),
    })
    .describe("DeLong's test of two correlated areas; takes files as independent."),
  clustered: figure.describe('Difference of the areas, first minus second, sources redrawn.'),
  itemwise: z.boolean(),
});

export const benchReportSchema = z
  .object({
    schema: z.literal('huoyan.bench.scores/1'),
    producer: head.producer,
    files: z.array(
      z.object({
        name: z.string(),
        detector: scoreMetaSchema.shape.detector,
        incomplete: count.describe('Lines at the end that were no whole rows.'),
        conditions: z.array(evaluation),
        flips: z.array(
          z.object({
            condition: z.string(),
            asked: count.describe('Files that had a side in the first condition.'),
            flips: rate.describe('Verdicts that turned to their opposite.'),
            lostFakes: rate,
            condemnedReals: rate,
          }),
        ),
      }),
    ),
    comparisons: z.array(comparison),
  })
  .describe('What `huoyan bench score --json` prints.');

const generatorMean = figure.extend({ generators: count }).nullable();

export const leaderboardSchema = z
  .object({
    schema: z.literal('huoyan.bench.leaderboard/1'),
    producer: head.producer,
    tables: z
      .array(
        z.object({
          name: z.string(),
          reals: count,
          fakes: count,
          sources: bothSources,
          condition: z.string().describe('The first condition, in which detectors are ranked.'),
          rows: z
            .array(
              z.object({
                detector: z.string(),
                files: count,
                answered: probability,
                auc: figure,
                equalErrorRate: figure,
                tprAt1: figure,
                balanced: figure,
                logLoss: figure.nullable(),
                calibrationError: number,
                worst: z.object({ condition: z.string(), auc: figure }).nullable(),
                flips: probability.nullable(),
                conditions: z.array(
                  z.object({
                    condition: z.string(),
                    auc: figure,
                    flips: rate.extend({ n: count }).nullable(),
                  }),
                ),
                seen: generatorMean.describe('Mean AUC over generators it was fitted on.'),
                unseen: generatorMean.describe('Mean AUC over generators it was not fitted on.'),
                itemwise: z.boolean(),
              }),
            )
            .describe('Best first.'),
          comparisons: z.array(comparison).describe('The first detector named against every other.'),
        }),
      )
      .describe('One for every set of files that were judged.'),
  })
  .describe('What `huoyan bench leaderboard --json` prints.');

/** The schemas by the name `huoyan schema` knows them by, and the document each describes. */
export const BENCH_SCHEMAS = {
  scores: { title: 'Huoyan score file, one row', schema: scoreRowSchema },
  'scores-meta': { title: 'Huoyan score file, its description', schema: scoreMetaSchema },
  bench: { title: 'Huoyan bench report', schema: benchReportSchema },
  leaderboard: { title: 'Huoyan leaderboard', schema: leaderboardSchema },
} as const;

/** A document's JSON Schema (draft 2020-12); objects are open to later fields. */
export function benchJsonSchema(name: keyof typeof BENCH_SCHEMAS): Record<string, unknown> {
  const { title, schema } = BENCH_SCHEMAS[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: `urn:huoyan:schema:${name}:1`, title, ...rest };
}
