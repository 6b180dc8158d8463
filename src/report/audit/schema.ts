/**
 * The public record of an audit, as a zod schema. It is a promise like `huoyan.analysis/1`: within `huoyan.audit/1`
 * fields are only added, never renamed, removed or given another meaning. `schemas/audit.schema.json` is printed from
 * here and a test fails when the two drift apart.
 */
import { z } from 'zod';
import { error, head, probability } from '../record-fields.ts';

/** Name and version of the promise. */
export const AUDIT_SCHEMA = 'huoyan.audit/1';

const count = z.int().min(0);

const rate = z
  .object({
    count,
    rate: probability.describe('`count` divided by the number of cases; 0 where there was none.'),
    lo: probability,
    hi: probability,
  })
  .describe(
    'A share with its 95 % interval: at each end the wider of Wilson and of a bootstrap that resamples whole people.',
  );

const rates = {
  targeted: rate.describe('The service named the person impersonated.'),
  nonTargeted: rate.describe('The service named anybody.'),
  misidentified: rate.describe('The service named somebody else.'),
};

const histogram = z
  .object({ n: count, counts: z.array(count).describe('Equal steps from 0 to 1; the last holds 1 too.') })
  .describe('How values from 0 to 1 are spread.');

const measured = {
  n: count.describe('Fakes that were answered.'),
  failed: count.describe('Fakes without an answer, not in `n`.'),
  ...rates,
  inverted: rate.describe(
    'Both the fake and the real picture of the person got a name, and the fake the higher confidence.',
  ),
  targetedByIdentity: rate.describe(
    'As `targeted`, whatever the spelling: accents folded, known aliases, the name the service gives the real picture.',
  ),
  persons: count.describe('People impersonated in these fakes.'),
  personsImpersonated: count.describe('Those whom at least one fake passed as.'),
  byThreshold: z
    .array(
      z.object({
        threshold: probability.describe('Answers of lower confidence count as nobody.'),
        ...rates,
        personsImpersonated: count,
      }),
    )
    .describe('By rising threshold.'),
  people: z.array(z.object({ person: z.string(), n: count, ...rates })).describe('Most often passed first.'),
  methods: z.array(z.object({ method: z.string(), n: count, ...rates })),
  confusions: z
    .array(z.object({ person: z.string(), named: z.string(), count }))
    .describe('Who was taken for whom, without the right answers; most frequent first.'),
  similarity: histogram.nullable().describe('Likeness of fake and real picture as the service states it.'),
  confidence: z.object({ targeted: histogram, misidentified: histogram }),
  clips: z
    .object({ n: count, anyFrame: rate, mostFrames: rate })
    .nullable()
    .describe('Frames of one clip judged together: any of them passes, more than half pass.'),
};

const gatePoint = z.object({
  threshold: z.number().describe('Pictures with a higher detector score are turned away.'),
  falseReject: rate.describe('Real pictures turned away.'),
  residual: rate.describe('Fakes that pass the gate and are named as the person.'),
});

export const auditRecordSchema = z
  .object({
    schema: z.literal(AUDIT_SCHEMA).describe('Name and version of this record.'),
    producer: head.producer,
    language: head.language,
    sets: z
      .array(
        z.object({
          name: z.string(),
          service: z.string(),
          ...measured,
          operating: probability.describe(
            'Confidence from which an answer counts; 0 where the service decides.',
          ),
        }),
      )
      .describe('One entry for each data set and service.'),
    total: z.object(measured).describe('All sets together; a person in several sets counts once.'),
    accuracy: z
      .array(
        z.object({
          service: z.string(),
          people: count,
          photos: count,
          pairs: z
            .object({
              withoutFace: count.describe('Photos without a usable face.'),
              genuine: count.describe('Pairs of photos of one person.'),
              impostor: count.describe('Pairs of photos of two people.'),
              auc: probability.describe('Area under the ROC curve.'),
              threshold: z
                .number()
                .describe('Similarity that at most one pair of different people in a thousand reaches.'),
              falseMatch: rate,
              falseNonMatch: rate,
              roc: z.array(z.object({ threshold: z.number(), fmr: probability, fnmr: probability })),
            })
            .nullable()
            .describe('Every two photos compared; null for a service that does not show how alike they are.'),
          probes: count.describe('Real pictures that were put to the recogniser as the fakes were.'),
          identified: rate,
          misidentified: rate,
        }),
      )
      .describe('The recogniser without an attack.'),
    gates: z
      .array(
        z.object({
          service: z.string(),
          detector: z.string(),
          set: z.string(),
          fakes: count,
          reals: count,
          unscored: count.describe('Pictures without a detector score; they pass.'),
          before: rate.describe('Targeted success without a gate.'),
          operating: gatePoint.describe('At most 5 % of real pictures turned away.'),
          curve: z.array(gatePoint),
        }),
      )
      .describe('A detector before the recogniser.'),
    problems: z
      .array(z.object({ file: z.string(), line: z.int().min(1).optional(), error }))
      .describe('What could not be used.'),
  })
  .describe('How a face recogniser answered to deepfakes.');

export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** The record's JSON Schema (draft 2020-12), as `huoyan schema audit` prints it; objects are open to later fields. */
export function auditJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(auditRecordSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'urn:huoyan:schema:audit:1',
    title: 'Huoyan audit record',
    description: 'What `huoyan audit recognition --json` writes.',
    ...rest,
  };
}
