/**
 * The mark as glass: one tile of black and white so thin that laid over anything it darkens and brightens by a few
 * levels. A page may be white, black or a photograph, and a script cannot see which; black glass shows on white, white
 * glass on black, both by half on what lies between, so the same tile leaves the same waves on all of them.
 */
import { carrierOf, drawTile } from '../watermark/carrier.ts';
import { encode } from '../watermark/code.ts';
import { bitsOfHex } from '../watermark/payload.ts';

export interface ScreenmarkOptions {
  readonly key: string;
  /** 64 bits in hexadecimal digits. */
  readonly message: string;
}

/** Opacity, in 255ths, of a wave's deviation: 42.4 dB on white or black. */
const OPACITY = 2.7;

/** `side` by `side` pixels of RGBA, not premultiplied. Throws HuoyanError `bad-argument` for a message that is none. */
export function glassTile({ key, message }: ScreenmarkOptions, side: number): Uint8ClampedArray<ArrayBuffer> {
  const tile = drawTile(carrierOf(key), encode(bitsOfHex(message)), side);
  const out = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < tile.length; i++) {
    out.fill(tile[i] > 0 ? 255 : 0, i * 4, i * 4 + 3);
    out[i * 4 + 3] = Math.round(OPACITY * Math.abs(tile[i]));
  }
  return out;
}
