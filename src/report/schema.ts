/**
 * The public record of one file, as a zod schema. It is a promise: within `huoyan.analysis/1` fields are only added,
 * never renamed, removed or given another meaning. `schemas/analysis.schema.json` is printed from here and a test
 * fails when the two drift apart.
 */
import { z } from 'zod';
import { RECORD_SCHEMA } from './producer.ts';
import { error, head, probability, sha256 } from './record-fields.ts';

const json = z.json();
const pixels = z.number();

const label = z
  .enum(['authentic', 'inconclusive', 'suspect', 'synthetic', 'manipulated'])
  .describe('What the evidence amounts to. `inconclusive` is an answer, not a failure.');

const region = z
  .object({
    x: pixels.describe('Left edge.'),
    y: pixels.describe('Top edge.'),
    width: pixels,
    height: pixels,
    score: z.number().describe('How strongly it stands out, 0..1.'),
    label: z.string().optional().describe('What is there, in the language of the record.'),
  })
  .describe('A rectangle in pixels of the displayed (upright) picture.');

const map = z
  .object({
    width: z.int().min(0).describe('Cells across.'),
    height: z.int().min(0).describe('Cells down.'),
    data: z
      .string()
      .describe(
        'Base64 of width*height bytes, row by row from the top left: 0..254 is strength 0..1 in equal steps, 255 means that the detector abstains there.',
      ),
    meaning: z.string().describe('What the map shows, in the language of the record.'),
  })
  .describe('A coarse map over the whole displayed picture. Only present when maps were asked for.');

const span = z
  .object({
    start: z.number().describe('Seconds from the beginning.'),
    end: z.number().describe('Seconds from the beginning.'),
    score: z.number().describe('How strongly it stands out, 0..1.'),
    label: z.string().optional().describe('What is there, in the language of the record.'),
  })
  .describe('A time in a recording or video.');

const evidence = z
  .object({
    detector: z.string().describe('Which kind of evidence.'),
    version: z.string().describe('Version of the detector.'),
    status: z
      .enum(['detected', 'notDetected', 'notApplicable', 'failed'])
      .describe(
        'Four different results: looked and found, looked and not found, could not be looked for in this picture, broke.',
      ),
    llr: z
      .number()
      .nullable()
      .describe(
        'Natural logarithm of P(observed | claim) / P(observed | authentic). Null (never 0) when notApplicable or failed.',
      ),
    llrInterval: z.tuple([z.number(), z.number()]).optional().describe('90 % interval of llr, where known.'),
    claim: z
      .enum(['synthetic', 'manipulated'])
      .optional()
      .describe('The hypothesis for which a positive llr speaks; absent when notApplicable or failed.'),
    summary: z.string().describe('One sentence for a reader, in the language of the record.'),
    regions: z.array(region),
    map: map.optional(),
    spans: z.array(span).optional().describe('When it was seen or heard; only of what has a duration.'),
    perSecond: z
      .array(z.number().nullable())
      .optional()
      .describe(
        'Strength 0..1 in each second from the beginning, null where nothing could be judged. Only present when maps were asked for.',
      ),
    people: z
      .array(
        z.object({
          person: z
            .int()
            .min(1)
            .describe(
              'Counted from 1, who is seen longest first; the same person in every evidence of one record.',
            ),
          start: z.number().describe('First time seen, in seconds.'),
          end: z.number().describe('Last time seen, in seconds.'),
          llr: z.number().describe('Log-likelihood ratio of this person alone.'),
          perSecond: z
            .array(z.number().nullable())
            .describe('Strength 0..1 in each second from the beginning, null where they were not looked at.'),
        }),
      )
      .optional()
      .describe('The same person by person; only of evidence about the persons of a video.'),
    turns: z
      .array(
        z.object({
          start: z.number().describe('Seconds from the beginning.'),
          end: z.number(),
          speaker: z
            .string()
            .describe('`A` is who is heard first, then `B` and so on; of this record only, no identity.'),
          llr: z
            .number()
            .nullable()
            .describe(
              'Log-likelihood ratio of this turn alone; null where it was too short or not looked at.',
            ),
        }),
      )
      .optional()
      .describe('Who speaks when, in order; only of evidence about voices.'),
    measuredOn: z
      .string()
      .optional()
      .describe('The conditions under which the detector was measured, in the language of the record.'),
    reason: z
      .string()
      .optional()
      .describe('Stable reason why it was not applicable, for instance `too-small`.'),
    error: error.optional().describe('What broke, when failed.'),
    details: z
      .record(z.string(), json)
      .describe('Numbers and findings behind the sentence; differs by detector.'),
  })
  .describe('What one detector found.');

const stability = z
  .object({
    flips: z
      .int()
      .min(0)
      .describe('Steps of the ladder whose label lies on the other side of `inconclusive`.'),
    ladder: z.array(
      z.object({
        step: z.string().describe('`jpeg75`, `jpeg50`, `half`, `crop` and so on.'),
        label,
        probability,
      }),
    ),
  })
  .describe('The same picture scored again after plausible re-shipping.');

const verdict = z
  .object({
    label,
    probability: probability.describe('P(synthetic or manipulated | evidence, prior).'),
    interval: z.tuple([probability, probability]).describe('90 % interval of probability.'),
    llr: z.number().describe('Sum of the weighed log-likelihood ratios, natural logarithm.'),
    prior: probability.describe('P(synthetic or manipulated) before looking; an assumption, settable.'),
    stability: stability.nullable().describe('Null when the ladder was not run.'),
    reasons: z
      .array(
        z.object({
          detector: z.string(),
          weight: z.number().describe('Its share in llr.'),
          text: z.string().describe('In the language of the record.'),
        }),
      )
      .describe('Why, heaviest reason first.'),
  })
  .describe('The weighing of all evidence.');

const fields = z.record(z.string(), json);

const jpeg = z
  .object({
    progressive: z.boolean(),
    quantisation: z
      .array(z.array(z.number()))
      .describe('Tables by component, 64 values each in natural (row-major) order.'),
    subsampling: z.string().describe('4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1, grey or other.'),
    quality: z.number().describe('IJG quality 1..100 whose tables come nearest.'),
    qualityDistance: z.number().describe('Mean absolute difference from those tables; 0 = exactly.'),
    doubleCompression: z
      .object({ probability, firstQuality: z.number().optional() })
      .optional()
      .describe('Was it saved as JPEG before, with another table? Absent when not examined.'),
    comment: z.string().optional(),
  })
  .describe('What a JPEG file tells about how it was saved.');

const container = z
  .object({
    format: z
      .enum(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'bmp'])
      .describe('By content, not by name.'),
    mime: z.string(),
    bytes: z.number(),
    width: z.number().describe('Pixels, as displayed, after orientation.'),
    height: z.number().describe('Pixels, as displayed, after orientation.'),
    orientation: z.number().describe('EXIF orientation 1..8 that was applied.'),
    frames: z.number().describe('Frames or pages; the first one is analysed.'),
    bitDepth: z.number(),
    channels: z.number(),
    colourSpace: z.string(),
    hasAlpha: z.boolean(),
    icc: z.string().optional().describe('Description of the embedded colour profile.'),
    segments: z
      .array(z.object({ type: z.string(), offset: z.number(), length: z.number() }))
      .describe('Marker segments, chunks, boxes or blocks in file order.'),
    text: z
      .array(z.object({ carrier: z.string(), key: z.string(), value: z.string() }))
      .describe('Labelled texts found in the container, prompts of generators among them.'),
    exif: fields.optional().describe('EXIF tags by their standard names.'),
    iptc: fields.optional().describe('IPTC-IIM fields by their standard names.'),
    xmp: z.array(z.string()).describe('XMP packets as text.'),
    thumbnail: z.object({ width: z.number(), height: z.number(), bytes: z.number() }).optional(),
    jpeg: jpeg.optional(),
    trailingBytes: z.number().describe('Bytes after the end of the picture that belong to no segment.'),
    warnings: z
      .array(z.string())
      .describe('What was odd but did not prevent reading, in the language of the record.'),
    shortened: z
      .array(z.string())
      .optional()
      .describe('Which of these fields were cut to keep the record within bounds; absent when nothing was.'),
  })
  .describe('What the container states or betrays.');

const tracks = {
  bytes: z.number().describe('Size of the file.'),
  durationSeconds: z.number(),
  codec: z.string(),
  bitRate: z.number().optional().describe('Bits a second.'),
  tracks: z.number(),
  tags: z
    .record(z.string(), z.string())
    .describe('What the file calls itself, by the names its container uses.'),
  warnings: container.shape.warnings,
  shortened: container.shape.shortened,
};

const soundContainer = z
  .object({
    format: z
      .enum([
        'wav',
        'aiff',
        'au',
        'mp3',
        'flac',
        'ogg',
        'aac',
        'm4a',
        'mp4',
        'quicktime',
        'webm',
        'matroska',
        'mpeg-ts',
      ])
      .describe('By content, not by name.'),
    mime: z.string(),
    ...tracks,
    sampleRate: z.number().describe('Samples a second.'),
    channels: z.number().describe('Channels stored; at most two are examined.'),
    bitDepth: z.number().optional().describe('Of uncompressed samples.'),
  })
  .describe('What the container of a sound states or betrays.');

const videoContainer = z
  .object({
    format: z.enum(['mp4', 'quicktime', 'webm', 'matroska', 'mpeg-ts']).describe('By content, not by name.'),
    mime: z.string(),
    ...tracks,
    width: z.number().describe('Pixels, as displayed, after rotation.'),
    height: z.number().describe('Pixels, as displayed, after rotation.'),
    rotation: z.number().describe('Degrees clockwise that were applied.'),
    frameRate: z.number().describe('Mean frames a second.'),
    audio: z
      .object({ codec: z.string(), sampleRate: z.number(), channels: z.number() })
      .optional()
      .describe('The sound track, where there is one.'),
  })
  .describe('What the container of a video states or betrays.');

const common = {
  schema: z.literal(RECORD_SCHEMA).describe('Name and version of this record.'),
  ...head,
  timing: z
    .record(z.string(), z.number())
    .describe('Milliseconds by stage: reading and decoding, each detector by name, the ladder, everything.'),
};

const analysed = <K extends string, C extends z.ZodType>(kind: K, facts: C) =>
  z.object({
    ...common,
    sha256,
    kind: z.literal(kind),
    verdict,
    evidence: z.array(evidence),
    container: facts,
  });

/** The record of a file that could be examined; `kind` tells which container it has. */
export const analysedRecordSchema = z
  .discriminatedUnion('kind', [
    analysed('image', container),
    analysed('audio', soundContainer),
    analysed('video', videoContainer),
  ])
  .describe('The record of a file that was examined; `kind` tells which facts its container has.');

/** The record of a file that could not be examined. */
export const errorRecordSchema = z
  .object({ ...common, sha256: sha256.nullable(), error })
  .describe('The record of a file that could not be examined: `error` instead of `verdict`.');

/** The record of one file: a line of `--ndjson`, an element of `--json`. */
export const analysisRecordSchema = z.union([...analysedRecordSchema.options, errorRecordSchema]);

export type AnalysedRecord = z.infer<typeof analysedRecordSchema>;
export type ErrorRecord = z.infer<typeof errorRecordSchema>;
export type AnalysisRecord = AnalysedRecord | ErrorRecord;

/**
 * The record's JSON Schema (draft 2020-12), as `huoyan schema analysis` prints it. Objects are open: a reader
 * that validates must not break when a later version adds a field.
 */
export function analysisJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(analysisRecordSchema, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'urn:huoyan:schema:analysis:1',
    title: 'Huoyan analysis record',
    description: 'One file examined by Huoyan: one line of `huoyan analyze --ndjson`.',
    ...rest,
  };
}
