/**
 * High-pass residuals: what is left of a picture when its content is predicted from the neighbourhood. All are
 * computed on the interior only, so that a plane of `width * height` gives `(width - 2) * (height - 2)` values.
 */
import type { Plane } from '../image.ts';

export type ResidualName = 'first' | 'second' | 'square' | 'diagonal';

/** Each filter with a loop of its own over the interior: these are the hot loops, and a shared one is not inlined. */
const FILTERS: Record<
  ResidualName,
  (d: Float32Array, width: number, height: number, out: Float32Array) => void
> = {
  first(d, width, height, out) {
    for (let y = 1, k = 0; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) out[k++] = d[i + 1] - d[i];
    }
  },
  second(d, width, height, out) {
    for (let y = 1, k = 0; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) out[k++] = 0.5 * (d[i - 1] + d[i + 1]) - d[i];
    }
  },
  square(d, width, height, out) {
    for (let y = 1, k = 0; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        const edges = d[i - 1] + d[i + 1] + d[i - width] + d[i + width];
        const corners = d[i - width - 1] + d[i - width + 1] + d[i + width - 1] + d[i + width + 1];
        out[k++] = 0.5 * edges - 0.25 * corners - d[i];
      }
    }
  },
  diagonal(d, width, height, out) {
    for (let y = 1, k = 0; y < height - 1; y++) {
      for (let i = y * width + 1; i < (y + 1) * width - 1; i++) {
        out[k++] = 0.5 * (d[i] - d[i + 1] - d[i + width] + d[i + width + 1]);
      }
    }
  },
};

export const RESIDUALS = Object.keys(FILTERS) as readonly ResidualName[];

/** Applies one of the filters; the result has `width - 2` by `height - 2` values. */
export function residual(plane: Plane, name: ResidualName): Plane {
  const width = plane.width - 2;
  const height = plane.height - 2;
  const data = new Float32Array(width * height);
  FILTERS[name](plane.data, plane.width, plane.height, data);
  return { width, height, data };
}

/** Moments of a residual: its mean absolute value, standard deviation, and kurtosis-like tail weight. */
export function spread(values: Float32Array): { meanAbs: number; sd: number; tail: number; zeros: number } {
  let a = 0;
  let s = 0;
  let f = 0;
  let z = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    const q = v * v;
    a += Math.abs(v);
    s += q;
    f += q * q;
    if (q < 0.0625) z++;
  }
  const n = Math.max(1, values.length);
  const variance = s / n + 1e-6;
  return {
    meanAbs: a / n,
    sd: Math.sqrt(variance),
    tail: Math.log(f / n / (variance * variance) + 1e-3),
    zeros: z / n,
  };
}
