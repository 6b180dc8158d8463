import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../core/text.ts';
import { displayWidth } from '../width.ts';
import {
  allTraces,
  constructionOf,
  sampleAttribution,
  sampleConstruction,
  tracedSample,
} from './samples.test-support.ts';
import { traceDetails, traceLine } from './terminal.ts';

const languages: Language[] = ['en', 'zh'];
const plain = (language: Language, columns?: number) => ({ language, columns, colour: false });
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

describe('the line of a traced picture', () => {
  it('says file, most likely source and company', () => {
    const [generator, , photograph, unknown, unclear, small, broken, sound, rain] = allTraces();
    expect(traceLine(sound, plain('en'))).toBe('○ inbox/call.wav  a recording of a human voice 60 %');
    expect(traceLine(rain, plain('zh'))).toContain('其中没有人讲话，至少需要 0.5 秒讲话');
    expect(traceDetails(sound, plain('en'))).toContain('12.3 s, 8.8 s of speech, telephone band');
    expect(traceLine(generator, plain('en'))).toBe(
      '✦ inbox/portrait-of-a-minister.png  stylegan3_ffhqu256 81 %  may share its source with 2 others',
    );
    expect(traceLine(photograph, plain('en'))).toBe('○ 2024-03 Straßenfest/DSC_0042.JPG  a photograph 95 %');
    expect(traceLine(photograph, plain('zh'))).toBe('○ 2024-03 Straßenfest/DSC_0042.JPG  照片 95%');
    expect(traceLine(unknown, plain('zh'))).toBe('✧ 收件箱/来源不明的图片.webp  此处未收录的生成器 78%');
    expect(traceLine(unclear, plain('en'))).toBe(
      '? unclear.png  not clear: biggan256 40 %, a photograph 30 %',
    );
    expect(traceLine(small, plain('en'))).toContain('64 × 48, at least 96 pixels');
    expect(traceLine(broken, { ...plain('en'), ascii: true })).toBe(
      'x inbox/broken.jpg  the picture data ends too early',
    );
  });

  it('fits any terminal in both languages', () => {
    for (const trace of allTraces()) {
      for (const language of languages) {
        for (const columns of [30, 40, 60, 80, 200]) {
          for (const colour of [false, true]) {
            const line = traceLine(trace, { language, columns, colour });
            expect(displayWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(columns);
            expect(line).not.toContain('\n');
            const details = traceDetails(trace, { language, columns, colour });
            for (const row of details.split('\n'))
              expect(displayWidth(stripVTControlCharacters(row))).toBeLessThanOrEqual(columns);
          }
        }
      }
    }
  });

  it('keeps the answers below each other in a terminal', () => {
    const answers = [
      'stylegan3',
      'stylegan3',
      'a photograph',
      'a generator',
      'not clear',
      'too small',
      'the picture',
      'a recording',
      'cannot be',
    ];
    const at = allTraces().map((trace, i) => {
      const line = traceLine(trace, plain('en', 100));
      expect(line).toContain(answers[i]);
      return displayWidth(line.slice(0, line.indexOf(answers[i])));
    });
    expect(new Set(at).size).toBe(1);
  });

  it('never names a source that is not likelier than all others together', () => {
    const share = fc.integer({ min: 0, max: 1000 });
    fc.assert(
      fc.property(fc.array(share, { minLength: 3, maxLength: 8 }), (shares) => {
        const total = shares.reduce((a, b) => a + b, 0) || 1;
        const [photograph, unknown, ...rest] = shares.map((s) => s / total);
        const names = rest.map((p, i) => [`g${i}`, p] as const);
        const line = traceLine(
          tracedSample({ attribution: sampleAttribution(names, photograph, unknown) }),
          plain('en'),
        );
        expect(line.includes('not clear: ')).toBe(Math.max(photograph, unknown, ...rest) < 0.5);
      }),
    );
  });

  it('lets nothing from a file or an enrolment steer the terminal', () => {
    const evil = fc.string({
      unit: fc.constantFrom('\x1b', '[', 'J', '\n', '\r', '\u202e', '\x9b', 'a', '火'),
    });
    fc.assert(
      fc.property(
        evil,
        fc.constantFrom(...languages),
        fc.option(fc.integer({ min: 20, max: 120 }), { nil: undefined }),
        (text, language, columns) => {
          const trace = tracedSample({
            file: text,
            attribution: sampleAttribution([[text, 1]], 0, 0),
            neighbours: [{ file: text, similarity: 1, llr: 3 }],
          });
          expect(traceLine(trace, plain(language, columns))).not.toMatch(CONTROL);
          expect(traceDetails(trace, plain(language, columns))).not.toMatch(CONTROL);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the details of a traced picture', () => {
  it('list five candidates, who enrolled them, and the neighbours', () => {
    expect(traceDetails(tracedSample(), plain('en', 100)).split('\n')).toEqual([
      '  Likely origin',
      '     81 %  stylegan3_ffhqu256 (known to this release)',
      '      6 %  a generator not known here',
      '      5 %  our-newsroom-model (enrolled by you)',
      '      3 %  biggan256 (known to this release)',
      '      2 %  dit_xl2_256 (known to this release)',
      '    Probabilities hold among the sources compared with. They name likely tools, not people.',
      '  May share its source with',
      '     0.91  inbox/second.png',
      '     0.50  收件箱/第三张.png',
      '  Picture    1024 × 768',
      `  SHA-256    ${'ab'.repeat(32)}`,
      '  Time       84 ms',
    ]);
  });

  it('say how the generator is likely built, but not of a photograph', () => {
    const title = 'How the generator is likely built';
    const rows = traceDetails(tracedSample({ construction: sampleConstruction() }), plain('en')).split('\n');
    expect(rows.slice(rows.indexOf(`  ${title}`), rows.indexOf('  May share its source with'))).toEqual([
      `  ${title}`,
      expect.stringMatching(
        /^ {4}Likely built with: batch normalisation \(71\s%\), .*about 12 layers \(6–19\)/,
      ),
      expect.stringMatching(/^ {4}Likely trained with: adversarial loss \(64\s%\)/),
      expect.stringContaining('means nothing if the picture is a photograph'),
    ]);
    const vague = traceDetails(tracedSample({ construction: constructionOf(0.5) }), plain('zh'));
    expect(vague).toContain('没有任何一项有较大把握');
    const [, , photograph] = allTraces();
    expect(traceDetails(photograph, plain('en'))).not.toContain(title);
  });

  it('say why there is no answer and what to do', () => {
    const [, , , , unclear, small, broken] = allTraces();
    expect(traceDetails(unclear, plain('en'))).toContain('treat the source as unknown');
    expect(traceDetails(small, plain('zh'))).toContain('提示：请寻找尺寸更大的版本');
    expect(traceDetails(broken, plain('en'))).toContain('hint: ask the sender to send it again');
  });
});
