/** Plain n-dimensional arrays of doubles for the slow references: obvious, not fast. */

export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function nd(shape: readonly number[], data?: ArrayLike<number>): NdArray {
  const size = shape.reduce((p, d) => p * d, 1);
  return { shape, data: data ? Float64Array.from(data) : new Float64Array(size) };
}

export function flatIndex(shape: readonly number[], index: readonly number[]): number {
  return shape.reduce((at, d, i) => at * d + index[i], 0);
}

export function at(a: NdArray, ...index: number[]): number {
  return a.data[flatIndex(a.shape, index)];
}

/** Every index of `shape`, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  const size = shape.reduce((p, d) => p * d, 1);
  for (let n = 0; n < size; n++) {
    const index: number[] = [];
    for (let i = shape.length - 1, rest = n; i >= 0; i--) {
      index[i] = rest % shape[i];
      rest = Math.floor(rest / shape[i]);
    }
    yield index;
  }
}

/** An array whose number at each index is `f(index)`. */
export function generate(shape: readonly number[], f: (index: number[]) => number): NdArray {
  const out = nd(shape);
  let n = 0;
  for (const index of indices(shape)) out.data[n++] = f(index);
  return out;
}

export function map(a: NdArray, f: (v: number) => number): NdArray {
  return { shape: a.shape, data: a.data.map(f) };
}

/** `a` read at an index of a larger, broadcast shape. */
export function broadcastAt(a: NdArray, index: readonly number[]): number {
  const lead = index.length - a.shape.length;
  return a.data[
    flatIndex(
      a.shape,
      a.shape.map((d, i) => (d === 1 ? 0 : index[i + lead])),
    )
  ];
}
