/** Pictures made by arithmetic, for the tests of this room: scenery with sensor noise, JPEG's loss, pasting. */
import { dct8x8, idct8x8 } from '../../core/dct.ts';
import type { Box, RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';

/** Smooth scenery of several scales with sensor noise of `sigma` grey levels; grey, within about 25..230. */
export function scenery(width: number, height: number, seed: number, sigma = 2): RgbImage {
  const random = new Random(seed);
  const plane = new Float32Array(width * height).fill(128);
  for (const [scale, strength] of [
    [97, 45],
    [31, 22],
    [11, 11],
    [5, 5],
    [3, 4],
  ]) {
    const cols = Math.ceil(width / scale) + 2;
    const grid = Float32Array.from({ length: cols * (Math.ceil(height / scale) + 2) }, () => random.normal());
    for (let y = 0; y < height; y++) {
      const gy = Math.floor(y / scale);
      const fy = y / scale - gy;
      for (let x = 0; x < width; x++) {
        const gx = Math.floor(x / scale);
        const fx = x / scale - gx;
        const i = gy * cols + gx;
        const top = grid[i] * (1 - fx) + grid[i + 1] * fx;
        const bottom = grid[i + cols] * (1 - fx) + grid[i + cols + 1] * fx;
        plane[y * width + x] += strength * (top * (1 - fy) + bottom * fy);
      }
    }
  }
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < plane.length; i++) {
    const v = Math.max(20, Math.min(235, Math.round(plane[i] + sigma * random.normal())));
    data[i * 3] = v;
    data[i * 3 + 1] = v;
    data[i * 3 + 2] = v;
  }
  return { width, height, data };
}

const LUMA = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** The IJG luma table at a quality of 50 or more. */
export function tableAt(quality: number): number[] {
  return LUMA.map((v) => Math.max(1, Math.floor((v * (200 - 2 * quality) + 50) / 100)));
}

/** What saving a grey picture as JPEG does to its pixels, with the block grid starting at (x, y) modulo 8. */
export function lossOfJpeg(image: RgbImage, quality: number, x = 0, y = 0): RgbImage {
  const table = tableAt(quality);
  const { width, height } = image;
  const plane = Float32Array.from({ length: width * height }, (_, i) => image.data[i * 3]);
  const data = Uint8Array.from(image.data);
  const coefficients = new Float64Array(64);
  const block = new Float64Array(64);
  for (let by = y; by + 8 <= height; by += 8) {
    for (let bx = x; bx + 8 <= width; bx += 8) {
      dct8x8(plane, by * width + bx, width, coefficients);
      for (let i = 0; i < 64; i++) coefficients[i] = Math.round(coefficients[i] / table[i]) * table[i];
      idct8x8(coefficients, block);
      for (let i = 0; i < 64; i++) {
        const v = Math.max(0, Math.min(255, Math.round(block[i])));
        data.fill(
          v,
          ((by + (i >> 3)) * width + bx + (i & 7)) * 3,
          ((by + (i >> 3)) * width + bx + (i & 7)) * 3 + 3,
        );
      }
    }
  }
  return { width, height, data };
}

/** `host` with the same place of `donor` inside `box`. */
export function paste(host: RgbImage, donor: RgbImage, box: Box): RgbImage {
  const data = Uint8Array.from(host.data);
  for (let y = box.y; y < box.y + box.height; y++) {
    const at = (y * host.width + box.x) * 3;
    data.set(donor.data.subarray(at, at + box.width * 3), at);
  }
  return { width: host.width, height: host.height, data };
}
