/** A heap of vectors as a normal distribution with a full covariance: kept as sums, so that heaps can be joined. */

export class Gaussian {
  count = 0;
  readonly #sum: Float64Array;
  /** Lower triangle of the sum of outer products, row by row. */
  readonly #square: Float64Array;

  constructor(readonly size: number) {
    this.#sum = new Float64Array(size);
    this.#square = new Float64Array((size * (size + 1)) / 2);
  }

  add(x: Float64Array): void {
    this.count++;
    for (let i = 0, at = 0; i < this.size; i++) {
      this.#sum[i] += x[i];
      for (let j = 0; j <= i; j++, at++) this.#square[at] += x[i] * x[j];
    }
  }

  /** Both heaps in one. */
  joined(other: Gaussian): Gaussian {
    const out = new Gaussian(this.size);
    out.count = this.count + other.count;
    for (let i = 0; i < out.#sum.length; i++) out.#sum[i] = this.#sum[i] + other.#sum[i];
    for (let i = 0; i < out.#square.length; i++) out.#square[i] = this.#square[i] + other.#square[i];
    return out;
  }

  /** Lower triangle of the Cholesky factor of the covariance, whose diagonal is raised by `ridge`. */
  #factor(ridge: number): Float64Array {
    const { size, count } = this;
    const sum = this.#sum;
    const low = new Float64Array(this.#square.length);
    const row = (i: number) => (i * (i + 1)) / 2;
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        let v = this.#square[row(i) + j] / count - (sum[i] * sum[j]) / (count * count);
        if (i === j) v += ridge;
        for (let k = 0; k < j; k++) v -= low[row(i) + k] * low[row(j) + k];
        low[row(i) + j] = i === j ? Math.sqrt(Math.max(v, 1e-9)) : v / low[row(j) + j];
      }
    }
    return low;
  }

  /** Logarithm of the determinant of the covariance; there is at least one vector. */
  logDeterminant(ridge: number): number {
    const low = this.#factor(ridge);
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += 2 * Math.log(low[(i * (i + 1)) / 2 + i]);
    return sum;
  }

  /** Logarithm of the density of a vector, without the constant. */
  density(ridge: number): (x: Float64Array) => number {
    const low = this.#factor(ridge);
    const { size, count } = this;
    const mean = this.#sum.map((v) => v / count);
    const half = this.logDeterminant(ridge) / 2;
    const z = new Float64Array(size);
    return (x) => {
      let sum = 0;
      for (let i = 0, at = 0; i < size; i++) {
        let v = x[i] - mean[i];
        for (let k = 0; k < i; k++, at++) v -= low[at] * z[k];
        z[i] = v / low[at++];
        sum += z[i] * z[i];
      }
      return -half - sum / 2;
    };
  }
}
