/**
 * The wave itself: what linear prediction cannot foresee, as co-occurrences of neighbouring values (as residuals of
 * pictures are described), and the course of short-time envelopes within a pitch period. A throat excites all bands at
 * one instant, once a period; many synthesisers do not.
 */
import { PowerFrames } from '../../stft.ts';
import type { Clip } from './clip.ts';
import { Moments } from './moments.ts';

const ORDER = 20;
/** Values are counted in five steps: -2 .. 2. */
const LEVELS = 5;
const FOLDED = (LEVELS ** 3 + 1) / 2;
/** Quantisation step, in local standard deviations. */
const STEP = 0.6;
const GAPS = [1, 2] as const;
const ENVELOPE_BANDS = 8;
/** Modulation of the envelopes is told at these frequencies. */
const MODULATION_HZ = [20, 35, 50, 70, 90, 120, 160, 210, 270, 350] as const;

export const TEXTURE_STATISTICS =
  GAPS.length * FOLDED + 3 + ENVELOPE_BANDS * 3 + ENVELOPE_BANDS * MODULATION_HZ.length;

/** {@link TEXTURE_STATISTICS} numbers. */
export function textureStatistics(clip: Clip, topHz: number): number[] {
  return [...residualStatistics(clip), ...envelopeStatistics(clip, topHz)];
}

/** Middle of the band that statistic `j` is about, in Hz; null for those of the whole wave. */
export function textureFrequency(j: number, topHz: number): number | null {
  const at = j - GAPS.length * FOLDED - 3;
  if (at < 0) return null;
  const band = Math.floor(at / (3 + MODULATION_HZ.length));
  return 200 + ((topHz - 200) * (band + 0.5)) / ENVELOPE_BANDS;
}

/** Long-term linear prediction over the active parts (Levinson and Durbin). */
function predictor({ samples, rate, activeAt }: Clip): Float64Array {
  const r = new Float64Array(ORDER + 1);
  for (let i = ORDER; i < samples.length; i++) {
    if (!activeAt(i / rate)) continue;
    for (let k = 0; k <= ORDER; k++) r[k] += samples[i] * samples[i - k];
  }
  r[0] = r[0] * 1.0001 + 1e-9;
  const a = new Float64Array(ORDER + 1);
  a[0] = 1;
  let error = r[0];
  for (let i = 1; i <= ORDER; i++) {
    let k = r[i];
    for (let j = 1; j < i; j++) k += a[j] * r[i - j];
    k = -k / error;
    for (let j = 1; j <= i / 2; j++) {
      const [x, y] = [a[j], a[i - j]];
      a[j] = x + k * y;
      if (j !== i - j) a[i - j] = y + k * x;
    }
    a[i] = k;
    error *= 1 - k * k;
    if (!(error > 1e-12)) break;
  }
  return a;
}

/** Index of a triple and its negative alike: polarity is a matter of cables. */
const FOLD: Uint8Array = (() => {
  const total = LEVELS ** 3;
  const fold = new Uint8Array(total);
  for (let i = 0; i < total; i++) fold[i] = Math.min(i, total - 1 - i);
  return fold;
})();

function residualStatistics(clip: Clip): number[] {
  const { samples, rate } = clip;
  const a = predictor(clip);
  const residual = new Float32Array(samples.length);
  for (let i = ORDER; i < samples.length; i++) {
    let sum = samples[i];
    for (let k = 1; k <= ORDER; k++) sum += a[k] * samples[i - k];
    residual[i] = sum;
  }
  const counts = GAPS.map(() => new Float64Array(FOLDED));
  const totals = GAPS.map(() => 0);
  const all = new Moments();
  const peaks = new Moments();
  const block = Math.round(0.02 * rate);
  const quantised = new Int8Array(samples.length);
  for (let from = ORDER; from + block <= samples.length; from += block) {
    if (!clip.activeAt((from + block / 2) / rate)) continue;
    let square = 0;
    let most = 0;
    for (let i = from; i < from + block; i++) {
      square += residual[i] ** 2;
      most = Math.max(most, Math.abs(residual[i]));
    }
    const sd = Math.sqrt(square / block) + 1e-9;
    peaks.add(Math.log(most / sd + 1e-3));
    for (let i = from; i < from + block; i++) {
      const v = residual[i] / sd;
      all.add(Math.max(-8, Math.min(8, v)));
      quantised[i] = Math.max(-2, Math.min(2, Math.round(v / STEP)));
    }
    GAPS.forEach((gap, g) => {
      for (let i = from; i + 2 * gap < from + block; i++) {
        const index =
          (quantised[i] + 2) * LEVELS * LEVELS +
          (quantised[i + gap] + 2) * LEVELS +
          quantised[i + 2 * gap] +
          2;
        counts[g][FOLD[index]]++;
        totals[g]++;
      }
    });
  }
  const out: number[] = [];
  counts.forEach((c, g) => {
    // Hellinger scale: differences of rare patterns count as well.
    for (const v of c) out.push(10 * Math.sqrt(v / Math.max(1, totals[g])));
  });
  out.push(Math.abs(all.skewness), all.tails, peaks.mean);
  return out;
}

/** Envelopes at 1 ms in a few bands: how peaked they are, how much of them moves at which rate. */
function envelopeStatistics(clip: Clip, topHz: number): number[] {
  const { samples, rate } = clip;
  const size = rate >= 12_000 ? 64 : 32;
  const stft = new PowerFrames(size);
  const power = new Float32Array(stft.bins);
  const hop = Math.round(rate / 1000);
  const count = Math.max(0, Math.floor((samples.length - size) / hop));
  const envelopes = Array.from({ length: ENVELOPE_BANDS }, () => new Float32Array(count));
  for (let t = 0; t < count; t++) {
    if (!clip.activeAt(t / 1000)) continue;
    stft.frame(samples, t * hop, power);
    for (let b = 0; b < ENVELOPE_BANDS; b++) {
      const from = ((200 + ((topHz - 200) * b) / ENVELOPE_BANDS) * size) / rate;
      const to = ((200 + ((topHz - 200) * (b + 1)) / ENVELOPE_BANDS) * size) / rate;
      let sum = 0;
      for (let k = Math.floor(from); k <= Math.min(stft.bins - 1, Math.floor(to)); k++) {
        const share = Math.min(k + 1, to) - Math.max(k, from);
        sum += Math.max(0, share) * power[k];
      }
      envelopes[b][t] = Math.sqrt(sum);
    }
  }
  const frame = 128;
  const spectrum = new PowerFrames(frame);
  const modulation = new Float32Array(spectrum.bins);
  const window = new Float32Array(frame);
  const out: number[] = [];
  for (const envelope of envelopes) {
    const peaked = new Moments();
    const tails = new Moments();
    const shares = MODULATION_HZ.map(() => new Moments());
    for (let at = 0; at + frame <= count; at += frame / 2) {
      if (!clip.voicedAt((at + frame / 2) / 1000)) continue;
      const m = new Moments();
      let most = 0;
      for (let i = 0; i < frame; i++) {
        m.add(envelope[at + i]);
        most = Math.max(most, envelope[at + i]);
      }
      if (m.mean < 1e-7) continue;
      peaked.add(Math.log(most / m.mean));
      tails.add(m.tails);
      for (let i = 0; i < frame; i++) window[i] = envelope[at + i] / m.mean - 1;
      spectrum.frame(window, 0, modulation);
      shares.forEach((share, i) => {
        const k = Math.round((MODULATION_HZ[i] * frame) / 1000);
        share.add(Math.log(modulation[k - 1] + modulation[k] + modulation[k + 1] + 1e-3));
      });
    }
    out.push(peaked.mean, Math.log(peaked.sd + 0.02), tails.mean, ...shares.map((s) => s.mean));
  }
  return out;
}
