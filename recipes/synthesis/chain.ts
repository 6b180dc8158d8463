/**
 * The one road every training picture travels, real or generated: cut, perhaps saved once before, resized, touched up,
 * saved again. Without it a network learns which folder was PNG.
 */
import { crop, type RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import { MIN_SIDE } from '../../src/core/tiles.ts';
import { blur, decodePixels, encodeJpeg, encodeWebp, resize } from '../../src/media/index.node.ts';

export interface View {
  readonly image: RgbImage;
  /** Factor of the resize, quality of the last save (0 = none). */
  readonly scale: number;
  readonly quality: number;
}

/** Largest side of a view in pixels. */
export const VIEW = 256;

const KERNELS = [
  'nearest',
  'linear',
  'linear',
  'cubic',
  'cubic',
  'mitchell',
  'lanczos3',
  'lanczos3',
  'lanczos3',
] as const;

async function saveJpeg(image: RgbImage, quality: number, random: Random): Promise<RgbImage> {
  const subsampling = random.chance(0.75) ? '4:2:0' : '4:4:4';
  return decodePixels(await encodeJpeg(image, { quality, subsampling }), {});
}

function mirrored({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (y * width + width - 1 - x) * 3;
      out[to] = data[from];
      out[to + 1] = data[from + 1];
      out[to + 2] = data[from + 2];
    }
  }
  return { width, height, data: out };
}

/** Brightness, contrast, gamma, noise and saturation as a person or an app would change them. */
function touchedUp(image: RgbImage, random: Random): RgbImage {
  const tone = random.chance(0.2);
  const gamma = tone ? Math.exp(random.uniform(-0.25, 0.25)) : 1;
  const gain = tone ? random.uniform(0.85, 1.15) : 1;
  const noise = random.chance(0.06) ? random.uniform(0.7, 4) : 0;
  const saturation = random.chance(0.1) ? (random.chance(0.3) ? 0 : random.uniform(0.6, 1.3)) : 1;
  if (!tone && noise === 0 && saturation === 1) return image;
  const table = Float32Array.from({ length: 256 }, (_, v) => 255 * Math.min(1, gain * (v / 255) ** gamma));
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const r = table[image.data[i]];
    const g = table[image.data[i + 1]];
    const b = table[image.data[i + 2]];
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    data[i] = y + saturation * (r - y) + (noise && noise * random.normal());
    data[i + 1] = y + saturation * (g - y) + (noise && noise * random.normal());
    data[i + 2] = y + saturation * (b - y) + (noise && noise * random.normal());
  }
  return { ...image, data };
}

function lastQuality(random: Random): number {
  const kind = random.uniform();
  if (kind < 0.25) return Math.round(random.uniform(90, 100));
  if (kind < 0.75) return Math.round(random.uniform(60, 95));
  return Math.round(random.uniform(40, 75));
}

/** One random view of `picture` (both sides at least {@link MIN_SIDE}); its sides lie between MIN_SIDE and {@link VIEW}. */
export async function randomView(picture: RgbImage, random: Random): Promise<View> {
  const shortest = Math.min(picture.width, picture.height);
  const kind = random.uniform();
  let scale =
    kind < 0.35 ? 1 : kind < 0.75 ? Math.exp(random.uniform(Math.log(0.4), 0)) : random.uniform(1, 1.6);
  scale = Math.max(scale, (MIN_SIDE + 8) / shortest);
  if (shortest < MIN_SIDE + 8) scale = 1;
  const side = Math.ceil(VIEW / scale);
  const width = Math.min(picture.width, side);
  const height = Math.min(picture.height, side);
  const grid = random.chance(0.7) ? 8 : 1;
  const x = Math.floor(random.below(picture.width - width + 1) / grid) * grid;
  const y = Math.floor(random.below(picture.height - height + 1) / grid) * grid;
  let image = crop(picture, { x, y, width, height });
  if (random.chance(0.5)) image = mirrored(image);
  if (random.chance(0.5)) image = await saveJpeg(image, Math.round(random.uniform(60, 97)), random);
  if (scale !== 1) {
    image = await resize(image, {
      width: Math.max(MIN_SIDE, Math.round(width * scale)),
      height: Math.max(MIN_SIDE, Math.round(height * scale)),
      kernel: random.pick(KERNELS),
    });
  }
  if (random.chance(0.1)) image = await blur(image, random.uniform(0.4, 1.3));
  image = touchedUp(image, random);
  let quality = 0;
  const last = random.uniform();
  if (last < 0.82) {
    quality = lastQuality(random);
    image = await saveJpeg(image, quality, random);
  } else if (last < 0.92) {
    quality = Math.round(random.uniform(55, 95));
    image = await decodePixels(await encodeWebp(image, { quality }), {});
  }
  if (random.chance(0.25)) {
    const dx = Math.min(random.below(8), image.width - MIN_SIDE);
    const dy = Math.min(random.below(8), image.height - MIN_SIDE);
    image = crop(image, { x: dx, y: dy, width: image.width - dx, height: image.height - dy });
  }
  return { image, scale, quality };
}
