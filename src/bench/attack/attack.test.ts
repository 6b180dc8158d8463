import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../../../test/pictures.ts';
import { Random } from '../../core/random.ts';
import { encodePng, readImage } from '../../media/index.node.ts';
import { initialWeights, network } from '../../nn/index.ts';
import type { BenchItem } from '../data/item.ts';
import type { BenchDetector } from '../detectors/detector.ts';
import { type Differentiable, differentiable, imageOf, planesOf } from '../peers/learned.ts';
import { runBench } from '../run/run.ts';
import { readScores, ScoreWriter } from '../scores/file.node.ts';
import { attackConditions } from './conditions.ts';
import { defended } from './defence.ts';
import { fgsm, pgd } from './gradient.ts';
import { squareAttack } from './square.ts';

const SIDE = 16;
const net = network({
  ...{ name: 'small', seed: 3, inputs: { x: [3, SIDE, SIDE] } },
  build(b, { x }) {
    const logit = (v: typeof x) => b.linear(b.globalMean(b.tanh(b.conv(b.tanh(b.conv(v, 6)), 6))), 1);
    return {
      logit: b.tied('net', () => logit(x)),
      gradient: b.inputGradient(x, (v) => b.sum(b.tied('net', () => logit(v)))),
    };
  },
});
let inside: Differentiable;
const folder = mkdtempSync(join(tmpdir(), 'huoyan-attack-'));

beforeAll(async () => {
  inside = await differentiable(net, initialWeights(net), SIDE);
});
afterAll(async () => {
  await inside.close();
  rmSync(folder, { recursive: true, force: true });
});

const noise = (seed: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length: 3 * SIDE * SIDE }, () => random.below(256) / 255);
};
const logit = async (x: Float32Array) => (await inside.logits(x))[0];
const change = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

describe('noise from inside', () => {
  it('keeps its bound, stays a picture, and turns the score the way it should', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.constantFrom(1, 2, 4),
        fc.constantFrom(-1 as const, 1 as const),
        async (seed, epsilon, towards) => {
          const x = noise(seed);
          const one = await fgsm(inside, x, { epsilon, towards });
          const many = await pgd(inside, x, { epsilon, towards, steps: 8 });
          for (const moved of [one, many]) {
            expect(change(moved, x)).toBeLessThanOrEqual(epsilon / 255 + 1e-6);
            expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
            expect(Math.max(...moved)).toBeLessThanOrEqual(1);
          }
          const start = await logit(x);
          // Within one byte of rounding the file says the same.
          expect(change(imageOf(many, SIDE).data, imageOf(x, SIDE).data)).toBeLessThanOrEqual(epsilon);
          expect(towards * ((await logit(many)) - start)).toBeGreaterThan(0);
          expect(towards * ((await logit(one)) - start)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('made by questions only keeps its bound, never loses, and asks no more than it may', async () => {
    const image = imageOf(noise(5), SIDE);
    let asked = 0;
    const ask = async (tried: typeof image) => {
      asked++;
      return logit(planesOf(tried));
    };
    const moved = await squareAttack(image, ask, { epsilon: 4, towards: -1, queries: 60, seed: 2 });
    expect(asked).toBe(60);
    expect(change(moved.data, image.data)).toBeLessThanOrEqual(4);
    expect(await logit(planesOf(moved))).toBeLessThan(await logit(planesOf(image)));
    expect((await squareAttack(image, ask, { epsilon: 4, towards: -1, queries: 60, seed: 2 })).data).toEqual(
      moved.data,
    );
    // A detector that says nothing is not fooled, and nothing changes.
    const silent = await squareAttack(image, async () => null, {
      epsilon: 4,
      towards: 1,
      queries: 5,
      seed: 1,
    });
    expect(silent.data).toEqual(Uint8Array.from(image.data));
  });
});

describe('a run under attack', () => {
  const detector: BenchDetector = {
    ...{ name: 'small', scale: 'logit', threshold: 0 },
    async judge(sample) {
      const { pixels } = await sample.image();
      return { status: 'ok', score: await logit(planesOf((await squareOf(pixels)).pixels)) };
    },
    async close() {},
  };
  const squareOf = async (pixels: Parameters<typeof planesOf>[0]) => {
    const { resize } = await import('../../media/index.node.ts');
    return { pixels: await resize(pixels, { width: SIDE, height: SIDE, kernel: 'linear' }) };
  };
  const items: BenchItem[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 8; i++) {
      const path = join(folder, `${i}.png`);
      writeFileSync(path, await encodePng(picture(i, 48, 40)));
      items.push({ key: `${i}.png`, path, label: i % 2 ? 'fake' : 'real', media: 'image', source: `${i}` });
    }
  });
  const scored = async (one: BenchDetector, name: string) => {
    const out = join(folder, `${name}.scores.csv`);
    const writer = await ScoreWriter.open(out, {
      ...{ schema: 'huoyan.scores/1', detector: { name: one.name } },
      ...{ polarity: 'higher-is-fake', scale: 'logit' },
    });
    const conditions = attackConditions({
      ...{ attacks: ['fgsm', 'pgd', 'square'], epsilons: [4], side: SIDE, queries: 20 },
      inside: async () => inside,
      ask: async (image) => logit(planesOf(image)),
    });
    expect(conditions.map(({ name: condition }) => condition)).toEqual([
      ...[
        'clean',
        'clean+jpeg90',
        'fgsm-4',
        'fgsm-4+jpeg90',
        'pgd-4',
        'pgd-4+jpeg90',
        'square-4',
        'square-4+jpeg90',
      ],
    ]);
    const result = await runBench(items, one, writer, { conditions });
    expect(result).toMatchObject({ failed: 0, ended: null });
    await writer.close();
    const { rows } = await readScores(out);
    const score = (condition: string, key: string) =>
      rows.find((row) => row.condition === condition && row.key === key)?.score ?? Number.NaN;
    return (condition: string) =>
      items.reduce((sum, { key, label }) => {
        const moved = score(condition, key) - score('clean', key);
        return sum + (label === 'fake' ? -moved : moved) / items.length;
      }, 0);
  };

  it('moves scores the wrong way, most by many steps, and less behind the defence', async () => {
    const bare = await scored(detector, 'bare');
    expect(bare('clean')).toBe(0);
    expect(bare('pgd-4')).toBeGreaterThan(0);
    expect(bare('fgsm-4')).toBeGreaterThan(0);
    expect(bare('square-4')).toBeGreaterThan(0);
    expect(bare('pgd-4')).toBeGreaterThanOrEqual(bare('square-4'));
    const behind = await scored(defended(detector, { looks: 3 }), 'defended');
    expect(behind('pgd-4')).toBeLessThan(bare('pgd-4'));
  });

  it('is defended alike each time, and lets "not my kind" through', async () => {
    const bytes = await encodePng(picture(1, 40, 40));
    const sample = {
      ...{ item: items[0], bytes, image: () => readImage(bytes, 'x') },
      ...{ file: async () => items[0].path, fileOf: async () => items[0].path },
    };
    const guarded = defended(detector, { looks: 3 });
    const never = new AbortController().signal;
    expect(await guarded.judge(sample, never)).toEqual(await guarded.judge(sample, never));
    const shy = {
      ...detector,
      judge: async () => ({ status: 'notApplicable' as const, reason: 'too-small' }),
    };
    expect(await defended(shy).judge(sample, never)).toEqual({
      status: 'notApplicable',
      reason: 'too-small',
    });
  });
});
