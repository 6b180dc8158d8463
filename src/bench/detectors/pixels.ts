/** A picture as the numbers a network was trained on. */
import type { RgbImage } from '../../core/image.ts';
import { crop } from '../../core/image.ts';
import { resize } from '../../media/index.node.ts';

export interface InputDescription {
  readonly width: number;
  readonly height: number;
  /** `stretch` ignores the aspect; `cover` keeps it and takes the middle. Default `stretch`. */
  readonly fit?: 'stretch' | 'cover';
  /** Default NCHW. */
  readonly layout?: 'NCHW' | 'NHWC';
  /** Default RGB. */
  readonly colour?: 'RGB' | 'BGR';
  /** Samples are divided by this before mean and deviation; default 255. */
  readonly divide?: number;
  /** In the order of `colour`; default 0 and 1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

/** `image` at the size of the input. */
export async function fitted(
  image: RgbImage,
  { width, height, fit = 'stretch' }: InputDescription,
): Promise<RgbImage> {
  const kernel = 'linear';
  if (fit === 'stretch') return resize(image, { width, height, kernel });
  const scale = Math.max(width / image.width, height / image.height);
  const scaled = await resize(image, {
    width: Math.max(width, Math.round(image.width * scale)),
    height: Math.max(height, Math.round(image.height * scale)),
    kernel,
  });
  const x = (scaled.width - width) >> 1;
  const y = (scaled.height - height) >> 1;
  return crop(scaled, { x, y, width, height });
}

/** One sample's numbers of an image of the input's size. */
export function numbersOf(image: RgbImage, input: InputDescription): Float32Array {
  const { layout = 'NCHW', colour = 'RGB', divide = 255, mean = [0, 0, 0], std = [1, 1, 1] } = input;
  const pixels = image.width * image.height;
  const out = new Float32Array(3 * pixels);
  for (let c = 0; c < 3; c++) {
    const from = colour === 'RGB' ? c : 2 - c;
    for (let i = 0; i < pixels; i++) {
      const value = (image.data[3 * i + from] / divide - mean[c]) / std[c];
      out[layout === 'NCHW' ? c * pixels + i : 3 * i + c] = value;
    }
  }
  return out;
}
