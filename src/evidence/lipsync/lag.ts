/**
 * Do mouth and voice move together? Both as curves over time, compared at every shift within a quarter of a second: a
 * mouth that speaks opens with the loudness of the voice, and leads or trails it by little.
 */

/** Uniformly sampled curves of one length; `rate` samples a second. */
export interface Sync {
  /** Largest correlation over all shifts, -1..1. */
  readonly correlation: number;
  /** Seconds by which the voice trails the mouth where they agree best; negative where it leads. */
  readonly lagSeconds: number;
  /** Correlation without any shift. */
  readonly atZero: number;
  /** How much better the best shift is than the median of all, in correlation. */
  readonly peak: number;
}

export const MOST_LAG_SECONDS = 0.5;

/** Both curves are smoothed and freed of slow drift first. Throws RangeError for curves of unequal or too small length. */
export function syncOf(mouth: Float64Array, voice: Float64Array, rate: number): Sync {
  const most = Math.round(MOST_LAG_SECONDS * rate);
  if (mouth.length !== voice.length || mouth.length < 2 * most + 4)
    throw new RangeError(`curves of ${mouth.length} and ${voice.length} samples`);
  const a = detrended(mouth, rate);
  const b = detrended(voice, rate);
  const values: number[] = [];
  for (let lag = -most; lag <= most; lag++) values.push(correlationAt(a, b, lag));
  const best = values.indexOf(Math.max(...values));
  const sorted = [...values].sort((p, q) => p - q);
  return {
    correlation: values[best],
    lagSeconds: (best - most) / rate,
    atZero: values[most],
    peak: values[best] - sorted[sorted.length >> 1],
  };
}

/** Minus its mean over two seconds, averaged over three samples. */
function detrended(x: Float64Array, rate: number): Float64Array {
  const radius = Math.max(1, Math.round(rate));
  return x.map((_, i) => {
    const around = (r: number) => {
      let sum = 0;
      let count = 0;
      for (let j = Math.max(0, i - r); j <= Math.min(x.length - 1, i + r); j++) {
        sum += x[j];
        count++;
      }
      return sum / count;
    };
    return around(1) - around(radius);
  });
}

/** Correlation of a[i] with b[i + lag] over what overlaps. */
function correlationAt(a: Float64Array, b: Float64Array, lag: number): number {
  const from = Math.max(0, -lag);
  const to = Math.min(a.length, b.length - lag);
  const n = to - from;
  let ma = 0;
  let mb = 0;
  for (let i = from; i < to; i++) {
    ma += a[i] / n;
    mb += b[i + lag] / n;
  }
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = from; i < to; i++) {
    ab += (a[i] - ma) * (b[i + lag] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i + lag] - mb) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** `values` at ascending `times`, resampled linearly to `rate` from `start` on, `count` samples. */
export function resampled(
  times: readonly number[],
  values: readonly number[],
  start: number,
  rate: number,
  count: number,
): Float64Array {
  const out = new Float64Array(count);
  let k = 0;
  for (let i = 0; i < count; i++) {
    const t = start + i / rate;
    while (k < times.length - 2 && times[k + 1] < t) k++;
    const [t0, t1] = [times[k], times[Math.min(k + 1, times.length - 1)]];
    const f = t1 > t0 ? Math.min(1, Math.max(0, (t - t0) / (t1 - t0))) : 0;
    out[i] = values[k] + (values[Math.min(k + 1, values.length - 1)] - values[k]) * f;
  }
  return out;
}
