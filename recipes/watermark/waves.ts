/**
 * Waves as products of what varies along y and along x, so that a tile is two products of matrices, and so is reading it:
 * rows and columns are cosines of orders 0..ORDERS-1, then their sines.
 */

import type { Builder, Value } from '../../src/nn/index.ts';
import type { Carrier } from '../../src/protect/watermark/carrier.ts';
import { drawnAs } from '../../src/protect/watermark/carrier.ts';
import { SIDE } from './network.ts';

export const ORDERS = 28;
export const TERMS = 2 * ORDERS;

/** [SIDE, TERMS]: the cosine and sine of each order over one tile. */
const TABLE = Float32Array.from({ length: SIDE * TERMS }, (_, i) => {
  const term = i % TERMS;
  const angle = (2 * Math.PI * (term % ORDERS) * Math.floor(i / TERMS)) / SIDE;
  return term < ORDERS ? Math.cos(angle) : Math.sin(angle);
});
const TURNED = Float32Array.from(
  { length: SIDE * TERMS },
  (_, i) => TABLE[(i % SIDE) * TERMS + Math.floor(i / SIDE)],
);

/** Amplitudes [B, TERMS, TERMS] to the plane they make, [B, SIDE, SIDE]. */
export function synthesised(b: Builder, amplitudes: Value): Value {
  const table = b.constant(TABLE, [1, SIDE, TERMS]);
  const turned = b.constant(TURNED, [1, TERMS, SIDE]);
  return b.matmul(b.matmul(table, amplitudes), turned);
}

/** A plane [B, SIDE, SIDE] to its products with every pair of terms, [B, TERMS, TERMS], means over the plane. */
export function analysed(b: Builder, plane: Value): Value {
  const table = b.constant(TABLE, [1, SIDE, TERMS]);
  const turned = b.constant(TURNED, [1, TERMS, SIDE]);
  return b.mul(b.matmul(b.matmul(turned, plane), table), 1 / (SIDE * SIDE));
}

/** Adds the wave `(re + i im) exp(i (kx x + ky y))`, its real part, to `amplitudes`. */
function add(amplitudes: Float32Array, kx: number, ky: number, re: number, im: number): void {
  const side = kx < 0 ? -1 : 1;
  const [x, y] = [Math.abs(kx), ky];
  const at = (row: number, column: number) => row * TERMS + column;
  amplitudes[at(y, x)] += re;
  amplitudes[at(ORDERS + y, ORDERS + x)] -= side * re;
  amplitudes[at(y, ORDERS + x)] -= side * im;
  amplitudes[at(ORDERS + y, x)] -= im;
}

export interface Drawn {
  /** What carries bits and what is known, [TERMS, TERMS]. */
  readonly data: Float32Array;
  readonly pilots: Float32Array;
}

/** The tile of `carrier` for `code`, as amplitudes; synthesised it is `drawTile(carrier, code, SIDE)`. */
export function amplitudesOf(carrier: Carrier, code: Uint8Array, spectrum?: readonly number[]): Drawn {
  const data = new Float32Array(TERMS * TERMS);
  const pilots = new Float32Array(TERMS * TERMS);
  const parts = drawnAs(carrier, code, spectrum);
  for (const { kx, ky, re, im } of parts.data) add(data, kx, ky, re, im);
  for (const { kx, ky, re, im } of parts.pilots) add(pilots, kx, ky, re, im);
  return { data, pilots };
}

/** 1 wherever a wave of the carrier's band has a term, by the ring of its frequency; 0 elsewhere. [TERMS, TERMS] each. */
export function bands(edges: readonly number[]): Float32Array[] {
  return edges.slice(1).map((high, r) =>
    Float32Array.from({ length: TERMS * TERMS }, (_, i) => {
      const radius = Math.hypot(Math.floor(i / TERMS) % ORDERS, (i % TERMS) % ORDERS);
      return radius >= edges[r] && radius < high ? 1 : 0;
    }),
  );
}
