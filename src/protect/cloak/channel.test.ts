import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { decodePixels, encodeJpeg } from '../../media/index.node.ts';
import { arrive, CANVAS, drawChannel, STRAIGHT } from './channel.ts';
import { areaAxis, gaussianAxis, linearAxis, returned, through } from './separable.ts';
import { softJpeg } from './soft-jpeg.ts';
import { pictureOf } from './trial.ts';

const noise = (seed: number, length: number) => {
  const random = new Random(seed);
  return Float32Array.from({ length }, () => random.uniform());
};
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

const axes = fc.integer({ min: 4, max: 24 }).chain((from) =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: -3, max: 3 }), fc.constantFrom(0, 0.4, 1))
      .map(([to, start, spread]) => areaAxis(from, to, start, from - 1.5, spread)),
    fc.integer({ min: 1, max: 24 }).map((to) => linearAxis(from, to)),
    fc.constantFrom(0.5, 1.3, 3).map((sigma) => gaussianAxis(from, sigma)),
  ),
);

describe('matrices of an axis', () => {
  it('keep what is flat, whatever they do', () => {
    fc.assert(
      fc.property(axes, axes, (y, x) => {
        const flat = new Float32Array(2 * y.from * x.from).fill(0.7);
        for (const value of through(flat, y, x)) expect(value).toBeCloseTo(0.7, 5);
      }),
    );
  });

  it('are walked back by the matrix turned over', () => {
    fc.assert(
      fc.property(axes, axes, fc.nat(1000), (y, x, seed) => {
        const there = noise(seed, 3 * y.from * x.from);
        const back = noise(seed + 1, 3 * y.to * x.to);
        const one = dot(through(there, y, x), back);
        expect(dot(there, returned(back, y, x))).toBeCloseTo(one, 3);
      }),
    );
  });
});

/** Slope of `f` along `way` at `x`, by differences. */
function slopeAlong(f: (x: Float32Array) => number, x: Float32Array, way: Float32Array, step: number) {
  const moved = (sign: number) => x.map((v, i) => v + sign * step * way[i]);
  return (f(moved(1)) - f(moved(-1))) / (2 * step);
}

describe('soft JPEG', () => {
  const side = 32;
  const soft = noise(4, 3 * side * side).map((v) => 0.3 + 0.4 * v);

  it('is close to JPEG as saved', async () => {
    // Grey: decoders smooth halved chroma as they like.
    const smooth = soft.map((_, i) => {
      const [x, y] = [i % side, Math.floor(i / side) % side];
      return 0.5 + 0.3 * Math.sin(x / 5) * Math.cos(y / 6) + 0.05 * Math.sin(x * y);
    });
    const picture = pictureOf(smooth, side);
    for (const quality of [50, 75, 95]) {
      const real = await decodePixels(await encodeJpeg(picture, { quality, subsampling: '4:2:0' }));
      const ours = pictureOf(softJpeg(smooth, side, quality).planes, side);
      const away =
        Array.from(real.data).reduce((sum, v, i) => sum + Math.abs(v - ours.data[i]), 0) / real.data.length;
      const moved =
        Array.from(real.data).reduce((sum, v, i) => sum + Math.abs(v - picture.data[i]), 0) /
        real.data.length;
      expect(away, `quality ${quality}`).toBeLessThan(0.5 * moved + 1);
    }
  });

  it('has the slope it says', () => {
    for (const [seed, quality] of [
      [1, 50],
      [2, 75],
      [3, 95],
    ]) {
      const weights = noise(seed, soft.length);
      const { back } = softJpeg(soft, side, quality);
      const way = noise(seed + 10, soft.length).map((v) => v - 0.5);
      const by = slopeAlong((x) => dot(softJpeg(x, side, quality).planes, weights), soft, way, 1e-5);
      const said = dot(back(weights), way);
      expect(Math.abs(said - by)).toBeLessThan(0.05 * Math.abs(by) + 0.5);
    }
  });

  it('refuses sides that chroma blocks do not fill', () => {
    expect(() => softJpeg(new Float32Array(3 * 24 * 24), 24, 75)).toThrow(RangeError);
  });
});

describe('the channel', () => {
  it('shows the middle of the canvas, and walks back to it', () => {
    const canvas = noise(7, 3 * CANVAS * CANVAS);
    const weights = noise(8, 3 * 32 * 32);
    const random = new Random(9);
    for (let i = 0; i < 6; i++) {
      const draw = i === 0 ? STRAIGHT : drawChannel(random);
      const { view, back } = arrive(canvas, draw, { side: 32, reach: 1 });
      expect(view.length).toBe(weights.length);
      const by = back(weights);
      expect(by.length).toBe(canvas.length);
      expect(by.every(Number.isFinite)).toBe(true);
      // The rim is not looked at.
      expect(by[0]).toBe(draw.road.kind === 'jpeg' ? by[0] : 0);
      if (draw.road.kind === 'jpeg') continue;
      // What is linear is its own slope.
      expect(dot(view, weights)).toBeCloseTo(dot(canvas, by), 1);
    }
  });
});
