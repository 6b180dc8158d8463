import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { readImage } from '../../media/image.node.ts';
import { encodePng } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import {
  type Calibration,
  falsePositiveRate,
  LLR_LEAST,
  LLR_MOST,
  llrInterval,
  llrOf,
} from './calibration.ts';
import { flatShare, synthesis, synthesisEvidence } from './detector.ts';
import { CALIBRATION } from './fitted.ts';
import { FOLDS, modelName, pool, scoreTiles } from './score.ts';

const models = openModels();

/** A textured picture that stands for nothing but a picture. */
function textured(width: number, height: number, seed = 1): RgbImage {
  const random = new Random(seed);
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 120 + 60 * Math.sin(x / 17) * Math.cos(y / 23) + 6 * random.normal();
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = light + 10 * c + 3 * random.normal();
    }
  }
  return { width, height, data };
}

const examine = async (image: RgbImage) =>
  synthesis.examine(await readImage(await encodePng(image), 'x.png'), { models });

const fitted: Calibration = {
  madeBy: 'a test',
  slope: 0.5,
  offset: -0.1,
  redrawn: [
    [0.4, 0],
    [0.6, -0.2],
  ],
  unrest: 0.4,
  authentic: [-3, -1, 0, 1, 2],
};

describe('calibration', () => {
  const score = fc.double({ min: -30, max: 30, noNaN: true });

  it('grows with the score, within its limits, inside its interval', () => {
    fc.assert(
      fc.property(score, score, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(llrOf(low, fitted)).toBeLessThanOrEqual(llrOf(high, fitted));
        expect(llrOf(a, fitted)).toBeGreaterThanOrEqual(LLR_LEAST);
        expect(llrOf(a, fitted)).toBeLessThanOrEqual(LLR_MOST);
        const [from, to] = llrInterval(a, fitted);
        expect(from).toBeLessThanOrEqual(llrOf(a, fitted));
        expect(to).toBeGreaterThanOrEqual(llrOf(a, fitted));
      }),
    );
  });

  it('counts how many authentic pictures score as high, falling with the score', () => {
    expect(falsePositiveRate(-9, fitted)).toBe(1);
    expect(falsePositiveRate(0, fitted)).toBeCloseTo(0.5);
    expect(falsePositiveRate(0.5, fitted)).toBeCloseTo(0.375);
    expect(falsePositiveRate(99, fitted)).toBeGreaterThan(0);
    fc.assert(
      fc.property(score, score, (a, b) => {
        expect(falsePositiveRate(Math.max(a, b), fitted)).toBeLessThanOrEqual(
          falsePositiveRate(Math.min(a, b), fitted),
        );
      }),
    );
  });

  it('as fitted, prefers higher scores and knows its authentic pictures', () => {
    expect(CALIBRATION.slope).toBeGreaterThan(0);
    expect(CALIBRATION.authentic.length).toBeGreaterThan(20);
  });
});

describe('synthesis', () => {
  it('answers a textured picture with evidence that a report can show', async () => {
    const evidence = await examine(textured(300, 260));
    if (evidence.status !== 'detected' && evidence.status !== 'notDetected') throw new Error(evidence.status);
    expect(Number.isFinite(evidence.llr)).toBe(true);
    expect(evidence.map?.data.length).toBe((evidence.map?.width ?? 0) * (evidence.map?.height ?? 0));
    expect(evidence.summary.zh).not.toBe(evidence.summary.en);
  });

  it('declines pictures that are too small or flat, as a result', async () => {
    expect(await examine(textured(95, 300))).toMatchObject({ status: 'notApplicable', reason: 'too-small' });
    const flat: RgbImage = { width: 200, height: 200, data: new Uint8Array(200 * 200 * 3).fill(200) };
    expect(flatShare(flat)).toBe(1);
    expect(await examine(flat)).toMatchObject({ status: 'notApplicable', reason: 'not-a-photograph' });
  });

  it('is the same every time', async () => {
    const image = textured(200, 200, 3);
    expect(await scoreTiles(image, models)).toEqual(await scoreTiles(image, models));
  });

  it('marks regions only when it detects', () => {
    const image = textured(256, 256);
    const tile = (score: number) => [{ x: 0, y: 0, width: 128, height: 128, score }];
    expect(synthesisEvidence(image, tile(40))).toMatchObject({
      status: 'detected',
      regions: [{ x: 0, y: 0 }],
    });
    expect(synthesisEvidence(image, tile(-40))).toMatchObject({ status: 'notDetected', regions: [] });
  });

  it('pools between the mean and the largest, whatever the order', () => {
    const scores = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(scores, (list) => {
        const pooled = pool(list);
        expect(pooled).toBeLessThanOrEqual(Math.max(...list) + 1e-9);
        expect(pooled).toBeGreaterThanOrEqual(list.reduce((a, b) => a + b, 0) / list.length - 1e-9);
        expect(pool([...list].reverse())).toBeCloseTo(pooled, 9);
      }),
    );
  });

  it('ships networks that their cards describe', async () => {
    for (const leftOut of [null, ...Array.from({ length: FOLDS }, (_, i) => i)]) {
      const card = await models.card(modelName(leftOut));
      expect(card.parameters).toBeLessThan(1_000_000);
      expect((await models.verify(modelName(leftOut))).ok).toBe(true);
    }
  });
});
