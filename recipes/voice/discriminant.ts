/** The discriminant of voices: statistics as they are described, standardised by what is learned from, then weighed. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { classWeights, type Discriminant as Direction } from '../synthesis/discriminant.ts';
import { CLIP, type Scaling } from './network.ts';

export interface Discriminant extends Direction {
  readonly scaling: Scaling;
}

/** Pulls the covariance towards a multiple of the identity; chosen by leaving pages out. */
const SHRINKAGE = 0.8;
/** How much of the covariance within either class a background makes up. */
const BACKGROUND = 0.5;

/** Rows of one class that say how it varies, not where it lies. */
export interface Background {
  readonly rows: readonly Float32Array[];
  /** Relative. */
  readonly weights: readonly number[];
}

/**
 * Fisher's linear discriminant: the score is 0 midway between the class means and has a within-class standard deviation of
 * 1. `weights` are relative within each class; the classes count one half each. A `background` makes up half of the
 * covariance within either class and nothing of the means, as if it were moved to the mean of the class.
 */
export function fitDiscriminant(
  rows: readonly Float32Array[],
  positive: readonly boolean[],
  weights: readonly number[],
  { shrinkage = SHRINKAGE, background }: { shrinkage?: number; background?: Background } = {},
): Discriminant {
  const share = classWeights(positive, weights);
  const scaling = scalingOf(rows, share);
  const standard = rows.map((row) => standardised(row, scaling));
  const [low, high] = [false, true].map((side) =>
    weighedMean(
      standard,
      share.map((w, i) => (positive[i] === side ? 2 * w : 0)),
    ),
  );
  const covariance = new Covariance(low.length);
  const own = background?.rows.length ? 1 - BACKGROUND : 1;
  standard.forEach((row, i) => {
    covariance.add(row, positive[i] ? high : low, own * share[i]);
  });
  if (background?.rows.length) {
    const total = background.weights.reduce((sum, w) => sum + w, 0);
    const part = Float64Array.from(background.weights, (w) => w / total);
    const beside = background.rows.map((row) => standardised(row, scaling));
    const centre = weighedMean(beside, part);
    beside.forEach((row, i) => {
      covariance.add(row, centre, BACKGROUND * part[i]);
    });
  }
  const within = covariance.matrix();
  const difference = Matrix.columnVector(Array.from(high, (v, j) => v - low[j]));
  const raw = new CholeskyDecomposition(shrunk(within, shrinkage)).solve(difference);
  const scale = 1 / Math.sqrt(raw.transpose().mmul(within).mmul(raw).get(0, 0));
  const direction = Float32Array.from(raw.to1DArray(), (v) => v * scale);
  const middle = direction.reduce((sum, v, j) => sum + (v * (low[j] + high[j])) / 2, 0);
  return { scaling, direction, offset: -middle };
}

function shrunk(covariance: Matrix, shrinkage: number): Matrix {
  const level = covariance.trace() / covariance.rows;
  return Matrix.mul(covariance, 1 - shrinkage).add(
    Matrix.eye(covariance.rows, covariance.rows, shrinkage * level),
  );
}

/** Rows that are added in one go: the sums are larger than a processor's fast memory. */
const TOGETHER = 8;

/** A weighed covariance, built up row by row. */
class Covariance {
  readonly #n: number;
  readonly #sums: Float64Array;
  readonly #waiting: Float64Array[] = [];

  constructor(n: number) {
    this.#n = n;
    this.#sums = new Float64Array(n * n);
  }

  add(row: Float64Array, centre: Float64Array, weight: number): void {
    const root = Math.sqrt(weight);
    this.#waiting.push(row.map((v, j) => root * (v - centre[j])));
    if (this.#waiting.length === TOGETHER) this.#settle();
  }

  #settle(): void {
    const n = this.#n;
    const nothing = new Float64Array(n);
    const [a, b, c, d, e, f, g, h] = Array.from({ length: TOGETHER }, (_, i) => this.#waiting[i] ?? nothing);
    this.#waiting.length = 0;
    const sums = this.#sums;
    for (let j = 0; j < n; j++) {
      const [aj, bj, cj, dj, ej, fj, gj, hj] = [a[j], b[j], c[j], d[j], e[j], f[j], g[j], h[j]];
      for (let k = 0, at = j * n; k <= j; k++, at++) {
        sums[at] +=
          aj * a[k] + bj * b[k] + cj * c[k] + dj * d[k] + ej * e[k] + fj * f[k] + gj * g[k] + hj * h[k];
      }
    }
  }

  matrix(): Matrix {
    this.#settle();
    const n = this.#n;
    const out = new Matrix(n, n);
    for (let j = 0; j < n; j++) {
      for (let k = 0; k <= j; k++) {
        out.set(j, k, this.#sums[j * n + k]);
        out.set(k, j, this.#sums[j * n + k]);
      }
    }
    return out;
  }
}

/** `weights` sum to 1. */
function weighedMean(rows: readonly Float64Array[], weights: Float64Array): Float64Array {
  const mean = new Float64Array(rows[0].length);
  rows.forEach((row, i) => {
    for (let j = 0; j < mean.length; j++) mean[j] += weights[i] * row[j];
  });
  return mean;
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
