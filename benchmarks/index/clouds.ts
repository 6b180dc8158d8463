/** Fingerprints for the benchmark: seeded, and clustered like those of real sources. */
import { Random } from '../../src/core/random.ts';

export interface Cloud {
  readonly dimensions: number;
  /** Sources that fingerprints come from, equally often; 0 for directions without any structure. */
  readonly sources: number;
  /** Length of the noise added to a source's unit vector; two of one source are 1 / (1 + spread^2) alike on average. */
  readonly spread: number;
}

/** An endless supply of unit vectors from a cloud; the sources are the same for every `seed`. */
export function drawing({ dimensions, sources, spread }: Cloud, seed: number): () => Float32Array {
  const random = new Random(seed);
  const normal = (from: Random) => Float32Array.from({ length: dimensions }, () => from.normal());
  const founder = new Random(1);
  const centres = Array.from({ length: sources }, () => unit(normal(founder)));
  const scale = spread / Math.sqrt(dimensions);
  return () => {
    const vector = normal(random);
    if (sources === 0) return unit(vector);
    const centre = random.pick(centres);
    return unit(vector.map((x, i) => centre[i] + scale * x));
  };
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return vector.map((x) => x / norm);
}

/** `count` vectors one behind another. */
export function drawn(cloud: Cloud, seed: number, count: number): Float32Array {
  const next = drawing(cloud, seed);
  const all = new Float32Array(count * cloud.dimensions);
  for (let i = 0; i < count; i++) all.set(next(), i * cloud.dimensions);
  return all;
}

/** For every query the row numbers of its `k` nearest rows, by full comparison in floating point. */
export function exactNeighbours(
  rows: Float32Array,
  queries: Float32Array,
  dimensions: number,
  k: number,
): number[][] {
  // Doubles, because converting single floats in the inner loop would cost more than the arithmetic.
  const asked = Float64Array.from(queries);
  const vector = new Float64Array(dimensions);
  const best = Array.from({ length: queries.length / dimensions }, () => new Nearest(k));
  for (let row = 0; row < rows.length / dimensions; row++) {
    for (let i = 0; i < dimensions; i++) vector[i] = rows[row * dimensions + i];
    for (let q = 0; q < best.length; q++) {
      const similarity = dot(vector, asked, q * dimensions);
      if (similarity > best[q].floor) best[q].take(similarity, row);
    }
  }
  return best.map((nearest) => nearest.rows());
}

class Nearest {
  floor = Number.NEGATIVE_INFINITY;
  readonly #list: { similarity: number; row: number }[] = [];

  constructor(readonly k: number) {}

  take(similarity: number, row: number): void {
    if (this.#list.length === this.k) this.#list.pop();
    const at = this.#list.findIndex((other) => other.similarity < similarity);
    this.#list.splice(at === -1 ? this.#list.length : at, 0, { similarity, row });
    if (this.#list.length === this.k) this.floor = this.#list[this.k - 1].similarity;
  }

  rows(): number[] {
    return this.#list.map((entry) => entry.row);
  }
}

/** Four sums at once, which a processor can add side by side. */
function dot(a: Float64Array, b: Float64Array, offset: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i] * b[offset + i];
    s1 += a[i + 1] * b[offset + i + 1];
    s2 += a[i + 2] * b[offset + i + 2];
    s3 += a[i + 3] * b[offset + i + 3];
  }
  for (; i < a.length; i++) s0 += a[i] * b[offset + i];
  return s0 + s1 + s2 + s3;
}
