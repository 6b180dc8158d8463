import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { blurUnder, enlarged } from './attention-blur.ts';
import { MAP_SIDE } from './network.ts';

const noise = (seed: number) => {
  const random = new Random(seed);
  return Uint8Array.from({ length: 3 * FACE_SIDE * FACE_SIDE }, () => random.below(256));
};

it('enlarges a map to weights of at most 1 that are highest where it was', () => {
  fc.assert(
    fc.property(fc.nat(MAP_SIDE - 1), fc.nat(MAP_SIDE - 1), (x, y) => {
      const map = new Float32Array(MAP_SIDE * MAP_SIDE).fill(0.1);
      map[y * MAP_SIDE + x] = 0.8;
      const weights = enlarged(map);
      expect(Math.max(...weights)).toBeLessThanOrEqual(1);
      const at = weights.indexOf(Math.max(...weights));
      const cell = FACE_SIDE / MAP_SIDE;
      expect([Math.floor((at % FACE_SIDE) / cell), Math.floor(at / FACE_SIDE / cell)]).toEqual([x, y]);
    }),
    { numRuns: 20 },
  );
});

it('blurs where the map is high, and nowhere else', () => {
  const half = new Float32Array(FACE_SIDE * FACE_SIDE);
  for (let i = 0; i < half.length; i++) half[i] = i % FACE_SIDE < FACE_SIDE / 2 ? 1 : 0;
  const before = noise(3);
  const after = before.slice();
  blurUnder(after, half);
  const spread = (view: Uint8Array, left: boolean) => {
    const kept = view.filter((_, i) => i % FACE_SIDE < FACE_SIDE / 2 === left);
    const mean = kept.reduce((sum, v) => sum + v / kept.length, 0);
    return Math.sqrt(kept.reduce((sum, v) => sum + (v - mean) ** 2 / kept.length, 0));
  };
  expect(spread(after, true)).toBeLessThan(0.3 * spread(before, true));
  expect(spread(after, false)).toBe(spread(before, false));
  const flat = new Uint8Array(before.length).fill(77);
  blurUnder(flat, half);
  expect(flat.every((v) => v === 77)).toBe(true);
});
