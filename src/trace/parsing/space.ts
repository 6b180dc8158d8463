/**
 * Embeddings made comparable: seen from the average source and whitened by how pictures of one source differ, then of
 * length one, so that the inner product of two is the cosine between them.
 */

export interface SpaceData {
  /** [E]: the average source. */
  readonly centre: Float32Array;
  /** [E, E], row-major: embedding less centre, times this. */
  readonly whitening: Float32Array;
}

export const inner = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

/** An embedding [E], or a mean of several of one source, of length one. */
export function project({ centre, whitening }: SpaceData, embedding: Float32Array): Float32Array {
  const size = centre.length;
  const out = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const v = embedding[i] - centre[i];
    for (let k = 0; k < size; k++) out[k] += v * whitening[i * size + k];
  }
  const length = Math.sqrt(inner(out, out)) || 1;
  return out.map((v) => v / length);
}
