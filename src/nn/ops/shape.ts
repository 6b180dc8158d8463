/** Operators that move numbers without changing them: reshape, transpose, slice, concat, pad. */
import { BATCH, type Graph, type Shape, sizeOf, type Value } from '../graph.ts';

/** One dimension may be -1 (what is left over); a leading BATCH copies the unknown batch. */
export function reshape(g: Graph, x: Value, shape: Shape): Value {
  const unknown = x.shape[0] === BATCH;
  if (unknown && shape[0] !== BATCH) throw new TypeError('the batch dimension must stay in front');
  const from = unknown ? x.shape.slice(1) : x.shape;
  const to = unknown ? shape.slice(1) : [...shape];
  const left = to.indexOf(-1);
  if (left >= 0) to[left] = sizeOf(from) / sizeOf(to.filter((_, i) => i !== left));
  if (sizeOf(from) !== sizeOf(to)) throw new TypeError(`cannot reshape [${x.shape}] to [${shape}]`);
  const full = unknown ? [BATCH, ...to] : to;
  const y = g.node('Reshape', [x, g.ints(full)], full);
  return g.rule(y, [x], (d) => [g.node('Reshape', [d, g.ints(x.shape)], x.shape)]);
}

export function transpose(g: Graph, x: Value, permutation: readonly number[]): Value {
  if (x.shape[0] === BATCH && permutation[0] !== 0)
    throw new TypeError('the batch dimension must stay in front');
  const shape = permutation.map((p) => x.shape[p]);
  const y = g.node('Transpose', [x], shape, { attributes: { perm: permutation } });
  const back = permutation.map((_, i) => permutation.indexOf(i));
  return g.rule(y, [x], (d) => [g.node('Transpose', [d], x.shape, { attributes: { perm: back } })]);
}

/** The dimensions of x as int64 [rank], where ONNX wants them as numbers and a BATCH would be read as none. */
export function dimensionsOf(g: Graph, x: Value): Value {
  if (x.shape[0] !== BATCH) return g.ints(x.shape);
  return g.node('Shape', [x], [x.shape.length], { type: 'int64' });
}

export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Default 1; positive. */
  readonly step?: number;
}

/** Parts of `x`; the batch dimension cannot be cut. */
export function slice(g: Graph, x: Value, ranges: readonly SliceRange[]): Value {
  const shape = [...x.shape];
  for (const { axis, start, end, step = 1 } of ranges) {
    if (start < 0 || end > x.shape[axis] || end <= start || step < 1) {
      throw new TypeError(`slice ${start}:${end}:${step} outside dimension ${axis} of [${x.shape}]`);
    }
    shape[axis] = Math.ceil((end - start) / step);
  }
  const y = sliceNode(g, x, ranges, shape);
  return g.rule(y, [x], (d) => {
    let grown = d;
    for (const { axis, step = 1 } of ranges) if (step > 1) grown = stretch(g, grown, axis, step);
    const begins = x.shape.map(() => 0);
    const ends = x.shape.map(() => 0);
    for (const { axis, start } of ranges) {
      begins[axis] = start;
      ends[axis] = x.shape[axis] - start - grown.shape[axis];
    }
    return [padNode(g, grown, [...begins, ...ends])];
  });
}

export function sliceNode(g: Graph, x: Value, ranges: readonly SliceRange[], shape: Shape): Value {
  const inputs = [
    x,
    g.ints(ranges.map((r) => r.start)),
    g.ints(ranges.map((r) => r.end)),
    g.ints(ranges.map((r) => r.axis)),
    g.ints(ranges.map((r) => r.step ?? 1)),
  ];
  return g.node('Slice', inputs, shape);
}

/** `step - 1` zeros between neighbours along `axis`. */
export function stretch(g: Graph, x: Value, axis: number, step: number): Value {
  const open = [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)];
  const apart = g.node('Reshape', [x, g.ints(open)], open);
  const pads = open.map(() => 0);
  const wide = padNode(g, apart, [...pads, ...pads.map((_, i) => (i === axis + 1 ? step - 1 : 0))]);
  const joined = x.shape.map((d, i) => (i === axis ? d * step : d));
  const merged = g.node('Reshape', [wide, g.ints(joined)], joined);
  const shape = x.shape.map((d, i) => (i === axis ? (d - 1) * step + 1 : d));
  return sliceNode(g, merged, [{ axis, start: 0, end: shape[axis] }], shape);
}

/** Zeros around (negative: cut); `pads` as ONNX has it: all begins, then all ends. */
export function padNode(g: Graph, x: Value, pads: readonly number[]): Value {
  if (pads.every((p) => p === 0)) return x;
  const rank = x.shape.length;
  const shape = x.shape.map((d, i) => (d === BATCH && i === 0 ? d : d + pads[i] + pads[rank + i]));
  return g.node('Pad', [x, g.ints(pads)], shape);
}

/**
 * Widens the last two dimensions by `[top, left, bottom, right]`: with zeros, or mirrored without repeating the edge
 * (`reflect`), or by repeating the edge (`edge`).
 */
export function pad2d(
  g: Graph,
  x: Value,
  [top, left, bottom, right]: readonly [number, number, number, number],
  mode: 'zero' | 'reflect' | 'edge' = 'zero',
): Value {
  const rank = x.shape.length;
  const lead = new Array(rank - 2).fill(0);
  const pads = [...lead, top, left, ...lead, bottom, right];
  const [h, w] = x.shape.slice(-2);
  if (mode === 'reflect' && (Math.max(top, bottom) >= h || Math.max(left, right) >= w)) {
    throw new TypeError(`cannot mirror ${[top, left, bottom, right]} around [${x.shape}]`);
  }
  if (mode === 'zero') {
    const y = padNode(g, x, pads);
    return y === x
      ? x
      : g.rule(y, [x], (d) => [
          padNode(
            g,
            d,
            pads.map((p) => -p),
          ),
        ]);
  }
  const shape = x.shape.map((d, i) => (i >= rank - 2 ? d + pads[i] + pads[rank + i] : d));
  const y = g.node('Pad', [x, g.ints(pads)], shape, { attributes: { mode } });
  return g.rule(y, [x], (d) => {
    // Each axis is a constant 0/1 matrix, so its gradient is a product with the transposed one.
    const across = foldMatrix(g, w, left, right, mode);
    const down = foldMatrix(g, h, top, bottom, mode);
    const half = g.node('MatMul', [d, across], [...d.shape.slice(0, -1), w]);
    const downT = g.node('Transpose', [down], [h, h + top + bottom], { attributes: { perm: [1, 0] } });
    return [g.node('MatMul', [downT, half], x.shape)];
  });
}

/** [size + before + after, size] with a 1 where a padded place took its number from. */
function foldMatrix(g: Graph, size: number, before: number, after: number, mode: 'reflect' | 'edge'): Value {
  const total = size + before + after;
  const matrix = new Float32Array(total * size);
  for (let i = 0; i < total; i++) {
    let from = i - before;
    if (mode === 'edge') from = Math.min(size - 1, Math.max(0, from));
    else if (from < 0) from = -from;
    else if (from >= size) from = 2 * (size - 1) - from;
    matrix[i * size + from] = 1;
  }
  return g.constant(matrix, [total, size]);
}

export function concat(g: Graph, parts: readonly Value[], axis: number): Value {
  const at = axis < 0 ? axis + parts[0].shape.length : axis;
  const shape = parts[0].shape.map((d, i) => (i === at ? parts.reduce((sum, p) => sum + p.shape[at], 0) : d));
  for (const part of parts) {
    if (part.shape.length !== shape.length || part.shape.some((d, i) => i !== at && d !== shape[i])) {
      throw new TypeError(`cannot join ${parts.map((p) => `[${p.shape}]`).join(' ')} along ${at}`);
    }
  }
  if (parts.length === 1) return parts[0];
  const y = g.node('Concat', parts, shape, { attributes: { axis: at } });
  return g.rule(y, parts, (d) => {
    const sizes = g.ints(parts.map((p) => p.shape[at]));
    return g.multi('Split', [d, sizes], parts, { attributes: { axis: at } });
  });
}
