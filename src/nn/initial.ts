/** Starting values of parameters: seeded by the network's seed and the parameter's own name, so order does not matter. */
import { Random } from '../core/random.ts';
import { type Shape, sizeOf } from './graph.ts';

/** `kaiming`: normal, variance 2/fan-in (He et al. 2015); `xavier`: uniform, variance 2/(fan-in + fan-out); or one number. */
export type Initial = 'kaiming' | 'xavier' | 'zeros' | 'ones' | { readonly normal: number } | Float32Array;

export function initialValues(initial: Initial, shape: Shape, name: string, seed: number): Float32Array {
  if (initial instanceof Float32Array) {
    if (initial.length !== sizeOf(shape))
      throw new TypeError(`${name}: ${initial.length} numbers for [${shape}]`);
    return Float32Array.from(initial);
  }
  const values = new Float32Array(sizeOf(shape));
  if (initial === 'zeros') return values;
  if (initial === 'ones') return values.fill(1);
  const random = new Random(seed ^ hashName(name));
  const receptive = sizeOf(shape.slice(2));
  const fanIn = (shape[1] ?? 1) * receptive;
  const fanOut = shape[0] * receptive;
  if (initial === 'xavier') {
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    for (let i = 0; i < values.length; i++) values[i] = random.uniform(-limit, limit);
    return values;
  }
  const sigma = initial === 'kaiming' ? Math.sqrt(2 / fanIn) : initial.normal;
  for (let i = 0; i < values.length; i++) values[i] = random.normal() * sigma;
  return values;
}

/** FNV-1a, 32 bits. */
export function hashName(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
