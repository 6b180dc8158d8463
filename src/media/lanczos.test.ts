import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { resizeLanczos } from './lanczos.ts';
import { resize } from './pixels.node.ts';

/** Soft and hard transitions, as photographs have. */
function picture(seed: number, width: number, height: number) {
  const random = new Random(seed);
  const at = random.uniform(0.2, 0.8) * width;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    const soft = 110 + 90 * Math.sin((x * (1 + (i % 3)) + y) / 17);
    data[i] = Math.max(0, Math.min(255, Math.round(soft + (x > at ? 40 : 0))));
  }
  return { width, height, data };
}

describe('scaling by Lanczos', () => {
  it('is libvips to about a level', async () => {
    for (const [width, height] of [
      [96, 70],
      [131, 64],
    ]) {
      const image = picture(width, width, height);
      const size = { width: Math.round(width / 2), height: Math.round(height / 2) };
      const ours = resizeLanczos(image, size);
      const theirs = await resize(image, { ...size, kernel: 'lanczos3' });
      const far = Array.from(ours.data, (value, i) => Math.abs(value - theirs.data[i]));
      const mean = far.reduce((sum, d) => sum + d, 0) / far.length;
      expect(mean).toBeLessThan(0.7);
    }
  });

  it('leaves what is of one colour as it is, at any size', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, width, height, value) => {
        const flat = { width: w, height: h, data: new Uint8Array(w * h * 3).fill(value) };
        expect(new Set(resizeLanczos(flat, { width, height }).data)).toEqual(new Set([value]));
      }),
    );
  });
});
