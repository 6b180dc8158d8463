import { createHash } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { Trace } from '../../core/trace.ts';
import { POLICY, TRACE_POLICY, TRACE_STYLE_SHA256 } from '../html/policy.ts';
import { TINY_JPEG } from '../samples.test-support.ts';
import { greyUrl } from './fingerprint.ts';
import { type TracePageOptions, traceHtmlParts } from './html.ts';
import {
  allTraces,
  constructionOf,
  sampleAttribution,
  sampleConstruction,
  sampleFingerprint,
  tracedSample,
} from './samples.test-support.ts';
import { TRACE_STYLE } from './style.ts';

const when = { generatedAt: new Date('2026-03-04T05:06:07Z') };
const page = (traces: readonly Trace[], options: TracePageOptions = {}) =>
  [...traceHtmlParts(traces, { ...when, ...options })].join('');
/** The page without what is the same in every page. */
const content = (traces: readonly Trace[], options: TracePageOptions = {}) =>
  page(traces, options)
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<script>[\s\S]*<\/script>/, '');

describe('the page of traces', () => {
  it('asks nothing of the network and admits exactly its own style sheets and script', () => {
    for (const [, url] of content(allTraces()).matchAll(/\s(?:href|src|action|srcset|data)="([^"]*)"/g)) {
      expect(url).toMatch(/^(#|data:image\/(png|jpeg);base64,)/);
    }
    expect(content(allTraces())).not.toMatch(/\sstyle="|\son[a-z]+="/);
    expect(TRACE_STYLE).not.toMatch(/url\(|@import|https?:/);
    // after a change of style.ts, this names the new value for policy.ts
    expect(TRACE_STYLE_SHA256).toBe(createHash('sha256').update(TRACE_STYLE).digest('base64'));
    expect(page([tracedSample()])).toContain(`content="${TRACE_POLICY}"`);
    expect(TRACE_POLICY).not.toBe(POLICY);
  });

  it('has balanced tags, unique ids, and references that lead somewhere', () => {
    for (const traces of [[], [tracedSample()], [allTraces()[6]], allTraces()]) {
      const text = content(traces);
      expect(unbalanced(text)).toEqual([]);
      const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
      expect(new Set(ids).size).toBe(ids.length);
      for (const [, id] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
    }
  });

  it('says every kind of answer in both languages', () => {
    const text = content(allTraces(), { language: 'zh' });
    for (const words of [
      'Likely made by stylegan3_ffhqu256',
      '可能出自 stylegan3_ffhqu256',
      'Likely a photograph',
      '可能出自此处未收录的生成器',
      'The source is not clear',
      'Too small to be traced',
      'Likely a recording of a human voice',
      'Not enough speech to be traced',
      '电话频带',
      '图像数据提前结束',
      'enrolled',
      'What a fingerprint cannot prove',
    ])
      expect(text).toContain(words);
    expect(text).toContain('<html lang="zh-Hans">');
    const count = (lang: string) => text.match(new RegExp(`class="t" lang="${lang}"`, 'g'))?.length;
    expect(count('zh-Hans')).toBe(count('en'));
  });

  it('leads from a picture to the pictures of the same source', () => {
    const text = content(allTraces());
    expect(text).toMatch(/<a href="#file-2">[\s\S]*?second\.png/);
    expect(text).toMatch(/<a href="#file-1">[\s\S]*?portrait-of-a-minister\.png/);
    // what is not in the page has a name and no link
    expect(text).toMatch(/<li><bdi title="收件箱\/第三张\.png">/);
  });

  it('orders pictures by source: one generator together, the most frequent first', () => {
    const of = (generator: string) =>
      tracedSample({ neighbours: [], attribution: sampleAttribution([[generator, 0.9]], 0.05, 0.05) });
    const photograph = tracedSample({ neighbours: [], attribution: sampleAttribution([], 0.9, 0.1) });
    const text = content([photograph, of('a'), of('b'), of('b')]);
    expect([...text.matchAll(/data-gravity="(\d+)"/g)].map((m) => Number(m[1]))).toEqual([2, 1, 0, 0]);
  });

  it('shares of generators, unknown and photograph fill the bar, and the rows name them', () => {
    const generators = Array.from({ length: 30 }, (_, i) => [`g${i}`, i === 0 ? 0.6 : 0.2 / 29] as const);
    const text = content([tracedSample({ attribution: sampleAttribution(generators, 0.05, 0.15) })]);
    expect(text).toContain('Generators compared with 80 per cent, a generator not known here 15 per cent');
    expect(text).toContain('22 others');
  });

  it('says how the generator is likely built, folded away where it is likely a photograph', () => {
    const [, generator, photograph] = allTraces();
    const shown = content([generator]);
    expect(shown).toContain('How the generator is likely built');
    expect(shown).toContain('if the picture is a photograph, it means nothing');
    expect(shown).not.toContain('<details class="more"');
    for (const words of ['可学习的上采样（92%）', 'Layers per block', '98,000–240,000', 'gan-bce-dcgan'])
      expect(shown).toContain(words);
    const folded = content([photograph]);
    expect(folded).toMatch(
      /a photograph has no generator[\s\S]*<details class="more"><summary>[\s\S]*Layers per block/,
    );
    expect(content([tracedSample()])).not.toContain('How the generator is likely built');
  });

  it('draws any estimate, however large, small or broken', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const text = content([tracedSample({ construction: constructionOf(value) })]);
        expect(text.match(/NaN|Infinity|undefined|(width|x)="-|\de\+\d/)).toBeNull();
        expect(unbalanced(text)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps pictures within the budget and says where one was left out', () => {
    const text = content(allTraces(), { pictureBudgetBytes: TINY_JPEG.length * 2 });
    expect(text.match(/data:image\/jpeg/g)).toHaveLength(2);
    expect(text).toContain('not part of this report');
  });

  it('comes in pieces and takes numbers that are none', () => {
    expect([...traceHtmlParts(allTraces(), when)].length).toBeGreaterThanOrEqual(allTraces().length);
    const odd = tracedSample({
      attribution: sampleAttribution([['x', Number.NaN]], Number.POSITIVE_INFINITY, -1),
      neighbours: [{ file: 'a', similarity: Number.NaN, llr: Number.NaN }],
      fingerprint: { ...sampleFingerprint(), spectrum: new Float64Array(1024) },
      elapsedMs: Number.NaN,
      width: 0,
      height: 0,
    });
    const text = content([odd, tracedSample({ fingerprint: undefined, preview: undefined })]);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    expect(unbalanced(text)).toEqual([]);
  });

  it('cannot be injected into through names of files, generators or messages', () => {
    const pieces = fc.constantFrom(
      '<script>x',
      '"',
      "'",
      '>',
      '</svg>',
      '-->',
      '&',
      '`',
      ' onload=',
      '\n',
      '火',
    );
    const hostile = fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => `x${parts.join('')}`);
    const benign = skeleton(content(poisoned('harmless')));
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(content(poisoned(text)))).toEqual(benign);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the fingerprint as a picture', () => {
  it('keeps every grey as it is', async () => {
    const { pattern } = sampleFingerprint(20);
    const bytes = Buffer.from(greyUrl(pattern)?.split(',')[1] ?? '', 'base64');
    const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([20, 20, 3]);
    expect(Buffer.compare(data, Buffer.from(pattern.data))).toBe(0);
    expect(greyUrl({ width: 0, height: 0, data: new Uint8ClampedArray() })).toBeNull();
  });
});

function poisoned(text: string): Trace[] {
  const both = { en: text, zh: `${text}中` };
  const attribution = sampleAttribution(
    [
      [text, 0.6],
      [`${text}2`, 0.2],
    ],
    0.1,
    0.1,
  );
  const neighbours = [{ file: text, similarity: 0.9, llr: 3 }];
  const elsewhere = [{ file: `${text}?`, similarity: 0.9, llr: 3 }];
  const construction = sampleConstruction({ nearest: [{ name: text, similarity: 0.5 }] });
  return [
    tracedSample({ file: text, attribution, neighbours: elsewhere, construction }),
    tracedSample({ file: `${text}!`, attribution, neighbours }),
    { outcome: 'unreadable', file: text, error: new HuoyanError('corrupt', both, both), elapsedMs: 1 },
  ];
}

/** The tags of a page with attribute names and without attribute values. */
function skeleton(text: string): string[] {
  return Array.from(text.matchAll(/<[^>]*>/g), (m) => m[0].replace(/="[^"]*"/g, '=""'));
}

const VOID = new Set(['meta', 'input', 'br', 'img', '!doctype']);

/** Tags left open or closed without having been opened. */
function unbalanced(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, self] of text.matchAll(/<(\/?)([!a-zA-Z][\w-]*)[^>]*?(\/?)>/g)) {
    if (VOID.has(name) || self === '/') continue;
    if (slash !== '/') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(name);
  }
  return [...wrong, ...open];
}
