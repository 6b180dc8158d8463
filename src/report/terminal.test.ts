import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../core/text.ts';
import {
  allSamples,
  authenticSample,
  manipulatedSample,
  syntheticSample,
  unreadableSample,
} from './samples.test-support.ts';
import { terminalDetails, terminalLine, terminalSummary } from './terminal.ts';
import { countOutcomes } from './weigh.ts';
import { cutEnd, cutMiddle, cutPath, displayWidth, padEnd, wrap } from './width.ts';

const languages: Language[] = ['en', 'zh'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe('width', () => {
  it('counts columns', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('火眼')).toBe(4);
    expect(displayWidth('ｆｕｌｌ')).toBe(8);
    expect(displayWidth('한국어')).toBe(6);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('👩‍👩‍👧')).toBe(2);
    expect(displayWidth('✓✦✎✕')).toBe(4);
    expect(displayWidth('（，）')).toBe(6);
  });

  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('火', '眼', '，', '。', ' ', 'a', '-', '（'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  });

  it('cuts to at most the given columns and leaves short texts alone', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (t, columns) => {
        for (const cut of [cutEnd, cutMiddle, cutPath]) {
          const out = cut(t, columns);
          expect(displayWidth(out)).toBeLessThanOrEqual(columns);
          if (displayWidth(t) <= columns) expect(out).toBe(t);
        }
        expect(displayWidth(padEnd(t, columns))).toBeGreaterThanOrEqual(columns);
      }),
    );
  });

  it('wraps without losing anything but blanks', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 30 }), (t, columns) => {
        const lines = wrap(t, columns);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replace(/\s/g, '')).toBe(t.replace(/\s/g, ''));
      }),
    );
  });

  it('keeps Chinese punctuation off the beginning of a line', () => {
    expect(wrap('整张图片的噪声，与生成模型', 14)).toEqual(['整张图片的噪', '声，与生成模型']);
  });
});

describe('the line of a file', () => {
  it('fits any terminal in both languages, with and without colour', () => {
    for (const analysis of allSamples()) {
      for (const language of languages) {
        for (const columns of [40, 50, 60, 63, 64, 80, 120, 200]) {
          for (const colour of [false, true]) {
            const line = terminalLine(analysis, { language, columns, colour });
            expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
            expect(line).not.toContain('\n');
            if (!colour) expect(stripVTControlCharacters(line)).toBe(line);
          }
        }
      }
    }
  });

  it('says word, probability, interval, name and reason', () => {
    const line = terminalLine(syntheticSample(), { language: 'en', colour: false });
    expect(line).toBe(
      '✦ synthetic     98 % (93–99)   inbox/portrait-of-a-minister.png  The fine noise of the whole picture looks like that of a generator.',
    );
    expect(terminalLine(authenticSample(), { language: 'zh', colour: false })).toBe(
      '✓ 未见伪造    4% (2–9)     2024-03 Straßenfest/DSC_0042.JPG  细微噪声与相机拍摄的照片相似。',
    );
    expect(terminalLine(unreadableSample(), { language: 'en', colour: false, ascii: true })).toMatch(
      /^x unreadable {2,}inbox\/broken\.jpg {2}the picture data ends/,
    );
  });

  it('keeps the end of a long name', () => {
    const line = terminalLine(manipulatedSample(), { language: 'zh', columns: 50, colour: false });
    expect(line).toContain('.jpg');
  });

  it('lets nothing from a file steer the terminal', () => {
    const evil = fc.string({
      unit: fc.constantFrom('\x1b', '[', '2', 'J', '\n', '\r', '\u202e', '\x9b', '\x07', 'a', '火'),
    });
    fc.assert(
      fc.property(
        evil,
        fc.constantFrom(...languages),
        fc.option(fc.integer({ min: 20, max: 120 }), { nil: undefined }),
        (text, language, columns) => {
          const both = { en: text, zh: text };
          const sample = manipulatedSample();
          const analysis = manipulatedSample({
            file: text,
            evidence: sample.evidence.map((e) => ({ ...e, summary: both, detector: text })),
            container: {
              ...sample.container,
              icc: text,
              exif: { Make: text, Software: text },
              text: [{ carrier: text, key: text, value: text }],
              warnings: [both],
            },
          });
          const options = { language, columns, colour: false };
          expect(terminalLine(analysis, options)).not.toMatch(CONTROL);
          expect(terminalLine(analysis, options)).not.toContain('\n');
          expect(terminalDetails(analysis, options)).not.toMatch(CONTROL);
        },
      ),
    );
  });
});

describe('details and summary', () => {
  it('fit 40, 60 and 100 columns', () => {
    for (const analysis of allSamples()) {
      for (const language of languages) {
        for (const columns of [40, 60, 100]) {
          for (const line of terminalDetails(analysis, { language, columns, colour: true }).split('\n')) {
            expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
          }
        }
      }
    }
  });

  it('say all four statuses in their own words', () => {
    const text = terminalDetails(manipulatedSample(), { language: 'en', colour: false });
    expect(text).toMatch(
      /! Local inconsistency\n {4}detected · \+2\.[0-9]+|! Local inconsistency\n {4}detected/,
    );
    expect(text).toContain('not detected');
    expect(text).toContain('failed (component-missing)');
    expect(text).toContain('turns to the other side in 1 of 4 of them');
    expect(terminalDetails(syntheticSample(), { language: 'zh', colour: false })).toContain(
      '不适用（no-credentials）',
    );
  });

  it('count a batch', () => {
    const counts = countOutcomes(allSamples());
    expect(terminalSummary(counts, { language: 'en', colour: false, elapsedMs: 2000 })).toBe(
      '6 files   ✦ 1 synthetic   ✎ 1 manipulated   ! 1 suspect   ? 1 inconclusive   ✓ 1 authentic   ✕ 1 unreadable   2.0 s   3.0 files/s\n% is the probability that the file was made by AI or altered; in brackets its 90 % interval',
    );
    for (const line of terminalSummary(counts, { language: 'zh', columns: 40, colour: true }).split('\n')) {
      expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(40);
    }
  });
});
