/**
 * Looks at pictures made comparable: seen from the average source, whitened by how pictures of one source differ, and
 * kept along the directions in which sources differ most (linear discriminant analysis). The inner product of two
 * places is the cosine between them.
 */

export interface SpaceData {
  /** [E]: the average source. */
  readonly centre: Float32Array;
  /** [E, K], row-major: what is put in less centre, times this. */
  readonly axes: Float32Array;
}

export const inner = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** Of length one, unless all zero. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(inner(vector, vector)) || 1;
  return vector.map((v) => v / length);
}

/** [K] of numbers [E], of one picture or a mean over several of one source. Throws RangeError for another E. */
export function coordinates({ centre, axes }: SpaceData, numbers: Float32Array): Float32Array {
  if (numbers.length !== centre.length)
    throw new RangeError(`${numbers.length} numbers instead of ${centre.length}`);
  const size = axes.length / centre.length;
  const out = new Float32Array(size);
  for (let i = 0; i < centre.length; i++) {
    const v = numbers[i] - centre[i];
    for (let k = 0; k < size; k++) out[k] += v * axes[i * size + k];
  }
  return out;
}

/** The coordinates, of length one. */
export const project = (space: SpaceData, numbers: Float32Array): Float32Array =>
  unit(coordinates(space, numbers));
