import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../core/analysis.ts';
import { HuoyanError } from '../../core/errors.ts';
import type { EvidenceMap } from '../../core/evidence.ts';
import { ABSTAINED, quantiseMap } from '../record.ts';
import {
  allSamples,
  inconclusiveSample,
  manipulatedSample,
  syntheticSample,
  TINY_JPEG,
  unreadableSample,
} from '../samples.test-support.ts';
import { escapeHtml, html } from './escape.ts';
import { heatLayer, RAMP, rampAlpha } from './heat.ts';
import { htmlParts, renderHtml } from './page.ts';
import { indexedPng } from './png.ts';
import { POLICY, SCRIPT_SHA256, STYLE_SHA256 } from './policy.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const when = { generatedAt: new Date('2026-03-04T05:06:07Z') };

describe('escaping', () => {
  it('leaves nothing that could end text or an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const out = escapeHtml(text);
        expect(out).not.toMatch(/[<>"'`]/);
        expect(out).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;|#96;)/);
      }),
    );
    expect(html`<i title="${'"><b>'}">${'</i><script>'}</i>`.text).toBe(
      '<i title="&quot;&gt;&lt;b&gt;">&lt;/i&gt;&lt;script&gt;</i>',
    );
  });
});

describe('injection', () => {
  const pieces = fc.constantFrom(
    '<script>alert(1)</script>',
    '"',
    "'",
    '>',
    '<',
    '</title>',
    '</style>',
    '</svg>',
    '-->',
    '<!--',
    ']]>',
    '&lt;',
    '&',
    '`',
    '=',
    ' onload=',
    'javascript:',
    '\u0000',
    '\n',
    '\u202e',
    'a',
    '火',
  );
  const hostile = fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => `x${parts.join('')}`);

  it('is not possible through any text of an analysis: the tags stay the same', () => {
    const benign = skeleton(renderHtml(poisoned('harmless'), when));
    const single = skeleton(renderHtml(poisoned('harmless').slice(0, 1), when));
    fc.assert(
      fc.property(hostile, (text) => {
        expect(skeleton(renderHtml(poisoned(text), when))).toEqual(benign);
        expect(skeleton(renderHtml(poisoned(text).slice(0, 1), when))).toEqual(single);
      }),
      { numRuns: 60 },
    );
  });

  it('is not possible through names of fields', () => {
    const page = renderHtml(poisoned('<img src=x onerror=alert(1)>'), when);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img');
  });
});

describe('the page', () => {
  it('asks nothing of the network', () => {
    const page = renderHtml(allSamples(), when);
    const withoutScript = page.replace(/<script>[\s\S]*<\/script>/, '');
    for (const [, url] of withoutScript.matchAll(/\s(?:href|src|action|srcset|poster|data)="([^"]*)"/g)) {
      expect(url).toMatch(/^(#|data:image\/(png|jpeg);base64,)/);
    }
    expect(STYLE).not.toMatch(/url\(|@import|https?:/);
    expect(SCRIPT).not.toMatch(/fetch|XMLHttp|WebSocket|import\(|https?:|eval|innerHTML/);
  });

  it('pins its one style sheet and its one script (update policy.ts with the received values)', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(STYLE_SHA256).toBe(sha256(STYLE));
    expect(SCRIPT_SHA256).toBe(sha256(SCRIPT));
    const page = renderHtml([syntheticSample()], when);
    expect(page).toContain(`content="${POLICY}"`);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/\sstyle="|\son[a-z]+="/);
  });

  it('has balanced tags, unique ids, and references that lead somewhere', () => {
    for (const analyses of [[], [syntheticSample()], [unreadableSample()], allSamples()]) {
      const page = renderHtml(analyses, when);
      expect(unbalanced(page)).toEqual([]);
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
      expect(new Set(ids).size).toBe(ids.length);
      const body = page.slice(page.indexOf('<body>'));
      for (const [, id] of body.matchAll(/href="#([^"]+)"|url\(#([^)]+)\)/g))
        if (id) expect(ids).toContain(id);
    }
  });

  it('starts in the language asked for and holds both', () => {
    const zh = renderHtml([syntheticSample()], { ...when, language: 'zh' });
    expect(zh).toContain('<html lang="zh-Hans">');
    expect(renderHtml([syntheticSample()], when)).toContain('<html lang="en">');
    for (const words of ['很可能由 AI 生成', 'Very likely made by AI']) expect(zh).toContain(words);
    const en = zh.match(/class="t" lang="en"/g)?.length;
    expect(zh.match(/class="t" lang="zh-Hans"/g)?.length).toBe(en);
  });

  it('says how many real photographs would look so', () => {
    expect(renderHtml([syntheticSample()], when)).toContain(
      'Of 1,000 real photographs that the detector had not seen, about 4 would look this suspicious.',
    );
    expect(renderHtml([inconclusiveSample()], when)).not.toContain('would look this suspicious');
  });

  it('shows prompts, faces, boxes, map and the reason of what was not applicable', () => {
    const page = renderHtml([syntheticSample(), manipulatedSample()], when);
    for (const part of [
      'juggernautXL_v9',
      'no-credentials',
      'class="box"',
      'class="abstained"',
      'data-label-en="Face 2"',
      'component-missing',
    ]) {
      expect(page).toContain(part);
    }
  });

  it('gives the gravest files their pictures first when there is not room for all', () => {
    const analyses = allSamples().reverse();
    const page = renderHtml(analyses, { ...when, pictureBudgetBytes: TINY_JPEG.length * 2 });
    expect(page.match(/data:image\/jpeg/g)).toHaveLength(2);
    expect(page).toContain('id="f5-photo"');
    expect(page).toContain('id="f4-photo"');
  });

  it('comes in pieces, one a file', () => {
    const parts = [...htmlParts(allSamples(), when)];
    expect(parts.length).toBeGreaterThanOrEqual(allSamples().length);
    expect(parts.join('')).toBe(renderHtml(allSamples(), when));
  });

  it('takes numbers that are none and pictures of any shape', () => {
    const sample = manipulatedSample();
    const odd: Analysis = {
      ...sample,
      verdict: {
        ...sample.verdict,
        probability: Number.NaN,
        interval: [Number.NaN, Infinity],
        llr: -Infinity,
        prior: 2,
      },
      evidence: sample.evidence.map((e) => ({ ...e, llr: Number.NaN }) as typeof e),
      container: { ...sample.container, width: 1, height: 30_000 },
      timing: {},
    };
    const page = renderHtml([odd, { ...odd, container: { ...odd.container, width: 0, height: 0 } }], when);
    expect(page.replace(/<script>[\s\S]*<\/script>/, '').replace(STYLE, '')).not.toMatch(
      /NaN|Infinity|undefined/,
    );
    expect(unbalanced(page)).toEqual([]);
  });
});

describe('colours', () => {
  it('reach a contrast of 4.5 for text in light and in dark', () => {
    const [light, dark] = [STYLE.slice(0, STYLE.indexOf('@media')), STYLE.slice(STYLE.indexOf('@media'))];
    for (const part of [light, dark]) {
      const colour = (name: string) => hex(new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(part)?.[1] ?? '');
      const grounds = [colour('card'), colour('paper')];
      for (const name of [
        'ink',
        'soft',
        'authentic',
        'inconclusive',
        'suspect',
        'synthetic',
        'manipulated',
        'unreadable',
      ]) {
        const ink = colour(name);
        for (const ground of grounds) expect(contrast(ink, ground), name).toBeGreaterThanOrEqual(4.5);
        const tinted = colour('card').map((c, i) => c + 0.08 * (ink[i] - c));
        expect(contrast(ink, tinted), `${name} on its own tint`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(colour('soft'), tinted), `soft on ${name}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('of the ramp only grow lighter and more opaque', () => {
    const lightness = RAMP.map(luminance);
    for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeGreaterThan(lightness[i - 1]);
    for (let v = 0; v < 1; v += 0.1) expect(rampAlpha(v + 0.1)).toBeGreaterThan(rampAlpha(v));
  });
});

describe('maps', () => {
  it('PNG files hold exactly what was put in', async () => {
    const palette = {
      rgb: Uint8Array.from({ length: 768 }, (_, i) => (i * 7) % 256),
      alpha: Uint8Array.from({ length: 256 }, (_, i) => i),
    };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(1000),
        async (width, height, seed) => {
          const indices = Uint8Array.from({ length: width * height }, (_, i) => (i * 31 + seed) % 256);
          const { data, info } = await sharp(indexedPng(width, height, indices, palette))
            .ensureAlpha()
            .raw()
            .toBuffer({ resolveWithObject: true });
          expect([info.width, info.height, info.channels]).toEqual([width, height, 4]);
          for (let i = 0; i < indices.length; i++) {
            const index = indices[i];
            expect([...data.subarray(i * 4, i * 4 + 4)]).toEqual([
              ...palette.rgb.subarray(index * 3, index * 3 + 3),
              palette.alpha[index],
            ]);
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(() => indexedPng(2, 2, new Uint8Array(3), palette)).toThrow(RangeError);
  });

  it('write more than one stored block', () => {
    const png = indexedPng(300, 300, new Uint8Array(90_000), {
      rgb: new Uint8Array(768),
      alpha: new Uint8Array(256),
    });
    const at = Buffer.from(png).indexOf('IDAT');
    const length = Buffer.from(png).readUInt32BE(at - 4);
    expect(inflateSync(png.subarray(at + 4, at + 4 + length)).length).toBe(301 * 300);
  });

  it('hatch exactly the cells that abstain', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.boolean(), { minLength: 81, maxLength: 81 }),
        (width, height, blank) => {
          const map = flat(width, height, (i) => (blank[i] ? Number.NaN : 0.5));
          const layer = heatLayer(map, width, height);
          const covered = new Uint8Array(width * height);
          for (const [, left, top, right, bottom] of layer?.abstained.matchAll(
            /M(\d+) (\d+)H(\d+)V(\d+)H\d+Z/g,
          ) ?? []) {
            for (let y = Number(top); y < Number(bottom); y++)
              for (let x = Number(left); x < Number(right); x++) covered[y * width + x]++;
          }
          expect([...covered]).toEqual([...quantiseMap(map)].map((c) => (c === ABSTAINED ? 1 : 0)));
        },
      ),
    );
  });

  it('are made smaller without losing what is there', () => {
    const layer = heatLayer(
      flat(2000, 1000, (i) => (i < 1_000_000 ? 0.25 : Number.NaN)),
      1000,
      500,
    );
    expect(layer?.abstainedShare).toBeCloseTo(0.5, 1);
    expect(layer?.url.length).toBeLessThan(60_000);
    expect(
      heatLayer(
        flat(0, 0, () => 0),
        1000,
        500,
      ),
    ).toBeNull();
  });
});

/** Every text that an analysis can carry, replaced. */
function poisoned(text: string): Analysis[] {
  const both = { en: text, zh: `${text}中` };
  const poison = (sample: ReturnType<typeof manipulatedSample>): Analysis => ({
    ...sample,
    file: text,
    verdict: { ...sample.verdict, reasons: sample.verdict.reasons.map((r) => ({ ...r, text: both })) },
    evidence: sample.evidence.map((e) => {
      const base = {
        ...e,
        detector: text,
        version: text,
        summary: both,
        details: { [text]: text, nested: { [text]: [text] } },
      };
      if (base.status === 'failed') return { ...base, error: { ...base.error, message: text, hint: text } };
      if (base.status === 'notApplicable') return { ...base, reason: text };
      return {
        ...base,
        measuredOn: both,
        regions: base.regions.map((r) => ({ ...r, label: both })),
        ...(base.map && { map: { ...base.map, meaning: both } }),
      };
    }),
    container: {
      ...sample.container,
      colourSpace: text,
      icc: text,
      exif: { Make: text, [`x${text}`]: text, Software: text },
      iptc: { [text]: text },
      xmp: [text],
      text: [{ carrier: text, key: text, value: text }],
      segments: [{ type: text, offset: 0, length: 1 }],
      warnings: [both],
    },
  });
  const broken = unreadableSample({ file: text, error: new HuoyanError('corrupt', both, both) });
  return [poison(manipulatedSample()), poison(syntheticSample()), broken];
}

/** The tags of a page with attribute names and without attribute values. */
function skeleton(page: string): string[] {
  const body = page.replace(STYLE, '').replace(SCRIPT, '');
  return Array.from(body.matchAll(/<[^>]*>/g), (m) => m[0].replace(/="[^"]*"/g, '=""'));
}

const VOID = new Set(['meta', 'input', 'br', '!doctype']);

/** Tags left open or closed without having been opened. */
function unbalanced(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name, self] of page
    .replace(STYLE, '')
    .replace(SCRIPT, '')
    .matchAll(/<(\/?)([!a-zA-Z][\w-]*)[^>]*?(\/?)>/g)) {
    if (VOID.has(name) || self === '/') continue;
    if (slash !== '/') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(name);
  }
  return [...wrong, ...open];
}

function flat(width: number, height: number, value: (i: number) => number): EvidenceMap {
  const data = Float32Array.from({ length: width * height }, (_, i) => value(i));
  return { width, height, data, meaning: { en: '', zh: '' } };
}

function hex(colour: string): number[] {
  return [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
}

function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m);
  return (x + 0.05) / (y + 0.05);
}
