/**
 * What the mark is made of. A square tile of 128 units, repeated without end, is a sum of some thousand waves of whole
 * order; each key has its own. Six strong ones, the pilots, betray scale, rotation, perspective and place to whoever
 * knows the key; one in ten is a weaker known one, by which a reader makes sure; the rest carry the code bits, each bit
 * on several waves of high and of low frequency, so that neither blur nor coarse texture silences a bit.
 */
import { CODE_BITS } from './code.ts';
import { noWaves, synthesise, type Waves, waveAt } from './harmonics.ts';
import { KeyStream } from './key-stream.ts';

/** Side of the tile, in mark units. */
export const TILE = 128;
const LOWEST = 5;
const HIGHEST = 26;
/** Orders of the six pilots: three below, three above. */
const PILOT_RADII = [
  [11, 14],
  [18.5, 21.5],
] as const;
const PILOTS = 6;
/** Every so many-th wave is a known one. */
const KNOWN_EVERY = 10;
/** Share of the mark's power in its pilots. */
const PILOT_SHARE = 0.32;

export interface Pilot {
  /** Order along x and y: periods a tile. */
  readonly kx: number;
  readonly ky: number;
  /** Phase at the tile's origin, radians. */
  readonly phase: number;
}

/** One real amplitude: the cosine (`part` 0) or sine (1) of a wave. */
export interface Dimension {
  readonly kx: number;
  readonly ky: number;
  readonly part: 0 | 1;
  /** +1 or -1. */
  readonly sign: number;
  /** The code bit it carries; -1 for a known one. */
  readonly bit: number;
}

export interface Carrier {
  readonly pilots: readonly Pilot[];
  readonly known: readonly Dimension[];
  readonly data: readonly Dimension[];
}

/** The carrier of `key`. */
export function carrierOf(key: string): Carrier {
  const stream = new KeyStream(key, 'carrier');
  const pilots = drawPilots(stream);
  const taken = new Set(pilots.map(({ kx, ky }) => `${kx},${ky}`));
  const waves: { kx: number; ky: number; radius: number }[] = [];
  for (let ky = 1; ky <= HIGHEST; ky++) {
    for (let kx = -HIGHEST; kx <= HIGHEST; kx++) {
      const radius = Math.hypot(kx, ky);
      if (kx === 0 || radius < LOWEST || radius > HIGHEST || taken.has(`${kx},${ky}`)) continue;
      waves.push({ kx, ky, radius });
    }
  }
  waves.sort((a, b) => a.radius - b.radius || a.kx - b.kx);
  const known: Dimension[] = [];
  const carrying: Omit<Dimension, 'bit'>[] = [];
  waves.forEach(({ kx, ky }, i) => {
    for (const part of [0, 1] as const) {
      const one = { kx, ky, part, sign: stream.bit() * 2 - 1 };
      if (i % KNOWN_EVERY === 0) known.push({ ...one, bit: -1 });
      else carrying.push(one);
    }
  });
  // Dealt out in rounds from low to high frequency: every bit gets one of each round.
  const data: Dimension[] = [];
  for (let from = 0; from < carrying.length; from += CODE_BITS) {
    const bits = stream.shuffle(Array.from({ length: CODE_BITS }, (_, i) => i));
    carrying.slice(from, from + CODE_BITS).forEach((one, i) => {
      data.push({ ...one, bit: bits[i] });
    });
  }
  return { pilots, known, data };
}

/** One pilot in each sixth of the half plane, away from the axes, where pictures have their own lines. */
function drawPilots(stream: KeyStream): Pilot[] {
  const rings = stream.shuffle([0, 0, 0, 1, 1, 1]);
  const centres = [17, 43, 73, 107, 137, 163];
  const pilots: Pilot[] = [];
  for (let i = 0; i < PILOTS; i++) {
    const [low, high] = PILOT_RADII[rings[i]];
    const radius = low + (high - low) * stream.real();
    const angle = ((centres[i] + (stream.real() - 0.5) * 16) * Math.PI) / 180;
    const kx = Math.round(radius * Math.cos(angle));
    const ky = Math.max(2, Math.round(radius * Math.sin(angle)));
    pilots.push({ kx: kx === 0 ? 2 : kx, ky, phase: 2 * Math.PI * stream.real() });
  }
  return pilots;
}

/**
 * Amplitude of waves by the ring of their frequency (edges in periods a tile), as it was learnt together with encoder and
 * decoder (`recipes/watermark`): most where neither coarse texture nor a soft lens covers them.
 */
export const RING_EDGES = [0, 8, 11, 14, 17, 20, 23, 40] as const;
const SPECTRUM: readonly number[] = [0.82, 0.78, 0.85, 1.34, 1.5, 1.33, 0.94];

/** The ring of wave (kx, ky). */
export function ringOf(kx: number, ky: number): number {
  const radius = Math.hypot(kx, ky);
  return RING_EDGES.findIndex((_, r) => radius < (RING_EDGES[r + 1] ?? Number.POSITIVE_INFINITY));
}

/** A wave of complex amplitude: the real part of `(re + i im) exp(i (kx x + ky y))`. */
export interface DrawnWave {
  readonly kx: number;
  readonly ky: number;
  readonly re: number;
  readonly im: number;
}

/** What a tile for the code bits is the sum of, amplitudes by `spectrum`; root mean square 1. */
export function drawnAs(
  carrier: Carrier,
  code: Uint8Array,
  spectrum = SPECTRUM,
): { readonly data: readonly DrawnWave[]; readonly pilots: readonly DrawnWave[] } {
  const dimensions = [...carrier.known, ...carrier.data];
  const shares = dimensions.map(({ kx, ky }) => spectrum[ringOf(kx, ky)]);
  // A wave of complex amplitude a has power |a|^2 / 2.
  const each = Math.sqrt((2 * (1 - PILOT_SHARE)) / shares.reduce((sum, share) => sum + share * share, 0));
  const pilot = Math.sqrt((2 * PILOT_SHARE) / carrier.pilots.length);
  return {
    data: dimensions.map(({ kx, ky, part, sign, bit }, i) => {
      const amplitude = each * shares[i] * sign * (bit < 0 || code[bit] ? 1 : -1);
      return { kx, ky, re: part === 0 ? amplitude : 0, im: part === 1 ? amplitude : 0 };
    }),
    pilots: carrier.pilots.map(({ kx, ky, phase }) => ({
      ...{ kx, ky, re: pilot * Math.cos(phase), im: pilot * Math.sin(phase) },
    })),
  };
}

/** One tile for the code bits, `n` by `n` samples, mean 0, root mean square 1. */
export function drawTile(carrier: Carrier, code: Uint8Array, n: number): Float32Array {
  const waves: Waves = noWaves();
  const { data, pilots } = drawnAs(carrier, code);
  for (const { kx, ky, re, im } of [...data, ...pilots]) {
    waves[waveAt(kx, ky)] += re;
    waves[waveAt(kx, ky) + 1] += im;
  }
  return synthesise(waves, n);
}
