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

/** One tile for the code bits, `n` by `n` samples, mean 0, root mean square 1. */
export function drawTile(carrier: Carrier, code: Uint8Array, n: number): Float32Array {
  const waves: Waves = noWaves();
  const dimensions = carrier.known.length + carrier.data.length;
  // A wave of complex amplitude a has power |a|^2 / 2.
  const each = Math.sqrt((2 * (1 - PILOT_SHARE)) / dimensions);
  for (const { kx, ky, part, sign, bit } of [...carrier.known, ...carrier.data]) {
    waves[waveAt(kx, ky) + part] += each * sign * (bit < 0 || code[bit] ? 1 : -1);
  }
  const pilot = Math.sqrt((2 * PILOT_SHARE) / carrier.pilots.length);
  for (const { kx, ky, phase } of carrier.pilots) {
    waves[waveAt(kx, ky)] += pilot * Math.cos(phase);
    waves[waveAt(kx, ky) + 1] += pilot * Math.sin(phase);
  }
  return synthesise(waves, n);
}
