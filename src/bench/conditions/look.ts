/** What is done to a picture to please: skin smoothed, colours graded. And where it is shown before it is caught again. */
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { blur, decodePixels, encodeJpeg, resize } from '../../media/index.node.ts';
import { copied } from './overlay.ts';

/** Skin-like colours smoothed where they are nearly even, then a little brighter: what "beauty" filters do. */
export async function beauty(image: RgbImage): Promise<RgbImage> {
  const sigma = Math.max(0.6, Math.min(image.width, image.height) / 90);
  const smooth = await blur(image, sigma);
  const out = copied(image);
  for (let i = 0; i < out.data.length; i += 3) {
    const [r, g, b] = [image.data[i], image.data[i + 1], image.data[i + 2]];
    const cb = 128 - 0.169 * r - 0.331 * g + 0.5 * b;
    const cr = 128 + 0.5 * r - 0.419 * g - 0.081 * b;
    const skin = Math.max(0, 1 - Math.hypot((cb - 105) / 30, (cr - 152) / 24));
    const difference =
      Math.abs(r - smooth.data[i]) + Math.abs(g - smooth.data[i + 1]) + Math.abs(b - smooth.data[i + 2]);
    const even = Math.max(0, 1 - difference / 60);
    const weight = Math.min(1, 1.6 * skin) * even;
    for (let c = 0; c < 3; c++) {
      const v = image.data[i + c] * (1 - weight) + smooth.data[i + c] * weight;
      out.data[i + c] = Math.min(255, v + 10 * weight);
    }
  }
  return out;
}

/** A colour grade from a seed: contrast, warmth, saturation, lifted shadows. */
export function graded(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const contrast = random.uniform(0.85, 1.25);
  const warmth = random.uniform(-18, 18);
  const saturation = random.uniform(0.6, 1.4);
  const lift = random.uniform(0, 18);
  const out = copied(image);
  const bounded = (v: number) => Math.min(255, Math.max(0, Math.round(v)));
  for (let i = 0; i < out.data.length; i += 3) {
    const [r, g, b] = [0, 1, 2].map((c) => (image.data[i + c] - 128) * contrast + 128);
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    const lifted = (v: number) => lift + (v * (255 - lift)) / 255;
    out.data[i] = bounded(lifted(grey + (r - grey) * saturation + warmth));
    out.data[i + 1] = bounded(lifted(grey + (g - grey) * saturation));
    out.data[i + 2] = bounded(lifted(grey + (b - grey) * saturation - warmth));
  }
  return out;
}

/** The picture at 60 % inside a blurred and darkened copy of itself, as tall clips are shown in wide frames. */
export async function frameInFrame(image: RgbImage): Promise<RgbImage> {
  const { width, height } = image;
  const out = copied(await blur(image, Math.max(2, Math.min(width, height) / 20)));
  for (let i = 0; i < out.data.length; i++) out.data[i] *= 0.55;
  const inner = await resize(image, {
    width: Math.max(1, Math.round(width * 0.6)),
    height: Math.max(1, Math.round(height * 0.6)),
  });
  paste(out, inner, (width - inner.width) >> 1, (height - inner.height) >> 1);
  return out;
}

/** A screenshot of a player: shown at 80 %, a dark bar with a line of progress below, a play button over it. */
export async function player(image: RgbImage, seed: number): Promise<RgbImage> {
  const random = new Random(seed);
  const shown = await resize(image, {
    width: Math.max(8, Math.round(image.width * 0.8)),
    height: Math.max(8, Math.round(image.height * 0.8)),
  });
  const { width, height } = shown;
  const strip = Math.max(4, Math.round(height * 0.11));
  const out = { width, height: height + strip, data: new Uint8Array(3 * width * (height + strip)).fill(22) };
  paste(out, shown, 0, 0);
  const progress = random.uniform(0.1, 0.9);
  const thick = Math.max(1, strip >> 3);
  for (let y = height; y < height + thick; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (y * width + x);
      out.data.set(x < progress * width ? [255, 0, 51] : [120, 120, 120], at);
    }
  }
  const side = Math.min(width, height) * 0.08;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [(x - width / 2) / side, (y - height / 2) / side];
      const inside = u > -0.8 && u < 1 && Math.abs(v) < (1 - u) * 0.6;
      const ground = Math.hypot(u, v) < 2;
      if (!ground) continue;
      const at = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) out.data[at + c] = inside ? 250 : out.data[at + c] * 0.5;
    }
  }
  return out;
}

function paste(on: RgbImage, what: RgbImage, x: number, y: number): void {
  for (let row = 0; row < what.height; row++) {
    const line = what.data.subarray(3 * row * what.width, 3 * (row + 1) * what.width);
    on.data.set(line, 3 * ((y + row) * on.width + x));
  }
}

/** Saved three times by three applications: other sizes, other qualities, other sub-sampling. The last file. */
export async function sharedThrice(image: RgbImage, seed: number): Promise<Uint8Array> {
  const random = new Random(seed);
  let bytes = new Uint8Array();
  let now = image;
  for (let save = 0; save < 3; save++) {
    const scale = random.uniform(0.8, 1);
    const smaller = await resize(now, {
      width: Math.max(16, Math.round(now.width * scale)),
      height: Math.max(16, Math.round(now.height * scale)),
    });
    bytes = new Uint8Array(
      await encodeJpeg(smaller, {
        quality: 60 + random.below(31),
        subsampling: random.chance(0.3) ? '4:4:4' : '4:2:0',
      }),
    );
    now = await decodePixels(bytes);
  }
  return bytes;
}
