/**
 * What the coded pictures of a clip tell without being decoded: gaps in the time line, key frames out of step, and a
 * rhythm in the sizes of predicted pictures, which an earlier coding with another distance between key frames leaves
 * behind (Wang and Farid 2006; Vazquez-Padin et al. 2012). Pure arithmetic.
 */
import type { Packet } from '../../core/media.ts';

export interface Timeline {
  readonly packets: number;
  /** Frames a second, of the median distance; 0 when unknown. */
  readonly frameRate: number;
  /** Times at which the next frame comes much later, or earlier, than is usual in the clip, in seconds. */
  readonly gaps: readonly number[];
  /** Usual distance between key frames in pictures; 0 for fewer than two. */
  readonly keyDistance: number;
  /** Share of key frames that stand elsewhere than at that distance. */
  readonly irregularKeys: number;
  /** A rhythm in the sizes of predicted pictures: its period in pictures and its strength in standard deviations. */
  readonly rhythm: { readonly period: number; readonly strength: number } | null;
}

const MOST_GAPS = 50;
/** Closer together than this, time stamps are damage and not a frame rate. */
const SHORTEST_SECONDS = 1e-4;
const LEAST_PACKETS = 24;
const LONGEST_PERIOD = 60;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

export function timelineOf(packets: readonly Packet[]): Timeline {
  const times = packets.map(({ time }) => time).sort((a, b) => a - b);
  const steps = times.slice(1).map((t, i) => t - times[i]);
  const usual = median(steps.filter((step) => step > 0));
  const gaps = steps.flatMap((step, i) => (usual > SHORTEST_SECONDS && step > 2.5 * usual ? [times[i]] : []));
  const keys = packets.flatMap(({ key }, i) => (key ? [i] : []));
  const distances = keys.slice(1).map((k, i) => k - keys[i]);
  const keyDistance = median(distances);
  return {
    packets: packets.length,
    frameRate: usual > SHORTEST_SECONDS ? 1 / usual : 0,
    gaps: gaps.slice(0, MOST_GAPS),
    keyDistance,
    irregularKeys: distances.length
      ? distances.filter((d) => d !== keyDistance).length / distances.length
      : 0,
    rhythm: rhythmOf(packets, keyDistance),
  };
}

/** The period other than the key distance (and its parts and multiples) at which predicted pictures are unusually large. */
function rhythmOf(packets: readonly Packet[], keyDistance: number): Timeline['rhythm'] {
  if (packets.length < LEAST_PACKETS) return null;
  const logs = packets.map(({ bytes, key }) => (key ? null : Math.log(bytes + 16)));
  // Against the neighbours, so that motion and scene drop out.
  const rises = logs.map((v, i) => {
    if (v === null) return null;
    const around = [logs[i - 2], logs[i - 1], logs[i + 1], logs[i + 2]].filter((x): x is number => x != null);
    return around.length >= 3 ? v - median(around) : null;
  });
  const known = rises.filter((x): x is number => x !== null);
  if (known.length < LEAST_PACKETS / 2) return null;
  const mean = known.reduce((a, b) => a + b, 0) / known.length;
  const sd = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length) + 1e-9;
  let best: { period: number; strength: number } | null = null;
  for (let period = 4; period <= Math.min(LONGEST_PERIOD, packets.length / 4); period++) {
    if (keyDistance > 0 && (period % keyDistance === 0 || keyDistance % period === 0)) continue;
    for (let phase = 0; phase < period; phase++) {
      let sum = 0;
      let n = 0;
      for (let i = phase; i < rises.length; i += period) {
        const rise = rises[i];
        if (rise === null) continue;
        sum += Math.min(3, (rise - mean) / sd);
        n++;
      }
      if (n < 4) continue;
      const strength = sum / Math.sqrt(n);
      if (!best || strength > best.strength) best = { period, strength };
    }
  }
  return best;
}
