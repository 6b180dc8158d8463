import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HuoyanError } from '../../../core/errors.ts';
import { type ClusterReport, clusterRecordSchema, toClusterRecord } from '../../clusters.ts';
import { TINY_JPEG } from '../../samples.test-support.ts';
import { CLUSTER_POLICY, CLUSTER_STYLE_SHA256 } from '../policy.ts';
import { distinctionUrls, spectrumUrl } from '../spectrum.ts';
import { withinFrame } from '../within.ts';
import { type Disc, hull, network, packed } from './layout.ts';
import { renderClusters } from './page.ts';
import { CLUSTER_STYLE } from './style.ts';

const when = { generatedAt: new Date('2026-03-04T05:06:07Z') };

/** `count` pictures: two thirds in two sources, two copies across them, the rest alone. */
function sample(count: number, name = (i: number) => `posts/${i}.jpg`): ClusterReport {
  const all = Array.from({ length: count }, (_, i) => i);
  const [first, second, rest] = [0, 1, 2].map((k) => all.filter((i) => i % 3 === k));
  const clusters = [first, second]
    .filter((members) => members.length > 0)
    .map((members, k) => ({
      id: k + 1,
      members,
      cohesion: 0.9 - k / 10,
      spectrum: Float64Array.from({ length: 1024 }, (_, i) => 1 + ((i * (k + 3)) % 17)),
    }));
  const text = { en: name(-1), zh: name(-1) };
  return {
    pictures: all.map((i) => (i % 5 === 4 ? { file: name(i) } : { file: name(i), thumbnail: TINY_JPEG })),
    clusters,
    unclustered: rest,
    nearIdentical: count > 4 ? [[0, 1, 2]] : [],
    links: first.slice(1).map((b, k) => ({ a: first[k], b })),
    skipped: [{ file: name(-1), error: new HuoyanError('corrupt', text, text) }],
  };
}

const ids = (page: string) => [...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1]);
const skeleton = (page: string) =>
  Array.from(page.matchAll(/<[^>]*>/g), (m) => m[0].replace(/="[^"]*"/g, '=""'));

describe('the page of sources', () => {
  it('has the policy of exactly its styles (update policy.ts with the received value)', () => {
    expect(CLUSTER_STYLE_SHA256).toBe(createHash('sha256').update(CLUSTER_STYLE).digest('base64'));
    const page = renderClusters(sample(9), when);
    expect(page).toContain(`content="${CLUSTER_POLICY}"`);
    expect(page.replace(/<script>[\s\S]*<\/script>/, '')).not.toMatch(/\sstyle="|\son[a-z]+="|https?:/);
  });

  it('has a style that touches nothing outside of it, for a page that shows it among its own', () => {
    const rules = CLUSTER_STYLE.split('\n').filter((line) => line.includes('{') && !line.startsWith('@'));
    const selectors = rules.flatMap((line) => line.replaceAll(/\{[^}]*\}/g, ',').split(','));
    for (const one of selectors.filter(Boolean)) expect(one).toMatch(/^\.sources\b/);
  });

  it('is shown without its frame as it is', () => {
    const page = renderClusters(
      sample(9, () => '</main>\n<footer class="foot">'),
      when,
    );
    const within = withinFrame(page);
    expect(within).toMatch(/^<svg class="store"[\s\S]*<\/svg>\s*<div class="sources">[\s\S]*<\/div>\s*$/);
    expect(within).not.toMatch(/<(?:script|style|header|footer|main|meta)\b/);
    expect(ids(within)).toEqual(ids(page).filter((id) => id !== 'results'));
  });

  it('has unique ids and references that lead somewhere, for any number of pictures', () => {
    for (const count of [0, 1, 2, 9, 200, 201]) {
      const page = renderClusters(sample(count), when);
      const there = ids(page);
      expect(new Set(there).size).toBe(there.length);
      const body = page.slice(page.indexOf('<body>'));
      for (const [, id] of body.matchAll(/href="#([^"]+)"/g)) expect(there).toContain(id);
      expect(page).not.toMatch(/NaN|Infinity|undefined/);
      // Pictures while they are few, then sources.
      if (count > 100) expect(page.match(/class="node /g)).toHaveLength(count > 200 ? 2 : count);
      for (let i = 0; i < count; i++) expect(there).toContain(`p${i}`);
      expect(page.match(/data:image\/jpeg/g)?.length ?? 0).toBe(count - Math.floor(count / 5));
    }
  });

  it('is the same for the same report, and holds both languages', () => {
    const zh = renderClusters(sample(30), { ...when, language: 'zh' });
    expect(zh).toBe(renderClusters(sample(30), { ...when, language: 'zh' }));
    expect(zh).toContain('<html lang="zh-Hans">');
    for (const words of ['这不能证明是谁制作或发布了它们', 'It does not prove who made or posted them'])
      expect(zh).toContain(words);
  });

  it('cannot be injected into by names or reasons', () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          '<script>',
          '"',
          "'",
          '>',
          '</title>',
          '</svg>',
          '-->',
          '`',
          '\u0000',
          '\u202e',
          '火',
        ),
        {
          minLength: 1,
          maxLength: 5,
        },
      )
      .map((parts) => `x${parts.join('')}`);
    const benign = skeleton(
      renderClusters(
        sample(8, () => 'harmless'),
        when,
      ),
    );
    fc.assert(
      fc.property(hostile, (name) => {
        expect(
          skeleton(
            renderClusters(
              sample(8, () => name),
              when,
            ),
          ),
        ).toEqual(benign);
      }),
      { numRuns: 12 },
    );
  });
});

describe('the record of sources', () => {
  it('keeps its promise, and names every picture once', () => {
    const record = toClusterRecord(sample(20), 'zh');
    expect(clusterRecordSchema.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
    const named = [...record.clusters.flatMap((c) => c.files), ...record.unclustered];
    expect(new Set(named).size).toBe(20);
    expect(record.nearIdentical).toEqual([['posts/0.jpg', 'posts/1.jpg', 'posts/2.jpg']]);
    expect(record.skipped[0].code).toBe('corrupt');
  });
});

describe('the network', () => {
  const overlap = (discs: readonly Disc[]) => {
    let worst = 0;
    for (let i = 0; i < discs.length; i++)
      for (let j = 0; j < i; j++) {
        const apart = Math.hypot(discs[i].x - discs[j].x, discs[i].y - discs[j].y);
        worst = Math.max(worst, discs[i].radius + discs[j].radius - apart);
      }
    return worst;
  };

  it('places every picture once, hardly touching', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        let next = 0;
        const groups = sizes.map((size) => Array.from({ length: size }, () => next++));
        const links = groups.flatMap((g) => g.slice(1).map((b, k): [number, number] => [g[k], b]));
        const discs = network(groups, links, 20);
        expect(discs.size).toBe(next);
        expect(overlap([...discs.values()])).toBeLessThan(6);
        expect([...network(groups, links, 20)]).toEqual([...discs]);
      }),
      { numRuns: 6 },
    );
    expect(overlap(packed([50, 40, 30, 20, 10], [[0, 4]], 5))).toBeLessThan(3);
  });

  it('has hulls that contain their points', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1, maxLength: 20 }), (points) => {
        const discs = points.map(([x, y]) => ({ x, y, radius: 1 }));
        const corners = hull(discs);
        for (let i = 0; i < corners.length && corners.length > 2; i++) {
          const [a, b] = [corners[i], corners[(i + 1) % corners.length]];
          for (const p of discs)
            expect((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)).toBeGreaterThanOrEqual(0);
        }
        for (const corner of corners) expect(discs).toContain(corner);
      }),
    );
  });
});

describe('spectra', () => {
  /** Palette indices of an uncompressed indexed PNG. */
  const cells = (url: string) => {
    const file = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
    const at = file.indexOf('IDAT');
    const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)));
    return Array.from({ length: 1024 }, (_, i) => rows[Math.floor(i / 32) * 33 + 1 + (i % 32)]);
  };
  const peak = (x: number, y: number) => {
    const power = new Float64Array(1024).fill(1);
    power[y * 32 + x] = 100;
    return power;
  };

  it('have zero frequency in the middle', () => {
    /** Where the first of eleven strong frequencies from row `y` on is drawn. */
    const brightest = (y: number) => {
      const power = Float64Array.from({ length: 1024 }, (_, i) => 1 + (i % 7) / 10).fill(
        500,
        y * 32,
        y * 32 + 11,
      );
      return cells(spectrumUrl(power) as string).indexOf(255);
    };
    expect(brightest(0)).toBe(16 * 32 + 16);
    expect(brightest(31)).toBe(15 * 32 + 16);
  });

  it('set apart what one has and the others lack', () => {
    const [a, b] = distinctionUrls([peak(3, 4), peak(5, 6)]).map((url) => cells(url as string));
    const place = (x: number, y: number) => ((y + 16) % 32) * 32 + ((x + 16) % 32);
    expect(a[place(3, 4)]).toBeGreaterThan(b[place(3, 4)]);
    expect(b[place(5, 6)]).toBeGreaterThan(a[place(5, 6)]);
  });

  it('are none for what is none', () => {
    for (const power of [new Float64Array(0), new Float64Array(10).fill(1), new Float64Array(16)])
      expect(spectrumUrl(power)).toBeNull();
    expect(spectrumUrl(new Float64Array(16).fill(Number.NaN))).toBeNull();
    expect(spectrumUrl(new Float64Array(16).fill(2))).not.toBeNull();
    expect(distinctionUrls([])).toEqual([]);
    expect(distinctionUrls([peak(1, 1), new Float64Array(0)])).toEqual([null, null]);
  });
});
