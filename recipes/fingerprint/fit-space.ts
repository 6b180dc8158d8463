/** Fits the space in which sources are compared, from numbers of each one's pictures. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { exportInference, network } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import type { SpaceData } from '../../src/trace/parsing/space.ts';

/** Share of the average variance added to every direction. */
const SHRINKAGE = 0.05;
export interface FitOptions {
  /** Directions kept, at most. Default 90. */
  readonly axes?: number;
  /** Pictures of a source that say how its pictures differ. Default 60. */
  readonly each?: number;
}

export interface FittedSpace extends SpaceData {
  /** [K]: variance of sources along each axis, where that of the pictures of one source is 1. */
  readonly between: Float32Array;
}

export function meanOf(rows: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(rows[0].length);
  for (const row of rows) for (let k = 0; k < out.length; k++) out[k] += row[k] / rows.length;
  return out;
}

/** Rows multiplied at once. */
const AT_ONCE = 1024;

/** Covariance [size, size] of `rows`, which are deviations already. The runtime multiplies far faster than a loop here. */
async function covariance(rows: readonly Float32Array[], size: number): Promise<Float64Array> {
  const products = network({
    name: 'products',
    seed: 1,
    inputs: { rows: [AT_ONCE, size] },
    build: (b, { rows: x }) => ({ sum: b.matmul(b.transpose(x, [0, 2, 1]), x) }),
  });
  const session = await (await nodeRuntime()).load(exportInference(products, {}));
  const out = new Float64Array(size * size);
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const data = new Float32Array(AT_ONCE * size);
    rows.slice(from, from + AT_ONCE).forEach((row, i) => {
      data.set(row, i * size);
    });
    const { sum } = await session.run({ rows: { dims: [1, AT_ONCE, size], data } });
    const part = sum.data as Float32Array;
    for (let i = 0; i < out.length; i++) out[i] += part[i] / rows.length;
  }
  await session.release();
  return out;
}

/** Replaces the lower triangle by its Cholesky factor. */
function factorise(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const own = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[own + j];
      for (let k = 0; k < j; k++) sum -= matrix[own + k] * matrix[other + k];
      matrix[own + j] = i === j ? Math.sqrt(sum) : sum / matrix[other + j];
    }
  }
}

/** Solves L L' x = b for a Cholesky factor L. */
function solve(factor: Float64Array, size: number, b: Float32Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= factor[i * size + k] * x[k];
    x[i] /= factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    x[i] /= factor[i * size + i];
    for (let k = 0; k < i; k++) x[k] -= factor[i * size + k] * x[i];
  }
  return x;
}

/** The space of sources, each a list of what its pictures look like. Rejects with RangeError for fewer than two. */
export async function fitSpace(
  sources: readonly (readonly Float32Array[])[],
  { axes: most = 90, each = 60 }: FitOptions = {},
): Promise<FittedSpace> {
  if (sources.length < 2) throw new RangeError('fewer than two sources');
  const size = sources[0][0].length;
  const means = sources.map(meanOf);
  const centre = meanOf(means);
  const chosen = sources.map((rows) => rows.slice(0, each));
  const variance = new Float64Array(size);
  for (const row of chosen.flat()) for (let k = 0; k < size; k++) variance[k] += (row[k] - centre[k]) ** 2;
  const count = chosen.flat().length;
  const rate = Float32Array.from(variance, (v) => 1 / (Math.sqrt(v / count) + 1e-6));

  const within = await covariance(
    chosen.flatMap((rows, s) => rows.map((row) => row.map((v, k) => (v - means[s][k]) * rate[k]))),
    size,
  );
  let trace = 0;
  for (let k = 0; k < size; k++) trace += within[k * size + k];
  for (let k = 0; k < size; k++) within[k * size + k] += (SHRINKAGE * trace) / size;
  factorise(within, size);

  // Whitened means span the directions in which sources differ; their products need no whitened picture.
  const between = means.map((mean) => mean.map((v, k) => (v - centre[k]) * rate[k]));
  const whitened = between.map((mean) => solve(within, size, mean));
  const products = new Matrix(
    between.map((mean) => whitened.map((other) => mean.reduce((sum, v, k) => sum + v * other[k], 0))),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(products, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((value, at) => ({ value, at }))
    .sort((a, b) => b.value - a.value)
    .filter(({ value }, i, all) => i < most && value > 1e-6 * all[0].value);
  const axes = new Float32Array(size * order.length);
  order.forEach(({ value, at }, k) => {
    whitened.forEach((one, s) => {
      const share = eigenvectorMatrix.get(s, at) / Math.sqrt(value);
      for (let i = 0; i < size; i++) axes[i * order.length + k] += share * one[i] * rate[i];
    });
  });
  return { centre, axes, between: Float32Array.from(order, ({ value }) => value / sources.length) };
}
