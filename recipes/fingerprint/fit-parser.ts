/** Fits model parsing to generators of known construction: where they lie, and the regression on their likeness. */
import { Matrix, solve } from 'ml-matrix';
import { likeness, type ParserData, type Reference } from '../../src/trace/parsing/parser.ts';
import { inner, project } from '../../src/trace/parsing/space.ts';
import { type Ranges, VECTOR } from '../../src/trace/parsing/vector.ts';
import { fitSpace, meanOf } from './fit-space.ts';

/** Ridge of the regression, against a likeness of 1. */
const RIDGE = 0.3;

export interface Example {
  readonly name: string;
  readonly vector: Float32Array;
  /** Looks at its pictures; see `src/trace/parsing/look.ts`. */
  readonly looks: readonly Float32Array[];
}

/** Everything a parser needs but what validation decides. */
export async function fitParser(
  generators: readonly Example[],
  ranges: Ranges,
  validated: Pick<ParserData, 'ways' | 'interval'>,
): Promise<ParserData> {
  const space = await fitSpace(generators.map((g) => g.looks));
  const references: Reference[] = generators.map(({ name, vector, looks }) => ({
    ...{ name, vector, place: project(space, meanOf(looks)) },
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
