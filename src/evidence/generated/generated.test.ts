import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { Run, RunFrame } from '../watch/watched.ts';
import { LLR_LEAST, LLR_MOST, llrInterval, llrOf } from './calibration.ts';
import { CALIBRATION } from './fitted.ts';
import { motionFeatures } from './motion.ts';

const SIDE = 128;

/** A texture that moves right by `speed` pixels a frame, with sensor noise of its own in every frame. */
function run(speed: number, noise: number, frames = 12): Run {
  const random = new Random(2);
  const texture = Float32Array.from({ length: SIDE * 4 * SIDE }, () => random.uniform(60, 180));
  const frame = (t: number): RunFrame => {
    const patch = new Float32Array(SIDE * SIDE);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        patch[y * SIDE + x] = texture[y * 4 * SIDE + x + 2 * SIDE - speed * t] + noise * random.normal();
    return { time: t / 25, mesh: null, region: null, patch };
  };
  return { frames: Array.from({ length: frames }, (_, t) => frame(t)), person: null, patchSide: SIDE };
}

describe('motionFeatures', () => {
  it('sees texture travel along, and sensor noise that does not', () => {
    const carried = motionFeatures(run(2, 0));
    const noisy = motionFeatures(run(2, 40));
    expect(carried?.memory).toBeGreaterThan(0.95);
    expect(noisy?.memory ?? 1).toBeLessThan(0.9 * (carried?.memory ?? 0));
    expect(carried?.flow).toBeGreaterThan(motionFeatures(run(0, 0))?.flow ?? 9);
  });

  it('abstains from a few frames and from a blank picture', () => {
    expect(motionFeatures(run(1, 1, 4))).toBeNull();
    const blank = run(0, 0);
    const frames = blank.frames.map((f) => ({ ...f, patch: new Float32Array(SIDE * SIDE).fill(90) }));
    expect(motionFeatures({ ...blank, frames })).toBeNull();
  });
});

describe('calibration', () => {
  it('is bounded and finite whatever it is given', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const llr = llrOf([a, b], CALIBRATION);
        const [low, high] = llrInterval([a, b], CALIBRATION);
        expect(llr >= LLR_LEAST && llr <= LLR_MOST).toBe(true);
        expect(low <= high && low >= LLR_LEAST && high <= LLR_MOST).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
