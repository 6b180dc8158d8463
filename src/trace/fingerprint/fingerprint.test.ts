import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { exportInference, initialWeights, network } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import { painted } from '../painters.test-support.ts';
import { constraints, lowWindow } from './constraints.ts';
import { BLOCK, FingerprintEstimator, TILE } from './estimator.ts';
import { EMBEDDING, estimationNetwork, fingerprintNetwork } from './network.ts';
import { fingerprintView } from './view.ts';

const SIDE = 32;

/** The four terms for one fingerprint, the same in every channel. */
async function termsOf(value: (x: number, y: number) => number): Promise<Record<string, number>> {
  const net = network({
    name: 'terms',
    seed: 1,
    inputs: { f: [3, SIDE, SIDE] },
    build: (b, { f }) =>
      Object.fromEntries(Object.entries(constraints(b, f)).map(([name, v]) => [name, b.reshape(v, [1, 1])])),
  });
  const session = await (await nodeRuntime()).load(exportInference(net, {}));
  const data = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, i) =>
    value(i % SIDE, Math.floor(i / SIDE) % SIDE),
  );
  const out = await session.run({ f: { dims: [1, 3, SIDE, SIDE], data } });
  await session.release();
  return Object.fromEntries(Object.entries(out).map(([name, tensor]) => [name, Number(tensor.data[0])]));
}

describe('the constraints on a fingerprint', () => {
  it('find content in slow waves and repetition in fine ones', async () => {
    const slow = await termsOf((x) => Math.sin((2 * Math.PI * x) / SIDE));
    const fine = await termsOf((x, y) => (x + y) % 2);
    expect(slow.lowFrequency).toBeGreaterThan(10 * (slow.lowFrequency + slow.repetition ** 2) * 0.05);
    expect(Math.abs(slow.repetition)).toBeLessThan(1e-3);
    // Half of the checker is its mean, which is low; the other half is one sharp peak.
    expect(fine.repetition).toBeLessThan(-10);
  });

  it('cost nothing for nothing, and the square of the strength for more', async () => {
    const none = await termsOf(() => 0);
    for (const term of Object.values(none)) expect(Math.abs(term)).toBeLessThan(1e-5);
    const once = await termsOf((x) => (x % 2 ? 1 : -1));
    const twice = await termsOf((x) => (x % 2 ? 2 : -2));
    expect(twice.magnitude / once.magnitude).toBeCloseTo(4, 3);
    expect(once.magnitude).toBeCloseTo(0.9998, 3);
  });

  it('ask both directions alike', async () => {
    const across = await termsOf((x) => (x % 2 ? 1 : -1));
    const both = await termsOf((x, y) => (x % 2 ? 1 : -1) + (y % 2 ? 1 : -1));
    expect(across.symmetry).toBeGreaterThan(0.1);
    expect(both.symmetry).toBeLessThan(1e-6);
  });

  it('call low what is near the zero frequency, at both ends of each axis', () => {
    const low = lowWindow(SIDE);
    expect([low[0], low[6], low[7], low[SIDE - 6], low[SIDE - 7]]).toEqual([1, 1, 0, 1, 0]);
    expect(low[6 * SIDE + 6]).toBe(1);
    expect(low.reduce((sum, v) => sum + v, 0)).toBe(13 * 13);
  });
});

describe('the network', () => {
  it('is small: a twentieth of the original', () => {
    expect(estimationNetwork(SIDE).size).toBeLessThan(559_363 / 20);
  });
});

describe('the estimator', () => {
  let estimator: FingerprintEstimator;
  beforeAll(async () => {
    const weights = initialWeights(fingerprintNetwork(BLOCK, 5));
    estimator = await FingerprintEstimator.load(await nodeRuntime(), weights, 5);
  });
  afterAll(() => estimator.release());

  it('gives a fingerprint without mean and of energy one, more blocks for a larger picture', async () => {
    const small = await estimator.fingerprint(painted('camera', 1, TILE));
    const large = await estimator.fingerprint(painted('camera', 1, 300));
    expect(small.blocks).toBe(4);
    expect(large.blocks).toBe(64);
    for (const { pattern, spectrum } of [small, large]) {
      expect(pattern.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(1, 4);
      const plane = BLOCK * BLOCK;
      for (let c = 0; c < 3; c++)
        expect(pattern.subarray(c * plane, (c + 1) * plane).reduce((s, v) => s + v, 0)).toBeCloseTo(0, 3);
      expect(spectrum).toHaveLength(plane);
      expect(Math.min(...spectrum)).toBeGreaterThanOrEqual(0);
    }
  });

  it('finds the same grid in pictures of different content, and another one than in noise', async () => {
    const grid = (seed: number) => estimator.fingerprint(painted('checkered', seed, 288));
    const [a, b] = [await grid(1), await grid(2)];
    const other = await estimator.fingerprint(painted('camera', 3, 288));
    const cosine = (p: Float32Array, q: Float32Array) => p.reduce((sum, v, i) => sum + v * q[i], 0);
    expect(cosine(a.pattern, b.pattern)).toBeGreaterThan(0.5);
    expect(Math.abs(cosine(a.pattern, other.pattern))).toBeLessThan(0.3);
  });

  it('is shown as a grey picture that continues over its seams', async () => {
    const { pattern, spectrum } = fingerprintView(await estimator.fingerprint(painted('checkered', 4)));
    expect(pattern).toMatchObject({ width: 4 * BLOCK, height: 4 * BLOCK });
    expect(pattern.data.subarray(0, 3 * BLOCK)).toEqual(pattern.data.subarray(3 * BLOCK, 6 * BLOCK));
    expect(spectrum).toHaveLength(BLOCK * BLOCK);
  });

  it('embeds any picture of at least a block, and refuses smaller ones', async () => {
    for (const side of [BLOCK, 47, 200])
      expect(await estimator.embed(painted('doubled', 1, side))).toHaveLength(EMBEDDING);
    const tiny: RgbImage = painted('camera', 1, BLOCK - 1);
    await expect(estimator.embed(tiny)).rejects.toThrow(RangeError);
    await expect(estimator.fingerprint(painted('camera', 1, TILE - 1))).rejects.toThrow(RangeError);
  });
});
