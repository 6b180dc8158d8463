/**
 * A pulse from the colour of skin: two published projections of the mean R, G, B of a region over time, and how much of
 * the result is periodic at a heart's rate. POS (Wang, den Brinker, Stuijk and de Haan, IEEE TBME 64(7), 2017) and CHROM
 * (de Haan and Jeanne, IEEE TBME 60(10), 2013). Pure arithmetic on uniformly sampled signals.
 */

/** Heart rates looked for, in hertz: 42 to 180 beats a minute. */
export const LEAST_HZ = 0.7;
export const MOST_HZ = 3;

/** Means of one region over time: three equally long signals, 0..255, uniformly sampled. */
export interface SkinSignal {
  readonly r: Float64Array;
  readonly g: Float64Array;
  readonly b: Float64Array;
}

const mean = (x: Float64Array, from: number, to: number) => {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i];
  return sum / Math.max(1, to - from);
};

function deviation(x: Float64Array): number {
  const m = mean(x, 0, x.length);
  let sum = 0;
  for (const v of x) sum += (v - m) ** 2;
  return Math.sqrt(sum / Math.max(1, x.length));
}

/** POS: windows of 1.6 s, each normalised by its mean, projected on the plane orthogonal to the skin tone, overlap-added. */
export function pos({ r, g, b }: SkinSignal, rate: number): Float64Array {
  const n = r.length;
  const out = new Float64Array(n);
  const length = Math.min(n, Math.max(2, Math.ceil(1.6 * rate)));
  for (let start = 0; start + length <= n; start++) {
    const end = start + length;
    const [mr, mg, mb] = [mean(r, start, end), mean(g, start, end), mean(b, start, end)];
    if (!(mr > 1 && mg > 1 && mb > 1)) continue;
    const first = new Float64Array(length);
    const second = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const [cr, cg, cb] = [r[start + i] / mr, g[start + i] / mg, b[start + i] / mb];
      first[i] = cg - cb;
      second[i] = cg + cb - 2 * cr;
    }
    const alpha = deviation(first) / Math.max(1e-12, deviation(second));
    const h = first.map((v, i) => v + alpha * second[i]);
    const centre = mean(h, 0, length);
    for (let i = 0; i < length; i++) out[start + i] += h[i] - centre;
  }
  return out;
}

/** CHROM: two chrominance signals of the normalised colours, combined so that motion cancels. */
export function chrom({ r, g, b }: SkinSignal, rate: number): Float64Array {
  const n = r.length;
  const out = new Float64Array(n);
  const length = Math.min(n, Math.max(4, 2 * Math.ceil(0.8 * rate)));
  const hann = Float64Array.from(
    { length },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length),
  );
  for (let start = 0; start + length <= n; start += length >> 1) {
    const end = start + length;
    const [mr, mg, mb] = [mean(r, start, end), mean(g, start, end), mean(b, start, end)];
    if (!(mr > 1 && mg > 1 && mb > 1)) continue;
    const x = new Float64Array(length);
    const y = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const [cr, cg, cb] = [r[start + i] / mr - 1, g[start + i] / mg - 1, b[start + i] / mb - 1];
      x[i] = 3 * cr - 2 * cg;
      y[i] = 1.5 * cr + cg - 1.5 * cb;
    }
    const alpha = deviation(x) / Math.max(1e-12, deviation(y));
    for (let i = 0; i < length; i++) out[start + i] += (x[i] - alpha * y[i]) * hann[i];
  }
  return out;
}

export interface Spectrum {
  /** Hertz of each bin. */
  readonly hz: Float64Array;
  readonly power: Float64Array;
}

/** Power between LEAST_HZ and MOST_HZ in steps of 0.02 Hz, after the trend is removed and the ends are tapered. */
export function heartBand(signal: Float64Array, rate: number): Spectrum {
  const n = signal.length;
  const slope = trend(signal);
  const m = mean(signal, 0, n);
  const tapered = signal.map(
    (v, i) => (v - m - slope * (i - (n - 1) / 2)) * (0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / n)),
  );
  const bins = Math.floor((MOST_HZ - LEAST_HZ) / 0.02) + 1;
  const hz = Float64Array.from({ length: bins }, (_, k) => LEAST_HZ + 0.02 * k);
  const power = hz.map((f) => {
    let re = 0;
    let im = 0;
    const step = (2 * Math.PI * f) / rate;
    for (let i = 0; i < n; i++) {
      re += tapered[i] * Math.cos(step * i);
      im += tapered[i] * Math.sin(step * i);
    }
    return (re * re + im * im) / Math.max(1, n);
  });
  return { hz, power };
}

function trend(x: Float64Array): number {
  const n = x.length;
  const middle = (n - 1) / 2;
  let top = 0;
  let bottom = 1e-12;
  for (let i = 0; i < n; i++) {
    top += (i - middle) * x[i];
    bottom += (i - middle) ** 2;
  }
  return top / bottom;
}

export interface Beat {
  /** Hertz of the strongest rate. */
  readonly hz: number;
  /** Power near it and near its double against all other power in the band, in decibels. */
  readonly snrDb: number;
}

/** The strongest rate in the band and its signal-to-noise ratio (de Haan and Jeanne 2013, section III). */
export function beatOf({ hz, power }: Spectrum): Beat {
  let best = 0;
  for (let k = 1; k < power.length; k++) if (power[k] > power[best]) best = k;
  let signal = 0;
  let noise = 1e-15;
  for (let k = 0; k < power.length; k++) {
    const near = Math.abs(hz[k] - hz[best]) <= 0.15 || Math.abs(hz[k] - 2 * hz[best]) <= 0.2;
    if (near) signal += power[k];
    else noise += power[k];
  }
  return { hz: hz[best], snrDb: 10 * Math.log10(Math.max(1e-15, signal) / noise) };
}

/** Pearson's correlation; 0 where one of them does not vary. */
export function correlation(a: Float64Array, b: Float64Array): number {
  const [ma, mb] = [mean(a, 0, a.length), mean(b, 0, b.length)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
