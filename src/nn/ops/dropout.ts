/**
 * Dropout whose mask is a hash of the place, the step and a seed (lowbias32 by Chris Wellons, here in int64
 * arithmetic), computed in the graph: the same mask on every machine, and again after a resume, with no stateful generator.
 */
import { type Graph, sizeOf, type Value } from '../graph.ts';

/**
 * Zeroes each number with probability `rate` and scales the rest by 1 / (1 - rate); does nothing in inference.
 * `step` is an int64 tensor [1].
 */
export function dropout(g: Graph, x: Value, rate: number, step: Value | null, seed: number): Value {
  if (rate < 0 || rate >= 1) throw new TypeError(`dropout rate ${rate} outside [0, 1)`);
  if (!g.training || rate === 0 || !step) return x;
  const n = sizeOf(x.shape);
  const big = (value: bigint) => g.constant(BigInt64Array.of(value), [1]);
  const start = g.node('Add', [g.node('Mul', [step, big(0x9e3779b9n)], [1]), big(BigInt(seed >>> 0))], [1]);
  const index = g.constant(
    BigInt64Array.from({ length: n }, (_, i) => BigInt(i)),
    [n],
  );
  const mask32 = big(0xffffffffn);
  const low = (v: Value) => g.node('BitwiseAnd', [v, mask32], v.shape);
  const fold = (v: Value, bits: bigint) =>
    g.node('BitwiseXor', [v, g.node('Div', [v, big(1n << bits)], v.shape)], v.shape);
  // One round for the step keeps streams of neighbouring steps apart, two for the place.
  const mix = (v: Value) => {
    const a = low(g.node('Mul', [fold(low(v), 16n), big(0x21f0aaadn)], v.shape));
    const b = low(g.node('Mul', [fold(a, 15n), big(0x735a2d97n)], v.shape));
    return fold(b, 15n);
  };
  const hash = mix(g.node('Add', [g.node('Mul', [index, big(0x85ebca6bn)], [n]), mix(start)], [n]));
  const threshold = big(BigInt(Math.round(rate * 2 ** 32)));
  const keep = g.node('GreaterOrEqual', [hash, threshold], [n], { type: 'bool' });
  const kept = g.node('Cast', [keep], [n], { attributes: { to: 1 }, type: 'float32' });
  const factor = g.node('Mul', [kept, g.scalar(1 / (1 - rate))], [n]);
  const mask = g.node('Reshape', [factor, g.ints(x.shape)], x.shape, { name: 'dropoutMask' });
  const y = g.node('Mul', [x, mask], x.shape, { name: 'dropout' });
  return g.rule(y, [x], (d) => [g.node('Mul', [d, mask], x.shape)]);
}
