/**
 * Pictures for tests of the zoo that need no corpus: a smooth gradient of two colours with one straight edge through it,
 * so that there is something blurred and something sharp to learn. Group 0 is reddish with an upright edge, group 1
 * bluish with a level one.
 */
import type { Random } from '../../core/random.ts';
import type { PictureSource } from '../declaration.ts';

export const gradients: PictureSource = {
  draw(random: Random, _subject, size, count, group) {
    const out = new Uint8Array(count * 3 * size * size);
    for (let n = 0; n < count; n++) {
      const kind = group ?? random.below(2);
      const edge = random.uniform(0.25, 0.75) * size;
      const step = random.uniform(40, 80);
      const [slopeX, slopeY] = [random.uniform(-1, 1), random.uniform(-1, 1)];
      for (let c = 0; c < 3; c++) {
        const base = random.uniform(70, 100) + (c === 2 * kind ? 50 : 0);
        for (let y = 0; y < size; y++)
          for (let x = 0; x < size; x++) {
            const slope = (slopeX * (x / size - 0.5) + slopeY * (y / size - 0.5)) * 50;
            const beyond = (kind === 0 ? x : y) > edge ? step : 0;
            out[((n * 3 + c) * size + y) * size + x] = Math.min(255, Math.max(0, base + slope + beyond));
          }
      }
    }
    return out;
  },
};
