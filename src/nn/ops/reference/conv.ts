/** Convolution and its transpose, written as their definitions. */
import { at, flatIndex, generate, type NdArray, nd } from './array.ts';

export interface ReferenceConv {
  readonly stride?: number;
  readonly pad?: number;
  readonly dilation?: number;
  readonly groups?: number;
}

export function conv(x: NdArray, w: NdArray, bias: NdArray | null, options: ReferenceConv = {}): NdArray {
  const { stride = 1, dilation = 1, groups = 1 } = options;
  const [batch, , h, wd] = x.shape;
  const [outer, per, kh, kw] = w.shape;
  const pad = options.pad ?? (dilation * (kh - 1)) >> 1;
  const oh = Math.floor((h + 2 * pad - dilation * (kh - 1) - 1) / stride) + 1;
  const ow = Math.floor((wd + 2 * pad - dilation * (kw - 1) - 1) / stride) + 1;
  return generate([batch, outer, oh, ow], ([b, o, y, xx]) => {
    const group = Math.floor(o / (outer / groups));
    let sum = bias ? at(bias, o) : 0;
    for (let c = 0; c < per; c++) {
      for (let ky = 0; ky < kh; ky++) {
        for (let kx = 0; kx < kw; kx++) {
          const sy = y * stride - pad + ky * dilation;
          const sx = xx * stride - pad + kx * dilation;
          if (sy < 0 || sx < 0 || sy >= h || sx >= wd) continue;
          sum += at(x, b, group * per + c, sy, sx) * at(w, o, c, ky, kx);
        }
      }
    }
    return sum;
  });
}

/** w [C, O, KH, KW]; every input number paints its kernel onto the output. */
export function convTranspose(
  x: NdArray,
  w: NdArray,
  bias: NdArray | null,
  { stride = 1, pad = 0, outputPad = 0 }: { stride?: number; pad?: number; outputPad?: number } = {},
): NdArray {
  const [batch, inner, h, wd] = x.shape;
  const [, outer, kh, kw] = w.shape;
  const oh = (h - 1) * stride - 2 * pad + kh + outputPad;
  const ow = (wd - 1) * stride - 2 * pad + kw + outputPad;
  const out = nd([batch, outer, oh, ow]);
  for (let b = 0; b < batch; b++) {
    for (let o = 0; o < outer; o++) {
      if (bias)
        out.data.fill(
          at(bias, o),
          flatIndex(out.shape, [b, o, 0, 0]),
          flatIndex(out.shape, [b, o, 0, 0]) + oh * ow,
        );
      for (let c = 0; c < inner; c++) {
        for (let y = 0; y < h; y++) {
          for (let xx = 0; xx < wd; xx++) {
            for (let ky = 0; ky < kh; ky++) {
              for (let kx = 0; kx < kw; kx++) {
                const ty = y * stride - pad + ky;
                const tx = xx * stride - pad + kx;
                if (ty < 0 || tx < 0 || ty >= oh || tx >= ow) continue;
                out.data[flatIndex(out.shape, [b, o, ty, tx])] += at(x, b, c, y, xx) * at(w, c, o, ky, kx);
              }
            }
          }
        }
      }
    }
  }
  return out;
}
