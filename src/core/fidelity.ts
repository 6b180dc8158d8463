/** How much a picture was changed, in the two figures the field states. */
import { luma, type RgbImage } from './image.ts';

/**
 * Peak signal-to-noise ratio in dB over the three channels; Infinity for equal pictures. Throws RangeError for
 * different sizes.
 */
export function psnr(a: RgbImage, b: RgbImage): number {
  sameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i] - b.data[i]) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / a.data.length));
}

const RADIUS = 5;
/** Of structural similarity: the window's sigma in pixels, and the constants of its two terms for 8-bit levels. */
export const SSIM = { sigma: 1.5, c1: (0.01 * 255) ** 2, c2: (0.03 * 255) ** 2 } as const;

/**
 * Mean structural similarity of the lumas (Wang, Bovik, Sheikh and Simoncelli 2004): Gaussian window of 11 by 11,
 * sigma 1.5, taken where it lies wholly inside. NaN when a side is below 11. Throws RangeError for different sizes.
 */
export function ssim(a: RgbImage, b: RgbImage): number {
  sameSize(a, b);
  const { width, height } = a;
  const x = luma(a).data;
  const y = luma(b).data;
  const product = (p: Float32Array, q: Float32Array) => p.map((value, i) => value * q[i]);
  const mx = windowed(x, width, height);
  const my = windowed(y, width, height);
  const xx = windowed(product(x, x), width, height);
  const yy = windowed(product(y, y), width, height);
  const xy = windowed(product(x, y), width, height);
  let sum = 0;
  for (let i = 0; i < mx.length; i++) {
    const m = mx[i] * my[i];
    const squares = mx[i] * mx[i] + my[i] * my[i];
    const spread = xx[i] + yy[i] - squares;
    sum += ((2 * m + SSIM.c1) * (2 * (xy[i] - m) + SSIM.c2)) / ((squares + SSIM.c1) * (spread + SSIM.c2));
  }
  return sum / mx.length;
}

function sameSize(a: RgbImage, b: RgbImage): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(`${a.width}x${a.height} against ${b.width}x${b.height}`);
  }
}

/** Gaussian means where the window lies wholly inside: (width - 10) by (height - 10). */
function windowed(data: Float32Array, width: number, height: number): Float64Array {
  const kernel = Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
    Math.exp(-((i - RADIUS) ** 2) / (2 * SSIM.sigma ** 2)),
  );
  const total = kernel.reduce((s, k) => s + k, 0);
  const w = Math.max(0, width - 2 * RADIUS);
  const h = Math.max(0, height - 2 * RADIUS);
  const rows = new Float64Array(w * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k] * data[y * width + x + k];
      rows[y * w + x] = sum / total;
    }
  }
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let k = 0; k < kernel.length; k++) {
      const weight = kernel[k] / total;
      for (let x = 0; x < w; x++) out[y * w + x] += weight * rows[(y + k) * w + x];
    }
  }
  return out;
}
