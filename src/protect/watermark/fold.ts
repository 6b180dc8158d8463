/**
 * From a flattened picture, one sample a mark unit, to a message: all tiles averaged into one, its place found by the
 * known waves, every wave weighed by how well the known ones of its frequency survived, and the code decoded.
 */
import type { Plane } from '../../core/image.ts';
import { type Carrier, type Dimension, TILE } from './carrier.ts';
import { CODE_BITS, type Decoding, decode } from './code.ts';
import { analyse, noWaves, synthesise, type Waves, waveAt } from './harmonics.ts';

/** Rings of frequency that are weighed apart. */
const RINGS = 7;
const RING_WIDTH = 26 / RINGS;

/** All tiles of `plane` (one sample a unit) in one, each sample the mean of those at its place. */
export function fold(plane: Plane, inside?: Uint8Array): Float32Array {
  const sum = new Float32Array(TILE * TILE);
  const count = new Float32Array(TILE * TILE);
  for (let y = 0, at = 0; y < plane.height; y++) {
    const row = (y % TILE) * TILE;
    for (let x = 0; x < plane.width; x++, at++) {
      if (inside && !inside[at]) continue;
      sum[row + (x % TILE)] += plane.data[at];
      count[row + (x % TILE)]++;
    }
  }
  for (let i = 0; i < sum.length; i++) if (count[i] > 0) sum[i] /= count[i];
  return sum;
}

export interface Placed {
  /** Where the tile's origin lies, in units 0 .. 127. */
  readonly dx: number;
  readonly dy: number;
  /** Correlation there, in standard deviations of all places. */
  readonly height: number;
}

/** The likeliest places of the tile's origin, best first. */
export function places(waves: Waves, carrier: Carrier, count: number): Placed[] {
  const cross = noWaves();
  const spread = ringPower(waves, carrier);
  const add = (kx: number, ky: number, re: number, im: number, weight: number) => {
    const at = waveAt(kx, ky);
    // conj(observed) times expected: at a shift (dx, dy) observed = expected * exp(-i k d).
    cross[at] += weight * (waves[at] * re + waves[at + 1] * im);
    cross[at + 1] += weight * (waves[at] * im - waves[at + 1] * re);
  };
  for (const { kx, ky, phase } of carrier.pilots) {
    add(kx, ky, Math.cos(phase), Math.sin(phase), 2.5 / spread[ring(kx, ky)]);
  }
  for (const { kx, ky, part, sign } of carrier.known) {
    add(kx, ky, part === 0 ? sign : 0, part === 1 ? sign : 0, 1 / spread[ring(kx, ky)]);
  }
  const map = synthesise(cross, TILE);
  let power = 0;
  for (const value of map) power += value * value;
  const deviation = Math.sqrt(power / map.length) || 1;
  const peaks: Placed[] = [];
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < TILE; x++) {
      const value = map[y * TILE + x];
      if (value < 2.5 * deviation) continue;
      const higher = [-1, 0, 1].some((dy) =>
        [-1, 0, 1].some((dx) => map[((y + dy + TILE) % TILE) * TILE + ((x + dx + TILE) % TILE)] > value),
      );
      if (!higher) peaks.push({ dx: x, dy: y, height: value / deviation });
    }
  }
  return peaks.sort((a, b) => b.height - a.height).slice(0, count);
}

function ring(kx: number, ky: number): number {
  return Math.min(RINGS - 1, Math.floor(Math.hypot(kx, ky) / RING_WIDTH));
}

/** Of normal values, the median size in deviations. */
const MEDIAN = 0.6745;
/** Most that one wave counts, in deviations of its ring: a fence, a moire or lines of text are a few waves, and huge. */
const MOST = 3;

/** Deviation of one real amplitude in each ring, by its median, which a few huge waves do not move. */
function ringPower(waves: Waves, carrier: Carrier): Float64Array {
  const sizes: number[][] = Array.from({ length: RINGS }, () => []);
  for (const { kx, ky, part } of carrier.data) {
    sizes[ring(kx, ky)].push(Math.abs(waves[waveAt(kx, ky) + part]));
  }
  return Float64Array.from(sizes, (ring) => {
    const middle = ring.sort((a, b) => a - b)[ring.length >> 1] ?? 0;
    return middle / MEDIAN + 1e-12;
  });
}

/** Known waves that the mean over all rings is worth in each. */
const PRIOR = 20;
/** No wave is surer than this, in its ring's deviations. */
const MOST_SURE = 0.85;

const limited = (value: number) => Math.max(-MOST, Math.min(MOST, value));

/** `waves` as they would be with the tile's origin moved by (dx, dy) units to the sample 0, 0. */
function shifted(waves: Waves, dimensions: readonly Dimension[], dx: number, dy: number): Float64Array {
  return Float64Array.from(dimensions, ({ kx, ky, part }) => {
    const at = waveAt(kx, ky);
    const angle = (2 * Math.PI * (kx * dx + ky * dy)) / TILE;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    return part === 0 ? waves[at] * c + waves[at + 1] * s : waves[at + 1] * c - waves[at] * s;
  });
}

/** Reads the message with the tile's origin at (dx, dy). */
export function readAt(waves: Waves, carrier: Carrier, dx: number, dy: number): Decoding {
  const known = shifted(waves, carrier.known, dx, dy);
  const data = shifted(waves, carrier.data, dx, dy);
  const spread = ringPower(waves, carrier);
  const survived = new Float64Array(RINGS);
  const counted = new Float64Array(RINGS);
  carrier.known.forEach(({ kx, ky, sign }, i) => {
    const r = ring(kx, ky);
    survived[r] += limited(known[i] / spread[r]) * sign;
    counted[r]++;
  });
  const all = survived.reduce((a, b) => a + b, 0) / counted.reduce((a, b) => a + b, 0);
  const weight = survived.map((sum, r) => {
    // A ring has few known waves: what those of all rings say counts as so many more of them.
    const amplitude = (sum + PRIOR * all) / (counted[r] + PRIOR);
    const a = Math.min(MOST_SURE, Math.max(0.08, amplitude));
    return a / (1 - a * a);
  });
  const soft = new Float32Array(CODE_BITS);
  carrier.data.forEach(({ kx, ky, sign, bit }, i) => {
    const r = ring(kx, ky);
    soft[bit] += limited(data[i] / spread[r]) * sign * weight[r];
  });
  return decode(soft);
}

/** Waves of the folded plane. */
export function wavesOf(plane: Plane, inside?: Uint8Array): Waves {
  return analyse(fold(plane, inside), TILE);
}
