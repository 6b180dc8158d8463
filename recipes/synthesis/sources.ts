/**
 * A discriminant between kinds of sources rather than between pictures: classes are means over sources, what counts as
 * noise is how the pictures of one source differ, with a little of how sources of one class do. With many sources of few
 * pictures it generalises where a fit on pictures learns the large ones.
 */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { grouped } from '../../src/core/group.ts';
import type { Discriminant } from './discriminant.ts';
import type { Scaling } from './head.ts';

/** Pulls the covariance within sources towards a multiple of the identity. */
const SHRINKAGE = 0.3;
/** How much the covariance between the sources of a class counts. */
const BETWEEN = 0.1;
/** Sources with fewer pictures say nothing about how pictures of one differ. */
const LEAST = 3;

export interface SourceRow {
  /** The source and how its pictures were re-saved. */
  readonly source: string;
  readonly fake: boolean;
  readonly values: Float32Array;
}

function meanOf(rows: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let j = 0; j < mean.length; j++) mean[j] += row[j] / rows.length;
  return mean;
}

/** Adds `weight` times the outer product of `row` with itself to the lower triangle of `sum`. */
function accumulate(sum: Float64Array, row: Float64Array, weight: number): void {
  const n = row.length;
  for (let j = 0, at = 0; j < n; j++, at = j * n) {
    const v = weight * row[j];
    for (let k = 0; k <= j; k++) sum[at + k] += v * row[k];
  }
}

const less = (a: Float64Array, b: Float64Array) => a.map((v, j) => v - b[j]);

/**
 * The score `direction . (row - mean) * rate + offset` is 0 midway between the classes and has a standard deviation of 1
 * over the rows it was fitted on. Throws RangeError when a class has no source with enough pictures.
 */
export function fitSources(rows: readonly SourceRow[]): { scaling: Scaling; discriminant: Discriminant } {
  const n = rows[0].values.length;
  const mean = meanOf(rows.map((row) => Float64Array.from(row.values)));
  const square = meanOf(rows.map((row) => Float64Array.from(row.values, (v) => v * v)));
  const rate = square.map((s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3));
  const standard = rows.map((row) => Float64Array.from(row.values, (v, j) => (v - mean[j]) * rate[j]));
  const sources = [
    ...grouped(
      rows.map((_, i) => i),
      (i) => rows[i].source,
    ).values(),
  ]
    .filter((own) => own.length >= LEAST)
    .map((own) => ({ own, fake: rows[own[0]].fake, centre: meanOf(own.map((i) => standard[i])) }));
  const centres = [false, true].map((fake) => {
    const of = sources.filter((source) => source.fake === fake);
    if (of.length === 0) throw new RangeError('a class without sources');
    return meanOf(of.map(({ centre }) => centre));
  });

  const covariance = new Float64Array(n * n);
  for (const { own, centre } of sources) {
    for (const i of own)
      accumulate(covariance, less(standard[i], centre), 1 / (own.length - 1) / sources.length);
  }
  let trace = 0;
  for (let j = 0; j < n; j++) trace += covariance[j * n + j] / n;
  for (let i = 0; i < covariance.length; i++) covariance[i] *= 1 - SHRINKAGE;
  for (let j = 0; j < n; j++) covariance[j * n + j] += SHRINKAGE * trace;
  for (const { fake, centre } of sources)
    accumulate(covariance, less(centre, centres[fake ? 1 : 0]), BETWEEN / sources.length);

  const whole = new Matrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k <= j; k++) {
      whole.set(j, k, covariance[j * n + k]);
      whole.set(k, j, covariance[j * n + k]);
    }
  }
  const difference = Matrix.columnVector([...less(centres[1], centres[0])]);
  const w = new CholeskyDecomposition(whole).solve(difference).to1DArray();
  const middle = w.reduce((sum, v, j) => sum + (v * (centres[0][j] + centres[1][j])) / 2, 0);
  const scores = standard.map((row) => row.reduce((sum, v, j) => sum + v * w[j], 0) - middle);
  const average = scores.reduce((a, b) => a + b, 0) / scores.length;
  const spread = Math.sqrt(scores.reduce((sum, s) => sum + (s - average) ** 2, 0) / scores.length);
  return {
    scaling: { mean: Float32Array.from(mean), rate: Float32Array.from(rate) },
    discriminant: { direction: Float32Array.from(w, (v) => v / spread), offset: -middle / spread },
  };
}
