/** Numbers looked up by their places: what a warp, seen as a graph, is made of. */
import type { Graph, Value } from '../graph.ts';
import { dimensionsOf } from './shape.ts';

/**
 * Along the last dimension of x [.., N], the numbers at int64 `places` [.., M] (0..N-1; leading dimensions alike):
 * [.., M]. The gradient adds up where a place was taken more than once.
 */
export function takeAlong(g: Graph, x: Value, places: Value): Value {
  if (places.type !== 'int64') throw new TypeError('takeAlong: places must be int64');
  const lead = x.shape.slice(0, -1);
  if (lead.join() !== places.shape.slice(0, -1).join())
    throw new TypeError(`takeAlong: [${x.shape}] at places [${places.shape}]`);
  const axis = lead.length;
  const y = g.node('GatherElements', [x, places], places.shape, { attributes: { axis }, type: 'float32' });
  return g.rule(y, [x, places], (d) => {
    const zeros = g.node('ConstantOfShape', [dimensionsOf(g, x)], x.shape, { type: 'float32' });
    const attributes = { axis, reduction: 'add' };
    return [g.node('ScatterElements', [zeros, places, d], x.shape, { attributes }), null];
  });
}
