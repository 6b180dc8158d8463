import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../core/text.ts';
import { toTraceNdjsonLine, toTraceRecord } from './record.ts';
import { allTraces, sampleAttribution, tracedSample } from './samples.test-support.ts';
import {
  type TracedRecord,
  tracedRecordSchema,
  traceErrorRecordSchema,
  traceJsonSchema,
  traceRecordSchema,
  untraceableRecordSchema,
} from './schema.ts';

const languages: Language[] = ['en', 'zh'];
const SHAPE = {
  traced: tracedRecordSchema,
  notApplicable: untraceableRecordSchema,
  unreadable: traceErrorRecordSchema,
};

describe('the record of a trace', () => {
  it('fits its schema, declares every field it has, and survives JSON unchanged', () => {
    for (const trace of allTraces()) {
      for (const language of languages) {
        const record = toTraceRecord(trace, { language });
        expect(SHAPE[trace.outcome].parse(record)).toEqual(record);
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

describe('the published schema of a trace', () => {
  it('is the committed one (rewrite with: npx vitest run src/report/trace/record.test.ts -u)', async () => {
    await expect(`${JSON.stringify(traceJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../../schemas/trace.schema.json',
    );
  });

  it('is draft 2020-12, open to later fields, and has room for how a generator is built', () => {
    const schema = traceJsonSchema();
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    const construction = {
      stages: { value: 5, lo: 4, hi: 7 },
      upsampling: { nearest: 0.7, 'transposed convolution': 0.3 },
    };
    const record = { ...toTraceRecord(tracedSample()), construction };
    expect(tracedRecordSchema.parse(record)).toEqual(record);
  });
});
