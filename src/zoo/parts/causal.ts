/**
 * Convolutions that see only what is drawn before a place when a picture is drawn row by row (van den Oord et al. 2016,
 * arXiv:1601.06759). Rows below are left out of the kernel, the rest of the place's own row is masked, so the same
 * weights run over a whole picture (training) and over the few places around one pixel (drawing).
 */
import type { Builder, Value } from '../../nn/index.ts';

export interface CausalConv {
  /** Places seen to the left, to the right and above. */
  readonly radius: number;
  /** Does it see the place itself? Only the first layer may not. */
  readonly self: boolean;
  /**
   * `picture`: x [B, C, H, W] gives [B, channels, H, W], zeros outside the picture. `patch`: x [B, C, radius + 1,
   * 2 * radius + 1] ends in the place's own row and gives [B, channels, 1, 1]; masked places may hold any number.
   */
  readonly over: 'picture' | 'patch';
}

/** Weights `NAME/weight` [channels, C, radius + 1, 2 * radius + 1] and `NAME/bias`. */
export function causalConv(
  b: Builder,
  name: string,
  x: Value,
  channels: number,
  { radius, self, over }: CausalConv,
): Value {
  const [height, width] = [radius + 1, 2 * radius + 1];
  const seen = height * width - radius - (self ? 0 : 1);
  return b.scope(name, () => {
    const inner = x.shape[1];
    const start = { normal: Math.sqrt(2 / (inner * seen)) };
    const weight = b.parameter('weight', [channels, inner, height, width], start);
    const bias = b.parameter('bias', [channels], 'zeros');
    const mask = Float32Array.from({ length: height * width }, (_, i) => (i < seen ? 1 : 0));
    const masked = b.mul(weight, b.constant(mask, [1, 1, height, width]));
    const wide = over === 'picture' ? b.pad(x, [radius, radius, 0, radius]) : x;
    return b.convWith(wide, masked, bias, { pad: 0 });
  });
}

/** Six places in the order of a kernel of radius 1, each [B, C, 1, 1], as one patch [B, C, 2, 3]. */
export function patchOf(b: Builder, places: readonly Value[]): Value {
  const [batch, channels] = places[0].shape;
  const rows = b.concat(places.map((place) => b.reshape(place, [batch, 1, channels])));
  return b.reshape(b.transpose(rows, [0, 2, 1]), [batch, channels, 2, 3]);
}
