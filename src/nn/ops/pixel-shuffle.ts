/** Channels to space and back, without losing a number (Shi et al. 2016, arXiv:1609.05158; channel order of PyTorch). */
import type { Graph, Value } from '../graph.ts';
import { reshape, transpose } from './shape.ts';

/** [B, C*r*r, H, W] to [B, C, H*r, W*r]. */
export function pixelShuffle(g: Graph, x: Value, r: number): Value {
  const [b, c, h, w] = x.shape;
  if (c % (r * r) !== 0) throw new TypeError(`${c} channels do not divide by ${r * r}`);
  const open = reshape(g, x, [b, c / (r * r), r, r, h, w]);
  return reshape(g, transpose(g, open, [0, 1, 4, 2, 5, 3]), [b, c / (r * r), h * r, w * r]);
}

/** [B, C, H*r, W*r] to [B, C*r*r, H, W] (space to depth). */
export function pixelUnshuffle(g: Graph, x: Value, r: number): Value {
  const [b, c, h, w] = x.shape;
  if (h % r !== 0 || w % r !== 0) throw new TypeError(`${h}x${w} does not divide by ${r}`);
  const open = reshape(g, x, [b, c, h / r, r, w / r, r]);
  return reshape(g, transpose(g, open, [0, 1, 3, 5, 2, 4]), [b, c * r * r, h / r, w / r]);
}
