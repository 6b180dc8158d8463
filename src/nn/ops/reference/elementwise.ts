/** Elementwise functions, reductions, matrix products and moves of numbers, as their definitions. */
import { at, broadcastAt, flatIndex, generate, indices, type NdArray, nd } from './array.ts';

export function binary(a: NdArray, b: NdArray, f: (x: number, y: number) => number): NdArray {
  const rank = Math.max(a.shape.length, b.shape.length);
  const dim = (s: readonly number[], i: number) => s[s.length - rank + i] ?? 1;
  const shape = Array.from({ length: rank }, (_, i) => Math.max(dim(a.shape, i), dim(b.shape, i)));
  return generate(shape, (index) => f(broadcastAt(a, index), broadcastAt(b, index)));
}

export function reduce(
  a: NdArray,
  axes: readonly number[],
  keepDims: boolean,
  f: (values: number[]) => number,
): NdArray {
  const kept = a.shape.map((d, i) => (axes.includes(i) ? 1 : d));
  const bins: number[][] = Array.from({ length: kept.reduce((p, d) => p * d, 1) }, () => []);
  let n = 0;
  for (const index of indices(a.shape)) {
    bins[
      flatIndex(
        kept,
        index.map((v, i) => (axes.includes(i) ? 0 : v)),
      )
    ].push(a.data[n++]);
  }
  return nd(keepDims ? kept : a.shape.filter((_, i) => !axes.includes(i)), bins.map(f));
}

export const sumOf = (values: readonly number[]) => values.reduce((s, v) => s + v, 0);
export const meanOf = (values: readonly number[]) => sumOf(values) / values.length;

export function matmul(a: NdArray, b: NdArray): NdArray {
  const [m, k] = a.shape.slice(-2);
  const n = b.shape[b.shape.length - 1];
  const lead = binary(nd(a.shape.slice(0, -2)), nd(b.shape.slice(0, -2)), () => 0).shape;
  return generate([...lead, m, n], (index) => {
    const [i, j] = index.slice(-2);
    let sum = 0;
    for (let l = 0; l < k; l++) {
      const left = [...index.slice(0, -2), i, l].slice(-a.shape.length);
      const right = [...index.slice(0, -2), l, j].slice(-b.shape.length);
      sum += broadcastAt(a, left) * broadcastAt(b, right);
    }
    return sum;
  });
}

export function transpose(a: NdArray, perm: readonly number[]): NdArray {
  const shape = perm.map((p) => a.shape[p]);
  return generate(shape, (index) => {
    const from: number[] = [];
    perm.forEach((p, i) => {
      from[p] = index[i];
    });
    return at(a, ...from);
  });
}

export function pixelShuffle(a: NdArray, r: number): NdArray {
  const [b, c, h, w] = a.shape;
  return generate([b, c / (r * r), h * r, w * r], ([n, k, y, x]) =>
    at(a, n, k * r * r + (y % r) * r + (x % r), Math.floor(y / r), Math.floor(x / r)),
  );
}

export function pixelUnshuffle(a: NdArray, r: number): NdArray {
  const [b, c, h, w] = a.shape;
  return generate([b, c * r * r, h / r, w / r], ([n, k, y, x]) => {
    const [channel, place] = [Math.floor(k / (r * r)), k % (r * r)];
    return at(a, n, channel, y * r + Math.floor(place / r), x * r + (place % r));
  });
}

export function pad2d(
  a: NdArray,
  [t, l, bo, r]: readonly number[],
  mode: 'zero' | 'reflect' | 'edge',
): NdArray {
  const [b, c, h, w] = a.shape;
  const find = (i: number, size: number) => {
    if (mode === 'edge') return Math.min(size - 1, Math.max(0, i));
    return i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i;
  };
  return generate([b, c, h + t + bo, w + l + r], ([n, k, y, x]) => {
    const [sy, sx] = [y - t, x - l];
    if (mode === 'zero' && (sy < 0 || sx < 0 || sy >= h || sx >= w)) return 0;
    return at(a, n, k, find(sy, h), find(sx, w));
  });
}
