/** Fingerprints for the benchmark: seeded, and clustered like those of real sources. */
import { Random } from '../../src/core/random.ts';
import { Best } from '../../src/trace/index/best.ts';
import { BLOCK, ONE, Rows } from '../../src/trace/index/rows.ts';

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

/** Candidates of the 16-bit comparison that are compared again in doubles. */
const CANDIDATES = 64;
/** Rounding to 16 bits moves a similarity by less. */
const ROUNDING = 1e-4;

/**
 * For every query the row numbers of its `k` nearest rows by comparison with every row: in 16 bits first, a block of rows
 * with all queries at a time, then the best in doubles. Throws should rounding ever leave a doubt about the k nearest.
 */
export function exactNeighbours(
  rows: Float32Array,
  queries: Float32Array,
  dimensions: number,
  k: number,
): number[][] {
  const at = (all: Float32Array, i: number) => all.subarray(i * dimensions, (i + 1) * dimensions);
  const memory = new Rows(dimensions);
  memory.reserve(BLOCK);
  const asked = Array.from({ length: queries.length / dimensions }, (_, q) =>
    memory.quantised(at(queries, q)),
  );
  const best = asked.map(() => new Best(CANDIDATES, -ONE));
  const count = rows.length / dimensions;
  for (let first = 0; first < count; first += BLOCK) {
    const n = Math.min(BLOCK, count - first);
    for (let i = 0; i < n; i++) memory.row(i).set(memory.quantised(at(rows, first + i)));
    for (const [q, query] of asked.entries()) {
      memory.setQuery(query);
      const scores = memory.scores(0, n);
      for (let i = 0; i < n; i++) if (scores[i] > best[q].floor) best[q].offer(scores[i], first + i);
    }
  }
  return best.map((candidates, q) => {
    const ranked = candidates
      .keys()
      .map((row) => ({ row, similarity: dot(at(rows, row), at(queries, q)) }))
      .sort((a, b) => b.similarity - a.similarity);
    if (count > CANDIDATES && ranked[k - 1].similarity - candidates.floor / ONE < ROUNDING) {
      throw new RangeError(`query ${q} has more than ${CANDIDATES} rows about equally near`);
    }
    return ranked.slice(0, k).map((candidate) => candidate.row);
  });
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
