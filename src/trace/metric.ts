/**
 * How alike two descriptions are: the cosine of the angle between them, seen from the average picture and whitened by
 * how those **of one source** differ among themselves (linear discriminant analysis without its last step). What
 * varies inside every source, content above all, then counts for little.
 *
 * The covariance within sources is kept as a shrunken diagonal plus a few strong directions, S = D + G'G, so that it
 * is small on disk, can be widened by a few enrolled pictures at once, and its inverse is a small one (Woodbury).
 */
/** Standardised numbers beyond this many standard deviations count no further. */
export const CLIP = 5;

/** `n` is the length of a description: one kind of thing that is compared (pictures, voices) has one. */
export interface MetricData {
  /** [n]: the average description. */
  readonly mean: Float32Array;
  /** [n]: 1 / standard deviation over descriptions. */
  readonly rate: Float32Array;
  /** [n]: D, of standardised numbers. */
  readonly diagonal: Float32Array;
  /** [rank, n]: G. */
  readonly directions: readonly Float32Array[];
}

/** A description made ready for comparison; only {@link Metric.similarity} looks inside. */
export interface Prepared {
  readonly own: Float32Array;
  readonly along: Float32Array;
  readonly length: number;
}

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Lower triangle of the Cholesky factor of a symmetric positive definite matrix, row by row. */
export function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const rows = matrix.map((row) => Float64Array.from(row));
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = rows[i][j];
      for (let k = 0; k < j; k++) sum -= rows[i][k] * rows[j][k];
      rows[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / rows[j][j];
    }
  }
  return rows;
}

export class Metric {
  readonly #data: MetricData;
  /** 1 / sqrt(D). */
  readonly #scale: Float32Array;
  /** G / sqrt(D). */
  readonly #directions: readonly Float32Array[];
  /** Cholesky factor of I + G D^-1 G'. */
  readonly #factor: readonly Float64Array[];

  /** `extra`: further deviations within sources, as from {@link deviations}, each already weighed. */
  constructor(data: MetricData, extra: readonly Float32Array[] = []) {
    this.#data = data;
    this.#scale = data.diagonal.map((v) => 1 / Math.sqrt(v));
    const all = [...data.directions, ...extra];
    this.#directions = all.map((row) => row.map((v, i) => v * this.#scale[i]));
    this.#factor = cholesky(
      this.#directions.map((a, i) =>
        Float64Array.from(this.#directions, (b, j) => dot(a, b) + (i === j ? 1 : 0)),
      ),
    );
  }

  /** A description as standardised numbers; averages of these can be prepared like one. */
  standardise(description: Float32Array): Float32Array {
    const { mean, rate } = this.#data;
    return description.map((v, i) => Math.max(-CLIP, Math.min(CLIP, (v - mean[i]) * rate[i])));
  }

  /** Standardised numbers, ready for comparison. */
  prepare(standardised: Float32Array): Prepared {
    const { length } = this.#scale;
    if (standardised.length !== length)
      throw new RangeError(`${standardised.length} numbers instead of ${length}`);
    const own = standardised.map((v, i) => v * this.#scale[i]);
    const along = new Float32Array(this.#directions.length);
    this.#factor.forEach((row, i) => {
      let sum = dot(this.#directions[i], own);
      for (let k = 0; k < i; k++) sum -= row[k] * along[k];
      along[i] = sum / row[i];
    });
    return { own, along, length: Math.sqrt(Math.max(1e-9, dot(own, own) - dot(along, along))) };
  }

  /** Inner product of the two whitened descriptions. */
  product(a: Prepared, b: Prepared): number {
    return productOf(a, b);
  }

  /** -1 .. 1; 1 for the same work. */
  similarity(a: Prepared, b: Prepared): number {
    return similarityOf(a, b);
  }
}

function productOf(a: Prepared, b: Prepared): number {
  return dot(a.own, b.own) - dot(a.along, b.along);
}

/** {@link Metric.similarity} of two descriptions that one metric prepared. */
export function similarityOf(a: Prepared, b: Prepared): number {
  return productOf(a, b) / (a.length * b.length);
}

/** Mean of standardised descriptions. Throws RangeError for none. */
export function average(standardised: readonly Float32Array[]): Float32Array {
  if (standardised.length === 0) throw new RangeError('nothing to average');
  const sum = new Float32Array(standardised[0].length);
  for (const row of standardised) for (let i = 0; i < sum.length; i++) sum[i] += row[i] / standardised.length;
  return sum;
}

/** What each picture of one source differs from their mean, times `weight`. */
export function deviations(standardised: readonly Float32Array[], weight: number): Float32Array[] {
  const mean = average(standardised);
  return standardised.map((row) => row.map((v, i) => weight * (v - mean[i])));
}
