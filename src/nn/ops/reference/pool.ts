/** Pooling and normalisation as their definitions. */
import { at, generate, type NdArray } from './array.ts';
import { meanOf, reduce } from './elementwise.ts';

export function pool(
  a: NdArray,
  { size, stride = size, pad = 0 }: { size: number; stride?: number; pad?: number },
  kind: 'mean' | 'max',
): NdArray {
  const [b, c, h, w] = a.shape;
  const oh = Math.floor((h + 2 * pad - size) / stride) + 1;
  const ow = Math.floor((w + 2 * pad - size) / stride) + 1;
  return generate([b, c, oh, ow], ([n, k, y, x]) => {
    let sum = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let ky = 0; ky < size; ky++) {
      for (let kx = 0; kx < size; kx++) {
        const [sy, sx] = [y * stride - pad + ky, x * stride - pad + kx];
        if (sy < 0 || sx < 0 || sy >= h || sx >= w) continue;
        sum += at(a, n, k, sy, sx);
        top = Math.max(top, at(a, n, k, sy, sx));
      }
    }
    return kind === 'mean' ? sum / (size * size) : top;
  });
}

const varianceOf = (values: readonly number[]) => {
  const m = meanOf(values);
  return meanOf(values.map((v) => (v - m) ** 2));
};

export function globalStd(a: NdArray, epsilon: number): NdArray {
  return reduce(a, [2, 3], false, (values) => Math.sqrt(varianceOf(values) + epsilon));
}

/**
 * Normalises over the places that share `group(index)`, then scales and shifts with `gain` and `bias` read at
 * `channel(index)`. Batch, instance, group and layer normalisation differ only in these two.
 */
export function normalise(
  a: NdArray,
  gain: NdArray,
  bias: NdArray,
  epsilon: number,
  group: (index: readonly number[]) => number,
  channel: (index: readonly number[]) => number,
): NdArray {
  const bins = new Map<number, number[]>();
  generate(a.shape, (index) => {
    const key = group(index);
    const bin = bins.get(key);
    if (bin) bin.push(at(a, ...index));
    else bins.set(key, [at(a, ...index)]);
    return 0;
  });
  const moments = new Map(
    [...bins].map(([key, v]) => [key, [meanOf(v), Math.sqrt(varianceOf(v) + epsilon)]]),
  );
  return generate(a.shape, (index) => {
    const [mean, deviation] = moments.get(group(index))!;
    return ((at(a, ...index) - mean) / deviation) * gain.data[channel(index)] + bias.data[channel(index)];
  });
}
