import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnalysedFile } from '../core/analysis.ts';
import type { Json } from '../core/json.ts';
import type { Language } from '../core/text.ts';
import { ABSTAINED, quantiseMap, toNdjsonLine, toRecord } from './record.ts';
import {
  allSamples,
  sampleContainer,
  sampleMap,
  syntheticSample,
  unreadableSample,
} from './samples.test-support.ts';
import {
  type AnalysedRecord,
  analysedRecordSchema,
  analysisJsonSchema,
  analysisRecordSchema,
  errorRecordSchema,
} from './schema.ts';

const languages: Language[] = ['en', 'zh'];

describe('the record', () => {
  it('fits its schema, declares every field it has, and survives JSON unchanged', () => {
    for (const analysis of allSamples()) {
      for (const language of languages) {
        const record = toRecord(analysis, { language, maps: true });
        const schema = analysis.outcome === 'analysed' ? analysedRecordSchema : errorRecordSchema;
        expect(schema.parse(record)).toEqual(record);
        expect(JSON.parse(toNdjsonLine(analysis, { language, maps: true }))).toEqual(record);
      }
    }
  });

  it('is one line', () => {
    for (const analysis of allSamples()) {
      expect(toNdjsonLine(analysis).indexOf('\n')).toBe(toNdjsonLine(analysis).length - 1);
    }
  });

  it('has an error instead of a verdict when the file could not be read', () => {
    const record = toRecord(unreadableSample(), { language: 'zh' });
    expect(record).toMatchObject({ error: { code: 'corrupt', hint: '请让发送者重新发送该文件' } });
    expect(record).not.toHaveProperty('verdict');
    expect(toRecord(unreadableSample({ sha256: null })).sha256).toBeNull();
  });

  it('says null and not zero for evidence that was not applicable or failed', () => {
    const record = toRecord(syntheticSample()) as AnalysedRecord;
    const provenance = record.evidence.find((e) => e.detector === 'provenance');
    expect(provenance).toMatchObject({
      status: 'notApplicable',
      llr: null,
      reason: 'no-credentials',
      regions: [],
    });
  });

  it('carries maps only when asked', () => {
    const find = (maps: boolean) =>
      (toRecord(syntheticSample(), { maps }) as AnalysedRecord).evidence.find(
        (e) => e.detector === 'synthesis',
      )?.map;
    expect(find(false)).toBeUndefined();
    const map = find(true);
    expect(map).toMatchObject({ width: 40, height: 30 });
    const bytes = Uint8Array.from(atob(map?.data ?? ''), (c) => c.charCodeAt(0));
    expect(bytes).toEqual(
      quantiseMap(
        sampleMap(40, 30, [
          [0.3, 0.35, 0.16],
          [0.7, 0.55, 0.22],
        ]),
      ),
    );
    expect(bytes[29 * 40]).toBe(ABSTAINED);
  });

  it('turns a verdict that is not a number into an internal error', () => {
    const sample = syntheticSample();
    const record = toRecord({ ...sample, verdict: { ...sample.verdict, probability: Number.NaN } });
    expect(errorRecordSchema.parse(record).error.code).toBe('internal');
  });

  it('cuts what a hostile file blows up, and says so', () => {
    const long = 'x'.repeat(1_000_000);
    const segments = Array.from({ length: 50_000 }, (_, i) => ({ type: 'tEXt', offset: i, length: 1 }));
    const container = sampleContainer({
      xmp: [long],
      segments,
      text: [{ carrier: 'png:tEXt', key: 'prompt', value: long }],
      exif: { UserComment: long },
    });
    const line = toNdjsonLine(syntheticSample({ container }));
    expect(line.length).toBeLessThan(200_000);
    expect(JSON.parse(line).container.shortened.sort()).toEqual(['segments', 'text[0].value', 'xmp[0]']);
  });

  it('never lets a number through that JSON cannot hold, whatever the detectors said', () => {
    const anyNumber = fc.double();
    const anyJson = fc.jsonValue().map((v) => v as Json);
    fc.assert(
      fc.property(
        anyNumber,
        anyNumber,
        anyNumber,
        fc.array(anyNumber, { maxLength: 4 }),
        fc.dictionary(fc.string(), fc.oneof(anyNumber as fc.Arbitrary<Json>, anyJson)),
        (llr, score, p, numbers, details) => {
          const sample = syntheticSample();
          const evidence = sample.evidence.map((e) => ({
            ...e,
            llr,
            llrInterval: [p, llr],
            regions: [{ x: score, y: p, width: llr, height: 3, score }],
            details: { ...details, list: numbers },
          })) as unknown as AnalysedFile['evidence'];
          const analysis: AnalysedFile = {
            ...sample,
            evidence,
            timing: { total: score, other: p },
            verdict: { ...sample.verdict, probability: p, llr, interval: [score, p] },
            container: sampleContainer({ exif: details, bytes: score }),
          };
          const record = toRecord(analysis, { maps: true });
          expect(allFinite(record)).toBe(true);
          expect(analysisRecordSchema.safeParse(record).success).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('quantises every map to bytes of its size', () => {
    fc.assert(
      fc.property(
        fc.nat(12),
        fc.nat(12),
        fc.array(fc.float(), { maxLength: 160 }),
        (width, height, values) => {
          const bytes = quantiseMap({
            width,
            height,
            data: Float32Array.from(values),
            meaning: { en: '', zh: '' },
          });
          expect(bytes.length).toBe(width * height);
          bytes.forEach((byte, i) => {
            expect(byte === ABSTAINED).toBe(i >= values.length || Number.isNaN(values[i]));
          });
        },
      ),
    );
  });
});

describe('the published schema', () => {
  it('is the committed one (rewrite with: npx vitest run src/report/record.test.ts -u)', async () => {
    await expect(`${JSON.stringify(analysisJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../schemas/analysis.schema.json',
    );
  });

  it('is draft 2020-12, described, and open to later fields', () => {
    const schema = analysisJsonSchema() as {
      $schema: string;
      anyOf: { description: string; required: string[] }[];
    };
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.anyOf.map((s) => s.required.includes('verdict'))).toEqual([true, true, true, false]);
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });
});

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(allFinite);
  return true;
}
