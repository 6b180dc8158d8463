/** Noise that turns "the largest" into a draw: argmax(logits + noise) is distributed as softmax(logits). */
import type { Random } from '../../core/random.ts';

/** Standard Gumbel numbers. */
export function gumbels(random: Random, count: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = -Math.log(-Math.log(random.uniform()));
  return out;
}
