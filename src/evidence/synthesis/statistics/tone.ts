/**
 * Tone, colour and the relation of noise to brightness: clipped ends, saturation, contrast, and how the residual's
 * strength is spread over the picture. A sensor's noise grows with light and is nowhere quite absent; a generator's is
 * neither.
 */
import type { Plane, RgbImage } from '../../../core/image.ts';

const QUANTILES = [0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98];

export const TONE_FEATURES = QUANTILES.length * 4 + 10;

function quantiles(values: Float32Array): number[] {
  const sorted = values.slice().sort();
  return QUANTILES.map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
}

/**
 * Writes {@link TONE_FEATURES} numbers to `out` at `at`.
 * `light` is luma 0..255, `rough` a residual of it, two pixels narrower and lower.
 */
export function tone(image: RgbImage, light: Plane, rough: Plane, out: Float32Array, at: number): number {
  const { data } = image;
  const pixels = image.width * image.height;
  const stride = Math.max(1, Math.floor(pixels / 4096)) | 1;
  const n = Math.floor((pixels - 1) / stride) + 1;
  const value = new Float32Array(n);
  const saturation = new Float32Array(n);
  let low = 0;
  let high = 0;
  let warm = 0;
  let green = 0;
  let mean = 0;
  for (let k = 0; k < n; k++) {
    const i = k * stride * 3;
    const r = data[i];
    const g = data[i + 1];
    const b = data[i + 2];
    const max = Math.max(r, g, b);
    const min = Math.min(r, g, b);
    value[k] = 0.299 * r + 0.587 * g + 0.114 * b;
    mean += value[k];
    saturation[k] = (max - min) / (max + 8);
    warm += r - b;
    green += 2 * g - r - b;
    if (min <= 2) low++;
    if (max >= 253) high++;
  }
  mean /= n;
  let variance = 0;
  for (let k = 0; k < n; k++) variance += (value[k] - mean) ** 2;
  for (const q of quantiles(value)) out[at++] = q / 64;
  for (const q of quantiles(saturation)) out[at++] = q * 4;
  out[at++] = low / n;
  out[at++] = high / n;
  out[at++] = warm / n / 32;
  out[at++] = green / n / 32;
  out[at++] = Math.log(Math.sqrt(variance / n) + 1);

  const cell = 8;
  const columns = Math.floor(rough.width / cell);
  const rows = Math.floor(rough.height / cell);
  const strength = new Float32Array(columns * rows);
  const contrast = new Float32Array(columns * rows);
  const dots = [0, 0, 0, 0, 0];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      let energy = 0;
      let sum = 0;
      let squares = 0;
      for (let y = 0; y < cell; y++) {
        for (let x = 0; x < cell; x++) {
          const e = rough.data[(j * cell + y) * rough.width + i * cell + x];
          const l = light.data[(j * cell + y + 1) * light.width + i * cell + x + 1];
          energy += e * e;
          sum += l;
          squares += l * l;
        }
      }
      const area = cell * cell;
      const average = sum / area;
      const s = Math.log(Math.sqrt(energy / area) + 0.05);
      strength[j * columns + i] = s;
      contrast[j * columns + i] = Math.log(Math.sqrt(Math.max(0, squares / area - average * average)) + 0.25);
      const b = average / 255;
      dots[0] += s;
      dots[1] += s * s;
      dots[2] += b;
      dots[3] += b * b;
      dots[4] += s * b;
    }
  }
  const strengths = quantiles(strength);
  const contrasts = quantiles(contrast);
  for (const q of strengths) out[at++] = q;
  for (const q of contrasts) out[at++] = q;
  const cells = Math.max(1, columns * rows);
  const covariance = dots[4] / cells - (dots[0] / cells) * (dots[2] / cells);
  const sdS = Math.sqrt(Math.max(1e-6, dots[1] / cells - (dots[0] / cells) ** 2));
  const sdB = Math.sqrt(Math.max(1e-6, dots[3] / cells - (dots[2] / cells) ** 2));
  out[at++] = covariance / (sdS * sdB);
  out[at++] = sdS;
  out[at++] = strengths[6] - strengths[0];
  out[at++] = correlation(strength, contrast);
  out[at++] = contrasts[0] - strengths[0];
  return at;
}

function correlation(a: Float32Array, b: Float32Array): number {
  let sa = 0;
  let sb = 0;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    sa += a[i];
    sb += b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
    ab += a[i] * b[i];
  }
  const n = Math.max(1, a.length);
  const va = aa / n - (sa / n) ** 2;
  const vb = bb / n - (sb / n) ** 2;
  return (ab / n - (sa / n) * (sb / n)) / Math.sqrt(Math.max(1e-9, va * vb));
}
