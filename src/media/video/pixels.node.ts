/**
 * A decoded frame as upright 8-bit sRGB. Whatever the decoder delivers (4:2:0, 10 bits, limited range) goes through its
 * own conversion to RGBA, then through the rotation that the container states.
 */

import type { RgbImage } from '../../core/image.ts';
import type { VideoSample } from '../av/mediabunny.node.ts';

/** One decoded sample as upright pixels, averaged down by a whole factor where it is at least twice as long as `longestSide`. */
export async function pixelsOf(sample: VideoSample, longestSide?: number): Promise<RgbImage> {
  const { codedWidth, codedHeight } = sample;
  const layout = { format: 'RGBA' } as const;
  const rgba = new Uint8Array(sample.allocationSize(layout));
  await sample.copyTo(rgba, layout);
  const longest = Math.max(codedWidth, codedHeight);
  const factor = longestSide ? Math.max(1, Math.floor(longest / longestSide)) : 1;
  return turned(packed(rgba, codedWidth, codedHeight, factor), sample.rotation);
}

/** RGBA to R G B, each pixel the mean of `factor` squared. */
function packed(rgba: Uint8Array, fromWidth: number, fromHeight: number, factor: number): RgbImage {
  const width = Math.max(1, Math.floor(fromWidth / factor));
  const height = Math.max(1, Math.floor(fromHeight / factor));
  const data = new Uint8Array(width * height * 3);
  if (factor === 1) {
    for (let i = 0, j = 0; j < data.length; i += 4, j += 3) {
      data[j] = rgba[i];
      data[j + 1] = rgba[i + 1];
      data[j + 2] = rgba[i + 2];
    }
    return { width, height, data };
  }
  const cells = factor * factor;
  for (let y = 0, j = 0; y < height; y++) {
    for (let x = 0; x < width; x++, j += 3) {
      let r = 0;
      let g = 0;
      let b = 0;
      for (let v = 0; v < factor; v++) {
        let i = ((y * factor + v) * fromWidth + x * factor) * 4;
        for (let u = 0; u < factor; u++, i += 4) {
          r += rgba[i];
          g += rgba[i + 1];
          b += rgba[i + 2];
        }
      }
      data[j] = r / cells + 0.5;
      data[j + 1] = g / cells + 0.5;
      data[j + 2] = b / cells + 0.5;
    }
  }
  return { width, height, data };
}

/** The picture after so many degrees clockwise. */
export function turned(image: RgbImage, degrees: 0 | 90 | 180 | 270): RgbImage {
  if (degrees === 0) return image;
  const { width: w, height: h, data } = image;
  const [width, height] = degrees === 180 ? [w, h] : [h, w];
  const out = new Uint8Array(data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [tx, ty] =
        degrees === 90 ? [h - 1 - y, x] : degrees === 180 ? [w - 1 - x, h - 1 - y] : [y, w - 1 - x];
      const from = (y * w + x) * 3;
      const to = (ty * width + tx) * 3;
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    }
  }
  return { width, height, data: out };
}
