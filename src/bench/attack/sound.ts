/**
 * The attack of somebody who can only ask, on sound: stretches of the recording get noise at the edge of the bound, of a
 * random colour, and a change is kept when the answer moved the right way. Square Attack (Andriushchenko et al.,
 * arXiv 1912.00049) with time in place of the picture's two directions.
 */
import { Random } from '../../core/random.ts';
import type { SquareOptions } from './square.ts';

/** Samples over which a sign is held at most: from white noise to a low hum. */
const LONGEST_SIGN = 12;

/**
 * `samples` in -1..1; so is what comes back. `epsilon` is of 255 of the recording's own peak, so that a quiet recording
 * is not drowned. `ask` gives the score of a sound, higher for fake; null where there is none, which counts as no gain.
 */
export async function soundSquareAttack(
  samples: Float32Array,
  ask: (samples: Float32Array) => Promise<number | null>,
  { epsilon, towards, queries, seed }: SquareOptions,
): Promise<Float32Array> {
  const random = new Random(seed);
  const peak = samples.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const reach = (epsilon / 255) * peak;
  const gain = async (tried: Float32Array) => {
    const score = await ask(tried);
    return score === null ? Number.NEGATIVE_INFINITY : towards * score;
  };
  const noisy = (base: Float32Array, from: number, to: number) => {
    const out = base.slice();
    const held = 1 + random.below(LONGEST_SIGN);
    for (let i = from; i < to; i += held) {
      const shift = random.chance(0.5) ? reach : -reach;
      for (let j = i; j < Math.min(to, i + held); j++) {
        out[j] = Math.min(1, Math.max(-1, samples[j] + shift));
      }
    }
    return out;
  };
  let best = samples;
  let most = await gain(samples);
  for (let query = 1; query < queries; query++) {
    // The whole at first, then ever shorter stretches.
    const share = query === 1 ? 1 : 0.5 * 0.5 ** Math.floor((4 * query) / queries);
    const length = Math.min(samples.length, Math.max(16, Math.round(share * samples.length)));
    const from = random.below(samples.length - length + 1);
    const tried = noisy(best, from, from + length);
    const gained = await gain(tried);
    if (gained > most) [best, most] = [tried, gained];
  }
  return best;
}
