/**
 * The public record of one traced picture or sound, as a zod schema. It is a promise like `huoyan.analysis/1`: within
 * `huoyan.trace/1` fields are only added, never renamed, removed or given another meaning.
 * `schemas/trace.schema.json` is printed from here and a test fails when the two drift apart.
 */
import { z } from 'zod';
import { error, head, probability, sha256 } from '../record-fields.ts';

/** Name and version of the promise, in every record. */
export const TRACE_SCHEMA = 'huoyan.trace/1';

const common = {
  schema: z.literal(TRACE_SCHEMA).describe('Name and version of this record.'),
  ...head,
  timing: z
    .record(z.string(), z.number())
    .describe('Milliseconds by stage; `total` is reading, decoding and tracing.'),
};

const attributed = z
  .object({
    generator: z.string().describe('Its name in this release, or the name it was enrolled under.'),
    origin: z
      .enum(['known', 'enrolled'])
      .describe('`known` came with this release, `enrolled` was added by the user.'),
    probability: probability.describe('P(this generator made it | what was compared with).'),
  })
  .describe('One generator a picture, or one synthesis system a voice, was compared with.');

const neighbour = z
  .object({
    file: z.string().describe('The other file, as the user named it.'),
    similarity: z.number().describe('Cosine between the fingerprints of the two, -1..1.'),
    llr: z
      .number()
      .describe('Natural logarithm of P(similarity | one source) / P(similarity | two sources).'),
  })
  .describe('Another picture, or another sound, of the same request that likely has the same source.');

const parameter = z
  .union([
    z
      .object({ value: z.number(), lo: z.number(), hi: z.number() })
      .describe('A quantity: the best estimate and the ends of its 90 % interval.'),
    z
      .record(z.string(), probability)
      .describe(
        'A choice: the probability of every class, together 1. Of `losses` instead: the probability of each loss, ten independent ones, because a generator can be trained with several.',
      ),
  ])
  .describe('One property of the generator that was estimated from the picture.');

const construction = z
  .record(z.string(), parameter)
  .describe(
    'How the generator is likely built, by property: `layers`, `convolutionalLayers`, `fullyConnectedLayers`, `poolingLayers`, `normalisationLayers`, `filters`, `blocks`, `layersPerBlock` and `parameters` are quantities; `normalisation`, `lastActivation`, `activation`, `upsampling`, `skip` and `downsampling` are choices; `losses` is what it was trained with. A property that was not estimated is absent, as is all of it when none was. Means nothing where the picture is a photograph.',
  );

const answer = {
  status: z.literal('traced'),
  attribution: z
    .array(attributed)
    .describe(
      'The most likely generators, at most ten. With photograph (or recording), unknown and the generators left out, all probabilities together are 1.',
    ),
  unknown: probability.describe(
    'Probability that a generator made it that is not among those compared with.',
  ),
  neighbours: z.array(neighbour).describe('The nearest first.'),
};

const lengths = {
  duration: z.number().min(0).describe('Of the whole recording, in seconds.'),
  speechSeconds: z.number().min(0).describe('Seconds in which somebody speaks.'),
};

/** The record of a sound whose voice was compared with synthesis systems. */
export const tracedSoundRecordSchema = z
  .object({
    ...common,
    sha256,
    kind: z.literal('audio'),
    ...answer,
    recording: probability.describe('Probability that it is a recording of a human voice.'),
    sound: z
      .object({
        ...lengths,
        band: z
          .enum(['wide', 'narrow'])
          .describe('`narrow`: nothing above 4 kHz was heard, as over a telephone.'),
      })
      .describe('What was heard.'),
  })
  .describe('The record of a sound whose voice was compared with synthesis systems and recordings.');

/** The record of a picture whose source was looked for. */
export const tracedRecordSchema = z
  .object({
    ...common,
    sha256,
    kind: z.literal('image'),
    ...answer,
    photograph: probability.describe('Probability that it is a photograph.'),
    construction: construction.optional(),
  })
  .describe('The record of a picture whose source was looked for.');

/** The record of a picture that could be read but not traced. */
export const untraceableRecordSchema = z
  .object({
    ...common,
    sha256,
    kind: z.literal('image'),
    status: z.literal('notApplicable'),
    reason: z.string().describe('Stable reason, for instance `too-small`.'),
    limit: z.number().describe('What the reason refers to; for `too-small` the smallest side in pixels.'),
  })
  .describe(
    'The record of a picture that cannot be traced. A result, not an error: it says nothing about the source.',
  );

/** The record of a sound that could be read but holds too little speech to be traced. */
export const untraceableSoundRecordSchema = z
  .object({
    ...common,
    sha256,
    kind: z.literal('audio'),
    status: z.literal('notApplicable'),
    reason: z.string().describe('Stable reason: `no-speech`, `too-short` or `not-speech`.'),
    limit: z.number().describe('Least speech, in seconds, that can be traced.'),
    sound: z.object(lengths).describe('What was heard.'),
  })
  .describe(
    'The record of a sound that cannot be traced. A result, not an error: it says nothing about the source.',
  );

/** The record of a file that could not be read. */
export const traceErrorRecordSchema = z
  .object({ ...common, error })
  .describe('The record of a file that could not be read: `error` instead of `status`.');

/** The record of one file: a line of `huoyan trace --ndjson`. */
export const traceRecordSchema = z.union([
  tracedRecordSchema,
  tracedSoundRecordSchema,
  untraceableRecordSchema,
  untraceableSoundRecordSchema,
  traceErrorRecordSchema,
]);

export type ConstructionRecord = z.infer<typeof construction>;
export type TracedRecord = z.infer<typeof tracedRecordSchema>;
export type UntraceableRecord = z.infer<typeof untraceableRecordSchema>;
export type TracedSoundRecord = z.infer<typeof tracedSoundRecordSchema>;
export type UntraceableSoundRecord = z.infer<typeof untraceableSoundRecordSchema>;
export type TraceErrorRecord = z.infer<typeof traceErrorRecordSchema>;
export type TraceRecord =
  | TracedRecord
  | TracedSoundRecord
  | UntraceableRecord
  | UntraceableSoundRecord
  | TraceErrorRecord;

/** The record's JSON Schema (draft 2020-12), as `huoyan schema trace` prints it; objects are open to later fields. */
export function traceJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(traceRecordSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'urn:huoyan:schema:trace:1',
    title: 'Huoyan trace record',
    description: 'One picture or sound traced by Huoyan: one line of `huoyan trace --ndjson`.',
    ...rest,
  };
}
