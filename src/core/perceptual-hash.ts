/**
 * A picture's coarse shape as 64 bits that survive re-encoding and scaling: which of the lowest frequencies of its
 * luma, seen at 32x32, lie above their median (the pHash of Zauner 2010). Copies differ in few bits, other pictures
 * in about half of them.
 */
import type { Plane } from './image.ts';

/** 64 bits: the upper and the lower 32, unsigned. */
export type PerceptualHash = readonly [number, number];

const SIDE = 32;
const KEPT = 8;
/** Coefficients weaker than this (in grey levels, of a 32x32 picture) are noise of the encoder. */
const LEAST_DEVIATION = 1;

/** DCT-II basis of frequencies 0 .. KEPT - 1, orthonormal: `[u * SIDE + x]`. */
const BASIS = Float64Array.from({ length: KEPT * SIDE }, (_, i) => {
  const u = Math.floor(i / SIDE);
  const x = i % SIDE;
  return Math.sqrt((u === 0 ? 1 : 2) / SIDE) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * SIDE));
});

/**
 * Hash of a luma plane (0..255) of any size; null for a picture with so little in it (a plain ground) that its bits
 * would be chance.
 */
export function perceptualHash(plane: Plane): PerceptualHash | null {
  const small = averaged(plane);
  const rows = new Float64Array(KEPT * SIDE);
  for (let u = 0; u < KEPT; u++) {
    for (let y = 0; y < SIDE; y++) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += small[y * SIDE + x] * BASIS[u * SIDE + x];
      rows[u * SIDE + y] = sum;
    }
  }
  const low = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += rows[u * SIDE + y] * BASIS[v * SIDE + y];
      low[v * KEPT + u] = sum;
    }
  }
  // The mean brightness is no shape: it takes no part in the median, and its bit is on for all but black pictures.
  const shape = low.subarray(1);
  const energy = shape.reduce((sum, c) => sum + c * c, 0);
  if (Math.sqrt(energy) / SIDE < LEAST_DEVIATION) return null;
  const sorted = Float64Array.from(shape).sort();
  const median = sorted[sorted.length >> 1];
  const bits: [number, number] = [0, 0];
  for (let i = 0; i < low.length; i++) {
    if (low[i] > median) bits[i >> 5] |= 1 << (31 - (i & 31));
  }
  return [bits[0] >>> 0, bits[1] >>> 0];
}

/** Number of bits, 0..64, in which two hashes differ. */
export function hammingDistance(a: PerceptualHash, b: PerceptualHash): number {
  return ones(a[0] ^ b[0]) + ones(a[1] ^ b[1]);
}

/** Set bits of 32, counted in pairs, nibbles and bytes at once. */
function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The plane at SIDE x SIDE, every sample the mean over its share of the picture. */
function averaged({ width, height, data }: Plane): Float64Array {
  const columns = shares(width);
  const rows = shares(height);
  const across = new Float64Array(height * SIDE);
  for (let y = 0; y < height; y++) {
    columns.forEach((share, x) => {
      let sum = 0;
      for (const [at, weight] of share) sum += weight * data[y * width + at];
      across[y * SIDE + x] = sum;
    });
  }
  const out = new Float64Array(SIDE * SIDE);
  rows.forEach((share, y) => {
    for (const [at, weight] of share) {
      for (let x = 0; x < SIDE; x++) out[y * SIDE + x] += weight * across[at * SIDE + x];
    }
  });
  return out;
}

/** For each of SIDE samples, the samples of `length` it covers and how much of it each makes up. */
function shares(length: number): (readonly [number, number])[][] {
  const span = length / SIDE;
  return Array.from({ length: SIDE }, (_, i) => {
    const share: (readonly [number, number])[] = [];
    const end = (i + 1) * span;
    for (let at = Math.floor(i * span); at < Math.min(length, end); at++) {
      const covered = Math.min(end, at + 1) - Math.max(i * span, at);
      if (covered > 0) share.push([at, covered / span]);
    }
    return share;
  });
}
