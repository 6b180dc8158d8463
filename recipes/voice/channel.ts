/**
 * The roads a voice travels before it is judged, drawn at random and the same for both classes: otherwise a detector
 * learns microphones, loudness, pauses and codecs instead of voices.
 */
import { Random } from '../../src/core/random.ts';
import { resample } from '../../src/core/resample.ts';
import { throughMobileCall } from '../../src/media/sound/celp.ts';
import { throughCodec } from '../../src/media/sound/reshipping.node.ts';
import { filtered, throughTelephone } from '../../src/media/sound/telephone.ts';

export const RATE = 16_000;

/** Named roads, for measurement; `random` ones are for training. */
export const CONDITIONS = ['stored', 'telephone', 'mobile', 'mp3', 'opus'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Roads that let nothing above 4 kHz through, where only the narrow score counts. */
export const isNarrowRoad = (road: string): boolean => road === 'telephone' || road === 'mobile';

type Arrived = ReturnType<typeof throughTelephone>;

const ARRIVING: Readonly<
  Record<Exclude<Condition, 'stored'>, (samples: Float32Array) => Arrived | Promise<Arrived>>
> = {
  telephone: (samples) => throughTelephone(samples, RATE),
  mobile: (samples) => throughMobileCall(samples, RATE),
  mp3: (samples) => throughCodec(samples, RATE, 'mp3', 32_000),
  opus: (samples) => throughCodec(samples, RATE, 'opus', 12_000),
};

/** `samples` at 16 kHz after a named road, at 16 kHz again. */
export async function under(samples: Float32Array, condition: Condition): Promise<Float32Array> {
  if (condition === 'stored') return samples;
  const arrived = await ARRIVING[condition](samples);
  return resample(arrived.samples, arrived.rate, RATE);
}

function scaled(samples: Float32Array, factor: number): Float32Array {
  return samples.map((v) => Math.max(-1, Math.min(1, v * factor)));
}

function peakOf(samples: Float32Array): number {
  return samples.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6);
}

function rmsOf(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, v) => sum + v * v, 0) / Math.max(1, samples.length)) + 1e-9;
}

/** Noise with a spectrum between white and brown. */
function noise(length: number, colour: number, random: Random): Float32Array {
  const out = new Float32Array(length);
  let state = 0;
  for (let i = 0; i < length; i++) {
    const white = random.normal();
    state = colour * state + white;
    out[i] = state;
  }
  return out;
}

/** A small room: noise that fades away, after the direct sound. */
function room(samples: Float32Array, random: Random): Float32Array {
  const seconds = random.uniform(0.05, 0.35);
  const taps = 60;
  const level = random.uniform(0.02, 0.12);
  const out = samples.slice();
  for (let k = 0; k < taps; k++) {
    const delay = Math.round(RATE * (0.003 + random.uniform(0, seconds)));
    const gain = level * random.normal() * Math.exp((-4 * delay) / (RATE * seconds));
    for (let i = delay; i < out.length; i++) out[i] += gain * samples[i - delay];
  }
  return out;
}

/** A tilt and a bump, as microphones have. */
function coloured(samples: Float32Array, random: Random): Float32Array {
  const tilt = random.uniform(-0.45, 0.45);
  const out = new Float32Array(samples.length);
  let before = 0;
  for (let i = 0; i < samples.length; i++) {
    out[i] = samples[i] + tilt * before;
    before = samples[i];
  }
  return out;
}

/** Cuts quiet ends, or leaves a part only. */
function trimmed(samples: Float32Array, random: Random): Float32Array {
  const threshold = 0.03 * peakOf(samples);
  let from = 0;
  let to = samples.length;
  while (from < to && Math.abs(samples[from]) < threshold) from++;
  while (to > from && Math.abs(samples[to - 1]) < threshold) to--;
  const margin = Math.round(random.uniform(0, 0.15) * RATE);
  return samples.slice(Math.max(0, from - margin), Math.min(samples.length, to + margin));
}

const OTHER_RATES = [22_050, 24_000, 44_100, 48_000] as const;

/** A road drawn from `seed`. */
export async function randomRoad(original: Float32Array, seed: number): Promise<Float32Array> {
  const random = new Random(seed);
  const chance = (p: number) => random.chance(p);
  let x = chance(0.6) ? trimmed(original, random) : original;
  if (chance(0.5)) x = coloured(x, random);
  if (chance(0.3)) x = room(x, random);
  if (chance(0.55)) {
    const added = noise(x.length, random.uniform(0, 0.95), random);
    const gain = (rmsOf(x) / rmsOf(added)) * 10 ** (-random.uniform(12, 45) / 20);
    x = x.map((v, i) => v + gain * added[i]);
  }
  if (chance(0.25)) x = filtered(x, RATE, 'low', random.uniform(3300, 7800));
  if (chance(0.15)) x = filtered(x, RATE, 'high', random.uniform(60, 300));
  x = scaled(x, random.uniform(0.1, 0.98) / peakOf(x));
  if (chance(0.2)) {
    const other = random.pick(OTHER_RATES);
    x = resample(resample(x, RATE, other), other, RATE);
  }
  const rounds = chance(0.15) ? 2 : 1;
  for (let i = 0; i < rounds; i++) {
    const which = random.uniform();
    if (which < 0.3) continue;
    if (which < 0.45) {
      const { samples, rate } = throughTelephone(x, RATE, chance(0.5) ? 'mu' : 'a');
      x = resample(samples, rate, RATE);
      continue;
    }
    const [codec, rates] =
      which < 0.63
        ? (['mp3', [24_000, 32_000, 48_000, 64_000]] as const)
        : which < 0.82
          ? (['aac', [24_000, 32_000, 48_000, 64_000]] as const)
          : (['opus', [10_000, 12_000, 16_000, 24_000, 32_000]] as const);
    const arrived = await throughCodec(x, RATE, codec, random.pick<number>(rates));
    x = resample(arrived.samples, arrived.rate, RATE);
  }
  return x.map((v) => Math.round(v * 32_767) / 32_767);
}

/** A road drawn from `seed` that ends in a mobile call. */
export async function randomMobileRoad(original: Float32Array, seed: number): Promise<Float32Array> {
  const arrived = await randomRoad(original, seed);
  const { samples, rate } = throughMobileCall(arrived, RATE, seed % 2 === 0 ? 4 : 10);
  return resample(samples, rate, RATE);
}
