/** The discriminant of voices: statistics as they are described, standardised by what is learned from, then weighed. */
import * as discriminant from '../synthesis/discriminant.ts';
import { CLIP, type Scaling } from './network.ts';

export interface Discriminant extends discriminant.Discriminant {
  readonly scaling: Scaling;
}

/** Pulls the covariance towards a multiple of the identity; chosen by leaving pages out. */
const SHRINKAGE = 0.8;

/**
 * The score is 0 midway between the class means and has a within-class standard deviation of 1. `weights` are relative
 * within each class; the classes count one half each.
 */
export function fitDiscriminant(
  rows: readonly Float32Array[],
  positive: readonly boolean[],
  weights: readonly number[],
  shrinkage = SHRINKAGE,
): Discriminant {
  const scaling = scalingOf(rows, discriminant.classWeights(positive, weights));
  const standard = rows.map((row) => standardised(row, scaling));
  return { scaling, ...discriminant.fitDiscriminant(standard, positive, shrinkage, weights) };
}

function scalingOf(rows: readonly Float32Array[], weight: Float64Array): Scaling {
  const n = rows[0].length;
  const mean = new Float64Array(n);
  const square = new Float64Array(n);
  rows.forEach((row, i) => {
    for (let j = 0; j < n; j++) {
      mean[j] += weight[i] * row[j];
      square[j] += weight[i] * row[j] * row[j];
    }
  });
  return {
    mean: Float32Array.from(mean),
    rate: Float32Array.from(square, (s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3)),
  };
}

function standardised(row: Float32Array, { mean, rate }: Scaling): Float64Array {
  return Float64Array.from(row, (v, j) => Math.max(-CLIP, Math.min(CLIP, (v - mean[j]) * rate[j])));
}

/** What the network will give for `row`. */
export function scoreOf(row: Float32Array, { scaling, direction, offset }: Discriminant): number {
  let sum = offset;
  for (let j = 0; j < row.length; j++) {
    const z = Math.max(-CLIP, Math.min(CLIP, (row[j] - scaling.mean[j]) * scaling.rate[j]));
    sum += direction[j] * z;
  }
  return sum;
}
