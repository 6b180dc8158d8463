/**
 * The rule of `mask.ts` asks how strong a mark may be at each place, not how much of it a whole picture bears: on one that
 * is nearly all flat, what is harmless in a corner is seen everywhere. There the learned encoder moves strength to where
 * it shows less, only as far as it takes, and what is still too much goes.
 */
import { SSIM } from '../../core/fidelity.ts';
import type { Plane } from '../../core/image.ts';
import { TILE } from './carrier.ts';
import type { LearnedMark } from './learned.ts';
import { AROUND, biasAt, biases, type Mask, maskOf } from './mask.ts';
import { boxMean } from './plane.ts';

/** Structural similarity to the original that a marked picture is to keep (Wang et al. 2004): 0.98, and room for what is only expected here. */
const LEAST_SSIM = 0.983;
/** A wave of the middle frequency, in radians a cell. */
const WAVE = (2 * Math.PI * 18) / TILE;
/** Every so many-th cell along either axis is asked: an average of some ten thousand is sure enough. */
const STEP = 5;
/** Halvings of the interval in which the share lies. */
const ROUNDS = 6;

/**
 * The mask for luma 0..255, one sample a cell of `cell` pixels, of a picture that SSIM is kept for. Rejects with
 * HuoyanError `model-missing`.
 */
export async function calmMask(plane: Plane, cell: number, learned: LearnedMark): Promise<Mask> {
  const mask = maskOf(plane);
  const places = sampled(plane, Math.max(1, Math.round(AROUND.level / cell)));
  const seen = seenPower(cell);
  const expected = (strength: Float32Array) => expectedSsim(strength, places, seen);
  if (expected(mask.strength) >= LEAST_SSIM) return mask;
  const times = (await learned.times(plane)).data;
  const moved = (share: number) => movedBy(mask.strength, times, share);
  let [low, high] = [0, 1];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (expected(moved(middle)) >= LEAST_SSIM) high = middle;
    else low = middle;
  }
  const strength = moved(high);
  const gain = Math.min(1, Math.sqrt((1 - LEAST_SSIM) / (1 - expected(strength))));
  for (let i = 0; i < strength.length; i++) strength[i] *= gain;
  const smooth = boxMean(plane, AROUND.level).data;
  return { ...mask, strength, bias: biases(strength, smooth) };
}

/** A place that is asked: its number, the level around it, and what it differs by from that. */
interface Place {
  readonly at: number;
  readonly level: number;
  readonly variance: number;
}

/** Places all over the plane, each with the square around it that reaches `radius` cells to each side, as SSIM's window. */
function sampled({ width, height, data }: Plane, radius: number): Place[] {
  const places: Place[] = [];
  for (let y = radius; y < height - radius; y += STEP) {
    for (let x = radius; x < width - radius; x += STEP) {
      let [sum, squares] = [0, 0];
      for (let row = y - radius; row <= y + radius; row++) {
        for (let i = row * width + x - radius, last = i + 2 * radius; i <= last; i++) {
          sum += data[i];
          squares += data[i] * data[i];
        }
      }
      const level = sum / (2 * radius + 1) ** 2;
      const variance = Math.max(0, squares / (2 * radius + 1) ** 2 - level * level);
      places.push({ at: y * width + x, level, variance });
    }
  }
  return places;
}

/**
 * Share of the mark's power that SSIM sees, against cells of one pixel: waves longer than its window are to it a change of
 * level, as they are to the eye.
 */
function seenPower(cell: number): number {
  const within = (px: number) => 1 - Math.exp(-((WAVE / px) ** 2) * SSIM.sigma ** 2);
  return within(cell) / within(1);
}

/**
 * Of noise of deviation s on a place of variance v, SSIM is (2 v + C2) / (2 v + s^2 + C2); moving black and white away
 * from the ends of the scale costs as well.
 */
function expectedSsim(strength: Float32Array, places: readonly Place[], seen: number): number {
  let sum = 0;
  for (const { at, level, variance } of places) {
    const still = 2 * variance + SSIM.c2;
    const after = level + biasAt(strength[at], level);
    const alike = (2 * level * after + SSIM.c1) / (level * level + after * after + SSIM.c1);
    sum += (alike * still) / (still + seen * strength[at] * strength[at]);
  }
  return places.length > 0 ? sum / places.length : 1;
}

/** `strength` times `times` to the power of `share`, as much of it in all as before. */
function movedBy(strength: Float32Array, times: Float32Array, share: number): Float32Array {
  const out = strength.map((value, i) => value * times[i] ** share);
  let [before, after] = [0, 0];
  for (let i = 0; i < out.length; i++) {
    before += strength[i] * strength[i];
    after += out[i] * out[i];
  }
  const gain = Math.sqrt(before / after);
  for (let i = 0; i < out.length; i++) out[i] *= gain;
  return out;
}
