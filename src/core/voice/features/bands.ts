/**
 * How the spectrum moves: log energies in linearly spaced bands, their cepstrum (LFCC, Sahidullah et al. 2015), and the
 * first and second differences of both over time. Means are left out throughout: they tell the microphone and the line.
 */
import { PowerFrames } from '../../stft.ts';
import type { Clip } from './clip.ts';
import { Correlation, Moments } from './moments.ts';

const BANDS = 24;
const COEFFICIENTS = 20;
/** Frames are taken every 8 ms, over 32 ms. */
const HOP_S = 0.008;
const LOW_HZ = 120;
/** Decibels below the loudest cell at which a cell counts as empty, so that digital silence has no meaning of its own. */
const FLOOR_DB = 70;

/** 5 a band, 2 correlations, 3 a coefficient. */
export const BAND_STATISTICS = BANDS * 5 + (BANDS - 1) + BANDS + COEFFICIENTS * 3;

/** Middle of the band that statistic `j` is about, in Hz; null for cepstra, which are about all. */
export function bandFrequency(j: number, topHz: number): number | null {
  const middle = (b: number) => LOW_HZ + ((topHz - LOW_HZ) * (b + 0.5)) / BANDS;
  if (j < BANDS * 5) return middle(Math.floor(j / 5));
  if (j < BANDS * 6 - 1) return middle(j - BANDS * 5 + 0.5);
  return j < BANDS * 7 - 1 ? middle(j - BANDS * 6 + 1) : null;
}

/** Log energies [frames][BANDS] in decibels, floored; `topHz` is the end of the last band. */
function logBands({ samples, rate }: Clip, topHz: number): Float32Array[] {
  const hop = Math.round(HOP_S * rate);
  const stft = new PowerFrames(rate >= 12_000 ? 512 : 256);
  const power = new Float32Array(stft.bins);
  const count = Math.max(0, Math.floor((samples.length - stft.size) / hop) + 1);
  const width = (topHz - LOW_HZ) / BANDS;
  const rows: Float32Array[] = [];
  let most = -200;
  for (let t = 0; t < count; t++) {
    stft.frame(samples, t * hop, power);
    const row = new Float32Array(BANDS);
    for (let k = 0; k < stft.bins; k++) {
      // Triangular filters that overlap by half.
      const at = ((k * rate) / stft.size - LOW_HZ) / width - 0.5;
      const b = Math.floor(at);
      const f = at - b;
      if (b >= 0 && b < BANDS) row[b] += (1 - f) * power[k];
      if (b + 1 >= 0 && b + 1 < BANDS) row[b + 1] += f * power[k];
    }
    for (let b = 0; b < BANDS; b++) {
      row[b] = 10 * Math.log10(row[b] + 1e-12);
      most = Math.max(most, row[b]);
    }
    rows.push(row);
  }
  for (const row of rows) for (let b = 0; b < BANDS; b++) row[b] = Math.max(row[b], most - FLOOR_DB);
  return rows;
}

const COSINES = Array.from({ length: COEFFICIENTS }, (_, i) =>
  Float32Array.from(
    { length: BANDS },
    (_, b) => Math.cos((Math.PI * (i + 1) * (b + 0.5)) / BANDS) / Math.sqrt(BANDS / 2),
  ),
);

/** {@link BAND_STATISTICS} numbers. */
export function bandStatistics(clip: Clip, topHz: number): number[] {
  const rows = logBands(clip, topHz);
  const hop = HOP_S;
  const static_ = Array.from({ length: BANDS }, () => new Moments());
  const delta = Array.from({ length: BANDS }, () => new Moments());
  const accel = Array.from({ length: BANDS }, () => new Moments());
  const across = Array.from({ length: BANDS - 1 }, () => new Correlation());
  const along = Array.from({ length: BANDS }, () => new Correlation());
  const cepstra = Array.from({ length: COEFFICIENTS * 3 }, () => new Moments());
  const cepstrum = rows.map((row) =>
    COSINES.map((cosine) => {
      let sum = 0;
      for (let b = 0; b < BANDS; b++) sum += cosine[b] * row[b];
      return sum;
    }),
  );
  for (let t = 2; t + 2 < rows.length; t++) {
    if (!clip.activeAt((t + 2) * hop)) continue;
    const gain = rows[t].reduce((sum, v) => sum + v, 0) / BANDS;
    let before = 0;
    for (let b = 0; b < BANDS; b++) {
      const d = (rows[t + 1][b] - rows[t - 1][b]) / 2;
      static_[b].add(rows[t][b] - gain);
      delta[b].add(d);
      accel[b].add(rows[t + 1][b] - 2 * rows[t][b] + rows[t - 1][b]);
      along[b].add(rows[t][b] - rows[t - 1][b], rows[t + 1][b] - rows[t][b]);
      if (b > 0) across[b - 1].add(before, d);
      before = d;
    }
    for (let i = 0; i < COEFFICIENTS; i++) {
      cepstra[i * 3].add(cepstrum[t][i]);
      cepstra[i * 3 + 1].add(cepstrum[t + 1][i] - cepstrum[t - 1][i]);
      cepstra[i * 3 + 2].add(cepstrum[t + 1][i] - 2 * cepstrum[t][i] + cepstrum[t - 1][i]);
    }
  }
  const log = (m: Moments) => Math.log(m.sd + 0.05);
  const out: number[] = [];
  for (let b = 0; b < BANDS; b++) {
    out.push(log(static_[b]), log(delta[b]), log(accel[b]), static_[b].skewness, delta[b].tails);
  }
  out.push(...across.map((c) => c.value), ...along.map((c) => c.value), ...cepstra.map(log));
  return out;
}
