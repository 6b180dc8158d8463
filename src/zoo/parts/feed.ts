/** Numbers for batches: noise, labels, pixels. */
import type { Random } from '../../core/random.ts';
import type { Builder, Value } from '../../nn/index.ts';

/** Standard normal numbers. */
export function normals(random: Random, count: number): Float32Array {
  return Float32Array.from({ length: count }, () => random.normal());
}

/** [count, classes], 1 at each label. */
export function oneHot(labels: readonly number[], classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    out[i * classes + label] = 1;
  });
  return out;
}

/** Bytes as 0..1. */
export function toUnit(b: Builder, bytes: Value): Value {
  return b.mul(b.toFloat(bytes), 1 / 255);
}

/** Bytes as 0..1, outside a graph. */
export function unit(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (v) => v / 255);
}
