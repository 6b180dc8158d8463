import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTINUOUS,
  type ConstructionEstimate,
  DISCRETE,
  type DiscreteName,
  LOSS_BITS,
} from '../../core/construction.ts';
import type { Language } from '../../core/text.ts';
import type { Trace } from '../../core/trace.ts';
import { toTraceNdjsonLine, toTraceRecord } from './record.ts';
import {
  allTraces,
  constructionOf,
  sampleAttribution,
  sampleConstruction,
  tracedSample,
  tracedSoundSample,
} from './samples.test-support.ts';
import {
  type TracedRecord,
  type TracedSoundRecord,
  tracedRecordSchema,
  tracedSoundRecordSchema,
  traceErrorRecordSchema,
  traceJsonSchema,
  traceRecordSchema,
  untraceableRecordSchema,
  untraceableSoundRecordSchema,
} from './schema.ts';

const languages: Language[] = ['en', 'zh'];
const SHAPE = {
  image: { traced: tracedRecordSchema, notApplicable: untraceableRecordSchema },
  audio: { traced: tracedSoundRecordSchema, notApplicable: untraceableSoundRecordSchema },
};
const shapeOf = (trace: Trace) =>
  trace.outcome === 'unreadable' ? traceErrorRecordSchema : SHAPE[trace.kind][trace.outcome];

describe('the record of a trace', () => {
  it('fits its schema, declares every field it has, and survives JSON unchanged', () => {
    for (const trace of allTraces()) {
      for (const language of languages) {
        const record = toTraceRecord(trace, { language });
        expect(shapeOf(trace).parse(record)).toEqual(record);
        const line = toTraceNdjsonLine(trace, { language });
        expect(JSON.parse(line)).toEqual(record);
        expect(line.indexOf('\n')).toBe(line.length - 1);
      }
    }
  });

  it('names ten generators and keeps the shares of photograph and unknown', () => {
    const generators = Array.from({ length: 40 }, (_, i) => [`g${i}`, 0.9 / 40] as const);
    const record = toTraceRecord(tracedSample({ attribution: sampleAttribution(generators, 0.04, 0.06) }));
    expect(record).toMatchObject({ status: 'traced', photograph: 0.04, unknown: 0.06 });
    expect((record as TracedRecord).attribution).toHaveLength(10);
    expect((record as TracedRecord).neighbours[0]).toEqual({
      file: 'inbox/second.png',
      similarity: 0.913,
      llr: 4.2,
    });
  });

  it('tells of a sound what was heard, and how likely it is a recording', () => {
    const [sound, rain] = allTraces().slice(-2);
    const record = toTraceRecord(sound) as TracedSoundRecord;
    expect(record).toMatchObject({
      kind: 'audio',
      recording: 0.6,
      unknown: 0.1,
      sound: { duration: 12.34, speechSeconds: 8.76, band: 'narrow' },
    });
    expect(record).not.toHaveProperty('photograph');
    expect(toTraceRecord(rain)).toMatchObject({
      status: 'notApplicable',
      reason: 'no-speech',
      limit: 0.5,
      sound: { duration: 30, speechSeconds: 0 },
    });
    const odd = tracedSoundSample({ heard: { duration: Number.NaN, speechSeconds: -1, band: 'wide' } });
    expect(traceRecordSchema.safeParse(toTraceRecord(odd)).success).toBe(true);
  });

  it('says reason and limit, or an error, instead of an answer', () => {
    const [, , , , , small, broken] = allTraces();
    expect(toTraceRecord(small)).toMatchObject({ status: 'notApplicable', reason: 'too-small', limit: 96 });
    const record = toTraceRecord(broken, { language: 'zh' });
    expect(record).toMatchObject({ error: { code: 'corrupt', hint: '请让发送者重新发送该文件' } });
    expect(record).not.toHaveProperty('status');
  });

  it('never lets a number through that JSON cannot hold', () => {
    const any = fc.double();
    fc.assert(
      fc.property(any, any, any, any, fc.string(), (p, photograph, similarity, llr, name) => {
        const trace = tracedSample({
          attribution: sampleAttribution([[name, p]], photograph, 0.5),
          neighbours: [{ file: name, similarity, llr }],
          elapsedMs: similarity,
        });
        const record = toTraceRecord(trace);
        expect(JSON.parse(JSON.stringify(record))).toEqual(record);
        expect(traceRecordSchema.safeParse(record).success).toBe(true);
        const broken = ![p, photograph].every(Number.isFinite);
        expect('error' in record).toBe(broken);
      }),
    );
  });

  it('stays short whatever the names and however many the pictures', () => {
    const long = 'x'.repeat(1_000_000);
    const neighbours = Array.from({ length: 50_000 }, () => ({ file: 'a.png', similarity: 1, llr: 1 }));
    const attribution = sampleAttribution([[long, 1]], 0, 0);
    expect(toTraceNdjsonLine(tracedSample({ attribution, neighbours })).length).toBeLessThan(60_000);
  });
});

describe('how a generator is built, in a record', () => {
  const construction = (estimate: ConstructionEstimate) =>
    (toTraceRecord(tracedSample({ construction: estimate })) as TracedRecord).construction;
  const names = Object.keys(DISCRETE) as DiscreteName[];

  it('has counts to one decimal, parameters to the whole, and a probability by every word', () => {
    const all = construction(sampleConstruction());
    expect(Object.keys(all ?? {})).toEqual([...CONTINUOUS, ...names, 'losses']);
    expect(all).toMatchObject({
      layers: { value: 12.3, lo: 6.1, hi: 18.9 },
      parameters: { value: 166_433, lo: 98_211, hi: 241_890 },
      upsampling: { 'interpolation or none': 0.08, learned: 0.92 },
      losses: { adversarial: 0.64, 'least-squares': 0.11 },
    });
  });

  it('is absent when nothing was estimated, and lacks what is no number', () => {
    expect(toTraceRecord(tracedSample())).not.toHaveProperty('construction');
    const nothing = toTraceRecord(tracedSample({ construction: constructionOf(Number.NaN) }));
    expect(nothing).not.toHaveProperty('construction');
    const { continuous, discrete, losses } = sampleConstruction();
    const some = construction(
      sampleConstruction({
        continuous: { ...continuous, layers: { value: 3, lo: Number.NEGATIVE_INFINITY, hi: 4 } },
        discrete: { ...discrete, skip: [Number.NaN, 0.5] },
        losses: { ...losses, kl: Number.NaN },
      }),
    );
    expect(Object.keys(some ?? {})).toEqual(
      [...CONTINUOUS, ...names, 'losses'].filter((key) => key !== 'layers' && key !== 'skip'),
    );
    expect(Object.keys(some?.losses ?? {})).toEqual(LOSS_BITS.filter((bit) => bit !== 'kl'));
  });

  it('is valid and complete for any finite estimate, and valid for any other', () => {
    const estimates = (number: fc.Arbitrary<number>): fc.Arbitrary<ConstructionEstimate> => {
      const all = <Name extends string, T>(keys: readonly Name[], of: (name: Name) => fc.Arbitrary<T>) =>
        fc.tuple(...keys.map(of)).map((values) => {
          const entries = keys.map((name, i) => [name, values[i]]);
          return Object.fromEntries(entries) as Record<Name, T>;
        });
      const list = (length: number) => fc.array(number, { minLength: length, maxLength: length });
      return fc.record({
        continuous: all(CONTINUOUS, () => fc.record({ value: number, lo: number, hi: number })),
        discrete: all(names, (name) => list(DISCRETE[name].length)),
        losses: all(LOSS_BITS, () => number),
        nearest: fc.constant([]),
      });
    };
    const valid = (estimate: ConstructionEstimate) => {
      const record = toTraceRecord(tracedSample({ construction: estimate }));
      expect(tracedRecordSchema.parse(record)).toEqual(record);
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
      return Object.keys((record as TracedRecord).construction ?? {});
    };
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(estimates(finite), (estimate) => {
        expect(valid(estimate)).toHaveLength(CONTINUOUS.length + names.length + 1);
      }),
    );
    fc.assert(fc.property(estimates(fc.double()), (estimate) => void valid(estimate)));
  });
});

describe('the published schema of a trace', () => {
  it('is the committed one (rewrite with: npx vitest run src/report/trace/record.test.ts -u)', async () => {
    await expect(`${JSON.stringify(traceJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../../schemas/trace.schema.json',
    );
  });

  it('is draft 2020-12 and open to later fields', () => {
    const schema = traceJsonSchema();
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });
});
