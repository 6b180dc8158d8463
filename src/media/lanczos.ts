/** Scaling by Lanczos' windowed sinc of three lobes (Duchon 1979), for where there is no libvips; equal to its to about one level. */
import type { RgbImage } from '../core/image.ts';

const LOBES = 3;

function kernel(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const p = Math.PI * x;
  return (LOBES * Math.sin(p) * Math.sin(p / LOBES)) / (p * p);
}

/** For each sample of the result, the first of the source that counts and the weights from there on; they sum to 1. */
function tapsOf(from: number, to: number): { readonly first: number; readonly weights: Float32Array }[] {
  const scale = from / to;
  const wide = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - LOBES * wide));
    const last = Math.min(from - 1, Math.floor(centre + LOBES * wide));
    const weights = Float32Array.from({ length: last - first + 1 }, (__, k) =>
      kernel((first + k - centre) / wide),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** `image` scaled to exactly `width` x `height`; when reducing, the kernel is widened. */
export function resizeLanczos(
  image: RgbImage,
  { width, height }: { readonly width: number; readonly height: number },
): RgbImage {
  const across = tapsOf(image.width, width);
  const down = tapsOf(image.height, height);
  // First down, row by row, so that memory is read in its order.
  const tall = new Float32Array(image.width * 3 * height);
  const stride = image.width * 3;
  down.forEach(({ first, weights }, y) => {
    const row = tall.subarray(y * stride, (y + 1) * stride);
    weights.forEach((weight, k) => {
      const from = (first + k) * stride;
      for (let i = 0; i < stride; i++) row[i] += weight * image.data[from + i];
    });
  });
  const data = new Uint8ClampedArray(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, weights } = across[x];
      let r = 0;
      let g = 0;
      let b = 0;
      for (let k = 0, at = y * stride + first * 3; k < weights.length; k++, at += 3) {
        r += weights[k] * tall[at];
        g += weights[k] * tall[at + 1];
        b += weights[k] * tall[at + 2];
      }
      // Clamped and rounded by the array.
      const to = (y * width + x) * 3;
      data[to] = r;
      data[to + 1] = g;
      data[to + 2] = b;
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}
