/** Square matrices that mix channels without stretching: their inverse is their transpose, their log-determinant 0. */
import type { Random } from '../../core/random.ts';

/** A random rotation or reflection, row-major [size, size]: rows of normal numbers, made orthonormal one by one. */
export function rotation(random: Random, size: number): Float32Array {
  const rows: Float64Array[] = [];
  while (rows.length < size) {
    const row = Float64Array.from({ length: size }, () => random.normal());
    for (const other of rows) {
      const along = row.reduce((sum, v, i) => sum + v * other[i], 0);
      row.forEach((v, i) => {
        row[i] = v - along * other[i];
      });
    }
    const length = Math.hypot(...row);
    rows.push(row.map((v) => v / length));
  }
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

/** First becomes last. */
export function reversal(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) =>
    Math.floor(i / size) + (i % size) === size - 1 ? 1 : 0,
  );
}

export function transposed(matrix: Float32Array): Float32Array {
  const size = Math.sqrt(matrix.length);
  return matrix.map((_, i) => matrix[(i % size) * size + Math.floor(i / size)]);
}
