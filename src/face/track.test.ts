import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Face } from './face.ts';
import { type Sighting, steadied, trackFaces } from './track.ts';

const point = { x: 0, y: 0 };
const landmarks = {
  rightEye: point,
  leftEye: point,
  noseTip: point,
  mouth: point,
  rightEar: point,
  leftEar: point,
};
const face = (x: number, y = 0, side = 100): Face => ({
  box: { x, y, width: side, height: side },
  score: 0.9,
  landmarks,
  roll: 0,
});
const person = (k: number): Float32Array => Float32Array.from({ length: 4 }, (_, i) => (i === k ? 1 : 0));
const seen = (time: number, x: number, identity?: Float32Array, shot = 0): Sighting => ({
  time,
  shot,
  face: face(x),
  identity,
});

describe('trackFaces', () => {
  it('follows two people who stand beside each other', () => {
    const frames = Array.from({ length: 10 }, (_, i) => [seen(i / 10, 5 * i), seen(i / 10, 400 - 5 * i)]);
    const tracks = trackFaces(frames);
    expect(tracks.map((t) => t.sightings.length)).toEqual([10, 10]);
  });

  it('joins by likeness over a cut and keeps strangers apart who stand at the same place', () => {
    const frames = [
      [seen(0, 0, person(0))],
      [seen(0.1, 0, person(0))],
      [seen(5, 0, person(1), 1)],
      [seen(5.1, 0, person(1), 1)],
      [seen(9, 300, person(0), 2)],
    ];
    const tracks = trackFaces(frames);
    expect(tracks.map((t) => t.sightings.map((s) => s.time))).toEqual([
      [0, 0.1, 9],
      [5, 5.1],
    ]);
  });

  it('does not join over a cut without features', () => {
    expect(trackFaces([[seen(0, 0)], [seen(0.1, 0, undefined, 1)]])).toHaveLength(2);
  });

  it('puts every sighting into exactly one track and never two of a frame into one', () => {
    const frames = fc.array(
      fc.array(fc.record({ x: fc.integer({ min: 0, max: 500 }), who: fc.integer({ min: 0, max: 3 }) }), {
        maxLength: 4,
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(frames, (raw) => {
        const made = raw.map((frame, i) => frame.map(({ x, who }) => seen(i * 0.3, x, person(who))));
        const tracks = trackFaces(made);
        const all = tracks.flatMap((t) => t.sightings);
        expect(new Set(all).size).toBe(made.flat().length);
        expect(all.length).toBe(made.flat().length);
        for (const { sightings } of tracks) {
          const times = sightings.map((s) => s.time);
          expect(new Set(times).size).toBe(times.length);
          expect([...times].sort((a, b) => a - b)).toEqual(times);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('steadied', () => {
  const shift = (tx: number) => ({ a: 1, b: 0, c: 0, d: 1, tx, ty: 0 });
  it('leaves a still transform alone and damps trembling', () => {
    const times = Array.from({ length: 30 }, (_, i) => i / 30);
    expect(
      steadied(
        times.map(() => shift(7)),
        times,
      )[12].tx,
    ).toBeCloseTo(7);
    const trembling = steadied(
      times.map((_, i) => shift(i % 2 ? 1 : -1)),
      times,
    );
    for (const t of trembling.slice(8, 22)) expect(Math.abs(t.tx)).toBeLessThan(0.1);
  });
  it('refuses unequal lengths', () => {
    expect(() => steadied([shift(0)], [])).toThrow(RangeError);
  });
});
