/**
 * From many looks at one person to one. The rule by which the DFDC challenge was won ("confident strategy", Seferbekov
 * 2020): where enough frames are nearly sure, they decide alone; where nearly all see nothing, they do; otherwise the mean.
 */

const SURE = 0.8;
const UNSURE = 0.2;

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** Probability 0..1 of the person out of those of the frames; 0.5 for none. */
export function confidentStrategy(probabilities: readonly number[]): number {
  const n = probabilities.length;
  if (n === 0) return 0.5;
  const sure = probabilities.filter((p) => p > SURE);
  // The rule was made for 32 frames: of few frames, a third must be sure.
  if (sure.length > Math.min(Math.max(11, n / 2.5), Math.max(n / 3, 1))) return mean(sure);
  const unsure = probabilities.filter((p) => p < UNSURE);
  if (unsure.length > 0.9 * n) return mean(unsure);
  return mean(probabilities);
}

/** The logit of a probability, bounded. */
export function logitOf(p: number): number {
  const q = Math.min(0.999, Math.max(0.001, p));
  return Math.log(q / (1 - q));
}

/** Mean of the values of each second, NaN where there is none; as long as the clip, at most `most` seconds. */
export function bySecond(
  times: readonly number[],
  values: readonly number[],
  duration: number,
  most = 14_400,
): Float32Array {
  const seconds = Math.max(1, Math.min(most, Math.ceil(duration)));
  const sums = new Float32Array(seconds);
  const counts = new Float32Array(seconds);
  times.forEach((time, i) => {
    const s = Math.min(seconds - 1, Math.max(0, Math.floor(time)));
    sums[s] += values[i];
    counts[s]++;
  });
  return sums.map((sum, s) => (counts[s] ? sum / counts[s] : Number.NaN));
}
