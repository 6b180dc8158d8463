/** Rows of a table by their numbers. */
import { type Graph, sizeOf, type Value } from '../graph.ts';

/** indices int64 [B, ..] in 0..V-1, table [V, D]: [B, .., D]. */
export function embedding(g: Graph, indices: Value, table: Value): Value {
  if (indices.type !== 'int64') throw new TypeError('embedding: indices must be int64');
  const size = table.shape[1];
  const y = g.node('Gather', [table, indices], [...indices.shape, size], {
    attributes: { axis: 0 },
    type: 'float32',
  });
  return g.rule(y, [indices, table], (d) => {
    const count = sizeOf(indices.shape);
    const rows = g.node('Reshape', [indices, g.ints([count, 1])], [count, 1]);
    const updates = g.node('Reshape', [d, g.ints([count, size])], [count, size]);
    const zeros = g.node('ConstantOfShape', [g.ints(table.shape)], table.shape, { type: 'float32' });
    return [
      null,
      g.node('ScatterND', [zeros, rows, updates], table.shape, { attributes: { reduction: 'add' } }),
    ];
  });
}
