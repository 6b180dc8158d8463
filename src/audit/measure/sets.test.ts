import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../answers.ts';
import { readRecorded } from '../recorded/read.node.ts';
import { measure } from './sets.ts';

const answer = (
  person: string,
  name: string | null,
  confidence: number | null,
  more: Partial<Answer> = {},
): Answer => ({
  set: 's',
  service: 'x',
  method: null,
  file: 'f',
  person,
  fake: { name, confidence },
  real: null,
  similarity: null,
  clip: null,
  ...more,
});

describe('the measurement', () => {
  const answers = [
    answer('Ann Li', 'ann_li', 0.99, { real: { name: 'Ann Li', confidence: 0.9 }, clip: '1' }),
    answer('Ann Li', 'Bo', 0.6, { real: { name: 'Ann Li', confidence: 0.9 }, clip: '1' }),
    answer('Ann Li', null, null, { real: { name: 'Ann Li', confidence: 0.9 }, clip: '2' }),
    answer('José', 'Jose', 0.8, { real: { name: null, confidence: null }, clip: '3' }),
    answer('Kim', 'Kim', null, { set: 't', method: 'swap' }),
    answer('Lee', 'Lee Senior', 0.7, { set: 't', real: { name: 'Lee Senior', confidence: 0.95 } }),
  ];
  const { sets, total } = measure(answers);

  it('counts as one would by hand', () => {
    expect(sets.map(({ name, n }) => [name, n])).toEqual([
      ['s', 4],
      ['t', 2],
    ]);
    const [s, t] = sets;
    expect([s.targeted.count, s.nonTargeted.count, s.misidentified.count, s.inverted.count]).toEqual([
      1, 3, 2, 1,
    ]);
    expect(s.targetedByIdentity.count).toBe(2);
    expect(t.targetedByIdentity.count).toBe(2);
    expect([s.persons, s.personsImpersonated, total.persons, total.personsImpersonated]).toEqual([
      2, 1, 4, 2,
    ]);
    expect(total.targeted).toMatchObject({ count: 2, rate: 2 / 6 });
    expect(s.confusions).toEqual([
      { person: 'Ann Li', named: 'Bo', count: 1 },
      { person: 'José', named: 'Jose', count: 1 },
    ]);
    expect(t.methods).toMatchObject([{ method: 'swap', n: 1, targeted: { count: 1 } }]);
    expect(s.clips).toMatchObject({ n: 3, anyFrame: { count: 1 }, mostFrames: { count: 0 } });
  });

  it('ignores answers below a threshold, and names without a confidence from any on', () => {
    const at = (threshold: number) => sets[0].byThreshold.find((one) => one.threshold === threshold);
    expect(at(0.7)).toMatchObject({
      targeted: { count: 1 },
      nonTargeted: { count: 2 },
      misidentified: { count: 1 },
    });
    expect(sets[1].byThreshold[1].targeted.count).toBe(0);
    const operating = measure(answers, { operating: new Map([['x', 0.7]]) }).sets[0];
    expect(operating).toMatchObject({ operating: 0.7, nonTargeted: { count: 2 } });
  });

  it('folds accents under the rule of identity', () => {
    expect(measure(answers, { rule: 'identity' }).sets[0].targeted.count).toBe(2);
  });

  it('holds together: targeted and somebody else make anybody, thresholds only take away', () => {
    for (const set of [...sets, total]) {
      expect(set.targeted.count + set.misidentified.count).toBe(set.nonTargeted.count);
      set.byThreshold.reduce((before, now) => {
        expect(now.nonTargeted.count).toBeLessThanOrEqual(before.nonTargeted.count);
        return now;
      });
      for (const rate of [set.targeted, set.nonTargeted, set.inverted]) {
        expect(rate.lo).toBeLessThanOrEqual(rate.rate);
        expect(rate.hi).toBeGreaterThanOrEqual(rate.rate);
      }
    }
    expect(measure([]).total).toMatchObject({ n: 0, targeted: { rate: 0, lo: 0, hi: 1 } });
  });
});

/** METHODS of the project: figures recomputed from the raw files of arXiv 2103.00847, in per cent. */
const PUBLISHED = [
  ['Results_vox2', 1600, 43.9, 64.5, 20.6, [36.7, 32.2, 22.5], 114],
  ['Results_FOM', 2176, 51.2, 52.9, 1.7, [42.3, 36.9, 26.1], 69],
  ['Results_FaceApp', 179, 17.9, 21.2, 3.4, [14.0, 12.3, 8.4], 1],
] as const;
const recordings = join(process.env.HUOYAN_DATA ?? join('..', 'shared', 'data'), 'audit');

describe.skipIf(!existsSync(recordings))('published recordings (skipped without the data folder)', () => {
  it.each(PUBLISHED)(
    '%s agrees with its table, and to the last row with a direct count',
    async (name, n, ta, nta, other, at, above) => {
      const path = join(recordings, `${name}.csv`);
      const { answers, problems } = await readRecorded(path);
      expect(problems).toEqual([]);
      const [set] = measure(answers).sets;
      const percent = (rate: number) => Number((rate * 100 - 1e-9).toFixed(1));
      expect([
        set.n,
        percent(set.targeted.rate),
        percent(set.nonTargeted.rate),
        percent(set.misidentified.rate),
      ]).toEqual([n, ta, nta, other]);
      const by = new Map(set.byThreshold.map((one) => [one.threshold, percent(one.targeted.rate)]));
      expect([0.9, 0.95, 0.99].map((t) => by.get(t))).toEqual(at);
      expect(set.inverted.count).toBe(above);
      const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
      // These files hold no quoted comma before the columns counted here.
      const rows = readFileSync(path, 'utf8')
        .trimEnd()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','));
      const hit = rows.filter((row) => row[5] !== '' && plain(row[5]) === plain(row[1]));
      expect(set.targeted.count).toBe(hit.length);
      expect(set.nonTargeted.count).toBe(rows.filter((row) => row[5] !== '').length);
    },
  );
});
