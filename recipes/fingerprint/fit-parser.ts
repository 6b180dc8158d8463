/** Fits model parsing to embedded generators: where they lie, and the regression on their likeness. */
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import { EMBEDDING } from '../../src/trace/fingerprint/network.ts';
import { likeness, type ParserData, type Reference } from '../../src/trace/parsing/parser.ts';
import { inner, project, type SpaceData } from '../../src/trace/parsing/space.ts';
import { type Ranges, VECTOR } from '../../src/trace/parsing/vector.ts';

/** Share of the average variance added to every direction. */
const SHRINKAGE = 0.05;
/** Ridge of the regression, against a likeness of 1. */
const RIDGE = 0.3;

export const meanOf = (rows: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(rows[0].length);
  for (const row of rows) for (let k = 0; k < out.length; k++) out[k] += row[k] / rows.length;
  return out;
};

/** The space of sources, each a list of embeddings of its pictures. */
export function fitSpace(sources: readonly (readonly Float32Array[])[]): SpaceData {
  const means = sources.map(meanOf);
  const covariance = Matrix.zeros(EMBEDDING, EMBEDDING);
  let freedom = 0;
  sources.forEach((rows, s) => {
    const deviations = new Matrix(rows.map((row) => Array.from(row, (v, k) => v - means[s][k])));
    covariance.add(deviations.transpose().mmul(deviations));
    freedom += rows.length - 1;
  });
  covariance.div(freedom);
  const ridge = (SHRINKAGE * covariance.trace()) / EMBEDDING;
  for (let k = 0; k < EMBEDDING; k++) covariance.set(k, k, covariance.get(k, k) + ridge);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const whitening = new Float32Array(EMBEDDING * EMBEDDING);
  for (let i = 0; i < EMBEDDING; i++)
    for (let k = 0; k < EMBEDDING; k++)
      whitening[i * EMBEDDING + k] = eigenvectorMatrix.get(i, k) / Math.sqrt(realEigenvalues[k]);
  return { centre: meanOf(means), whitening };
}

export interface Embedded {
  readonly name: string;
  readonly vector: Float32Array;
  /** Of its pictures. */
  readonly embeddings: readonly Float32Array[];
}

/** Everything a parser needs but what validation decides. */
export function fitParser(
  generators: readonly Embedded[],
  ranges: Ranges,
  validated: Pick<ParserData, 'ways' | 'interval'>,
): ParserData {
  const space = fitSpace(generators.map((g) => g.embeddings));
  const references: Reference[] = generators.map(({ name, vector, embeddings }) => ({
    ...{ name, vector, place: project(space, meanOf(embeddings)) },
  }));
  const mean = meanOf(references.map((r) => r.vector));
  const kernel = new Matrix(
    references.map((a, i) =>
      references.map((b, j) => likeness(inner(a.place, b.place)) + (i === j ? RIDGE : 0)),
    ),
  );
  const wanted = new Matrix(references.map(({ vector }) => Array.from(vector, (v, k) => v - mean[k])));
  const solved = solve(kernel, wanted);
  const coefficients = references.map((_, r) =>
    Float32Array.from({ length: VECTOR }, (_, k) => solved.get(r, k)),
  );
  return { space, ranges, references, mean, coefficients, ...validated };
}
