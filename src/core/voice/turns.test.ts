import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { soundOf } from '../sound.ts';
import { speechActivity } from './activity.ts';
import { babble } from './babble.test-support.ts';
import { Gaussian } from './gaussian.ts';
import { TIMBRE, TIMBRE_HOP_S, type TimbreFrame, timbreOf } from './timbre.ts';
import { turnsOf } from './turns.ts';
import { windowsOf } from './windows.ts';

const RATE = 16_000;

/** Frames of a voice whose cepstra lie around `middle`, from `start` on. */
function voice(random: Random, middle: number, start: number, count: number): TimbreFrame[] {
  return Array.from({ length: count }, (_, i) => ({
    time: start + i * TIMBRE_HOP_S,
    cepstrum: Float64Array.from({ length: TIMBRE }, (__, j) => middle * ((j % 3) - 1) + 4 * random.normal()),
  }));
}

describe('a heap of vectors', () => {
  it('is the same joined as heaped up at once, and densest where it lies', () => {
    const random = new Random(5);
    const rows = Array.from({ length: 200 }, () =>
      Float64Array.from([random.normal() * 2 + 3, random.normal() * 0.5, random.normal()]),
    );
    const [all, one, two] = [new Gaussian(3), new Gaussian(3), new Gaussian(3)];
    rows.forEach((row, i) => {
      all.add(row);
      (i % 3 ? one : two).add(row);
    });
    expect(one.joined(two).logDeterminant(0.1)).toBeCloseTo(all.logDeterminant(0.1), 9);
    expect(all.logDeterminant(0)).toBeCloseTo(2 * Math.log(2 * 0.5 * 1), 0);
    const density = all.density(0.1);
    expect(density(Float64Array.from([3, 0, 0]))).toBeGreaterThan(density(Float64Array.from([3, 2, 0])));
  });
});

describe('turns', () => {
  it('are found where the voice changes, and one voice has one', () => {
    const random = new Random(2);
    const frames = [...voice(random, 6, 0, 150), ...voice(random, -6, 3.1, 140), ...voice(random, 6, 6, 120)];
    const turns = turnsOf(frames);
    expect(turns.map(({ speaker }) => speaker)).toEqual([0, 1, 0]);
    expect(Math.abs(turns[1].start - 3.1)).toBeLessThan(0.2);
    expect(Math.abs(turns[2].start - 6)).toBeLessThan(0.2);
    expect(turnsOf(voice(random, 2, 0, 400))).toHaveLength(1);
    expect(turnsOf([])).toEqual([]);
  });

  it('are in order, apart, and their speakers numbered as they come, whatever is heard', () => {
    const run = fc.record({
      count: fc.integer({ min: 1, max: 120 }),
      middle: fc.integer({ min: -9, max: 9 }),
      pause: fc.constantFrom(0, 0.3, 3),
    });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), fc.integer(), (runs, seed) => {
        const random = new Random(seed);
        const frames: TimbreFrame[] = [];
        let start = 0;
        for (const { count, middle, pause } of runs) {
          frames.push(...voice(random, middle, start, count));
          start += count * TIMBRE_HOP_S + pause;
        }
        const turns = turnsOf(frames);
        expect(turns.length === 0).toBe(frames.length === 0);
        let met = 0;
        turns.forEach((turn, i) => {
          expect(turn.end).toBeGreaterThan(turn.start);
          if (i > 0) expect(turn.start).toBeGreaterThanOrEqual(turns[i - 1].end - 1e-9);
          expect(turn.speaker).toBeLessThanOrEqual(met);
          met = Math.max(met, turn.speaker + 1);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('part the windows of a recording, which no two voices share', () => {
    const low = babble(5, 3);
    // Another voice: the same one as on a tape that runs half as fast again.
    const high = Float32Array.from({ length: 5 * RATE }, (_, i) => babbleAt(low, i * 1.5));
    const both = Float32Array.from([...low, ...high]);
    const heard = windowsOf(soundOf(both, RATE), 9, { bySpeaker: true });
    expect(new Set(heard.turns.map(({ speaker }) => speaker)).size).toBeGreaterThan(1);
    for (const { start, end, speaker } of heard.windows) {
      const turn = heard.turns.find((t) => t.start < (start + end) / 2 && t.end > (start + end) / 2);
      expect(turn?.speaker).toBe(speaker);
    }
    const alone = windowsOf(soundOf(low, RATE), 9, { bySpeaker: true });
    expect(alone.turns).toHaveLength(1);
    expect(alone.windows.map(({ start, end }) => [start, end])).toEqual(
      windowsOf(soundOf(low, RATE), 9).windows.map(({ start, end }) => [start, end]),
    );
  });

  it('have nothing to go by in silence', () => {
    const silence = new Float32Array(RATE);
    expect(timbreOf(silence, speechActivity(silence, RATE))).toEqual([]);
  });
});

/** `samples` at a place between two of them, over and over. */
function babbleAt(samples: Float32Array, at: number): number {
  const i = Math.floor(at) % (samples.length - 1);
  return samples[i] + (at - Math.floor(at)) * (samples[i + 1] - samples[i]);
}
