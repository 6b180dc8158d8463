/**
 * How diffusion mixes a picture with noise, and the steps back (Ho et al. 2020, arXiv:2006.11239; Song et al. 2020,
 * arXiv:2010.02502). Plain arithmetic on arrays: the network only says what it sees in a noisy picture.
 *
 * A noisy picture is signal * picture + spread * noise with signal² + spread² = 1; pictures are in -1..1 here.
 */
import type { Random } from '../../core/random.ts';
import type { DiffusionDeclaration } from '../declaration.ts';

/** Number of noise levels, from 0 (nearly clean) to TIMES - 1 (nearly noise). */
export const TIMES = 1000;

/** Numbers that tell a time to a network. */
export const TIME_FEATURES = 32;

/** signal² of every time, falling. Linear: arXiv:2006.11239; cosine: Nichol and Dhariwal 2021, arXiv:2102.09672. */
export function signalPowers(kind: DiffusionDeclaration['schedule']): Float64Array {
  const curve = (share: number) => Math.cos(((share + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  const powers = new Float64Array(TIMES);
  let power = 1;
  for (let t = 0; t < TIMES; t++) {
    const beta =
      kind === 'linear'
        ? 1e-4 + ((0.02 - 1e-4) * t) / (TIMES - 1)
        : Math.min(0.999, 1 - curve((t + 1) / TIMES) / curve(t / TIMES));
    power *= 1 - beta;
    powers[t] = power;
  }
  return powers;
}

/** Sines and cosines of a time at wavelengths from 2π to 20,000π steps (Vaswani et al. 2017, arXiv:1706.03762). */
export function timeFeatures(times: readonly number[]): Float32Array {
  const half = TIME_FEATURES / 2;
  const out = new Float32Array(times.length * TIME_FEATURES);
  times.forEach((time, n) => {
    for (let i = 0; i < half; i++) {
      const angle = time * 10_000 ** (-i / (half - 1));
      out[n * TIME_FEATURES + i] = Math.sin(angle);
      out[n * TIME_FEATURES + half + i] = Math.cos(angle);
    }
  });
  return out;
}

/** The times that a sampler of `steps` steps (1..TIMES) visits, falling to 0. */
export function visited(steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => Math.floor(((steps - 1 - i) * TIMES) / steps));
}

/** The clean picture, kept in -1..1, that a network meant when it `said` this of a noisy one at signal² = `power`. */
export function pictureMeant(
  target: DiffusionDeclaration['target'],
  noisy: Float32Array,
  said: Float32Array,
  power: number,
): Float32Array {
  const [signal, spread] = [Math.sqrt(power), Math.sqrt(1 - power)];
  return noisy.map((x, i) => {
    const s = said[i];
    const picture =
      target === 'picture' ? s : target === 'noise' ? (x - spread * s) / signal : signal * x - spread * s;
    return Math.min(1, Math.max(-1, picture));
  });
}

/**
 * From the noisy picture at signal² = `power`, of which `picture` is believed to be the clean one, to a less noisy one
 * at `next` (1: clean). `fresh` 1 draws the noise of the DDPM anew, 0 draws none (DDIM).
 */
export function stepBack(
  noisy: Float32Array,
  picture: Float32Array,
  power: number,
  next: number,
  fresh: 0 | 1,
  random: Random,
): Float32Array {
  const [signal, spread] = [Math.sqrt(power), Math.sqrt(1 - power)];
  const drawn = fresh * Math.sqrt(((1 - next) / (1 - power)) * (1 - power / next));
  const kept = Math.sqrt(Math.max(0, 1 - next - drawn ** 2));
  const nextSignal = Math.sqrt(next);
  return noisy.map((x, i) => {
    const noise = (x - signal * picture[i]) / spread;
    return nextSignal * picture[i] + kept * noise + (drawn > 0 ? drawn * random.normal() : 0);
  });
}
