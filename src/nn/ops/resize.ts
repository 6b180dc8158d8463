/**
 * Resizing of the last two dimensions, with PyTorch's conventions (nearest: floor of the scaled place; bilinear: pixel
 * centres, no antialiasing). Forward is ONNX's Resize; backward, each axis is a constant matrix, so its gradient is a
 * product with the transposed one.
 */
import type { Graph, Value } from '../graph.ts';

export type ResizeMode = 'nearest' | 'bilinear';

/** x [B, C, H, W] to [B, C, height, width]. */
export function resize(g: Graph, x: Value, height: number, width: number, mode: ResizeMode): Value {
  const [b, c, h, w] = x.shape;
  const shape = [b, c, height, width];
  if (height === h && width === w) return x;
  const attributes: Record<string, string> =
    mode === 'nearest'
      ? { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' }
      : { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  const y = g.node('Resize', [x, null, null, g.ints([height, width])], shape, {
    attributes: { ...attributes, axes: [2, 3] },
  });
  return g.rule(y, [x], (d) => {
    const across = g.constant(resizeMatrix(w, width, mode), [width, w]);
    const down = g.constant(transposed(resizeMatrix(h, height, mode), height, h), [h, height]);
    const half = g.node('MatMul', [d, across], [b, c, height, w]);
    return [g.node('MatMul', [down, half], x.shape)];
  });
}

/** [to, from]: the weight of every old place in every new one. */
export function resizeMatrix(from: number, to: number, mode: ResizeMode): Float32Array {
  const matrix = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    if (mode === 'nearest') {
      matrix[i * from + Math.min(from - 1, Math.floor((i * from) / to))] = 1;
      continue;
    }
    const place = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const low = Math.floor(place);
    const share = place - low;
    matrix[i * from + low] += 1 - share;
    if (share > 0) matrix[i * from + low + 1] += share;
  }
  return matrix;
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c];
  return out;
}
