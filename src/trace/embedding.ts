/**
 * A description as a short vector for the index: its place among the known sources. The coordinates are those of the
 * whitened picture in the space that the known sources' average pictures span (a Nyström embedding with them as
 * landmarks), so that the cosine of two embeddings keeps what tells sources apart and leaves out what does not.
 *
 * It is made with the release's own metric only: what a user enrols must not move what is stored already.
 */
import type { Known } from './gallery.ts';
import { average, cholesky, Metric, type Prepared } from './metric.ts';

/** Added to the landmarks' own products, as a share of their mean: two sources that are nearly one make no direction. */
const RIDGE = 0.02;

export class Embedder {
  readonly #metric: Metric;
  readonly #landmarks: readonly Prepared[];
  /** Lower Cholesky factor of the landmarks' products. */
  readonly #factor: readonly Float64Array[];

  constructor(known: Pick<Known, 'metric' | 'sources'>) {
    this.#metric = new Metric(known.metric);
    this.#landmarks = known.sources.map((source) => this.#metric.prepare(average(source.prototypes)));
    const products = this.#landmarks.map((a) =>
      Float64Array.from(this.#landmarks, (b) => this.#metric.product(a, b)),
    );
    const mean = products.reduce((sum, row, i) => sum + row[i] / products.length, 0);
    products.forEach((row, i) => {
      row[i] += RIDGE * mean;
    });
    this.#factor = cholesky(products);
  }

  /** Length of an embedding. */
  get dimensions(): number {
    return this.#landmarks.length;
  }

  /** The embedding of a description, of length 1. */
  embed(description: Float32Array): Float32Array {
    const picture = this.#metric.prepare(this.#metric.standardise(description));
    const out = new Float32Array(this.dimensions);
    this.#factor.forEach((row, i) => {
      let sum = this.#metric.product(picture, this.#landmarks[i]);
      for (let k = 0; k < i; k++) sum -= row[k] * out[k];
      out[i] = sum / row[i];
    });
    const length = Math.sqrt(out.reduce((s, v) => s + v * v, 0)) || 1;
    return out.map((v) => v / length);
  }
}
