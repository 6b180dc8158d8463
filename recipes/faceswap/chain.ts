/**
 * The one road that every face travels, authentic or not, on its way into training: taken at some size with some slant,
 * touched up, saved once or twice, and only then brought to the size the network sees.
 */
import type { RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import { ROOM } from '../../src/evidence/faceswap/view.ts';
import type { Affine } from '../../src/face/geometry.ts';
import { toImage, warp } from '../../src/face/sampling.ts';
import { blur, decodePixels, encodeJpeg, encodeWebp } from '../../src/media/index.node.ts';
import { CROP_ROOM } from './crops.ts';

/** The part of a kept crop that the network's view covers, on average. */
const PART = ROOM / CROP_ROOM;

/** From a crop of `from` pixels to a view of `to`, with a small turn, stretch and shift. */
function view(from: number, to: number, random: Random): Affine {
  const scale = (to / (from * PART)) * random.uniform(0.92, 1.08);
  const turn = random.normal() * 0.035;
  const a = Math.cos(turn) * scale;
  const c = Math.sin(turn) * scale;
  const middle = from / 2;
  const x = to / 2 + to * random.normal() * 0.015;
  const y = to / 2 + to * random.normal() * 0.015;
  return { a, b: -c, c, d: a, tx: x - (a - c) * middle, ty: y - (c + a) * middle };
}

function touchedUp(image: RgbImage, random: Random): RgbImage {
  const gamma = random.chance(0.4) ? Math.exp(random.uniform(-0.3, 0.3)) : 1;
  const gain = random.chance(0.4) ? random.uniform(0.8, 1.2) : 1;
  const saturation = random.chance(0.25) ? (random.chance(0.15) ? 0 : random.uniform(0.6, 1.3)) : 1;
  const warmth = random.chance(0.2) ? random.uniform(-0.08, 0.08) : 0;
  const noise = random.chance(0.07) ? random.uniform(0.7, 3) : 0;
  const table = Float32Array.from({ length: 256 }, (_, v) => 255 * Math.min(1, gain * (v / 255) ** gamma));
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const r = table[image.data[i]] * (1 + warmth);
    const g = table[image.data[i + 1]];
    const b = table[image.data[i + 2]] * (1 - warmth);
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    data[i] = y + saturation * (r - y) + (noise && noise * random.normal());
    data[i + 1] = y + saturation * (g - y) + (noise && noise * random.normal());
    data[i + 2] = y + saturation * (b - y) + (noise && noise * random.normal());
  }
  return { ...image, data };
}

async function saved(image: RgbImage, random: Random): Promise<RgbImage> {
  if (random.chance(0.12)) {
    return decodePixels(await encodeWebp(image, { quality: Math.round(random.uniform(45, 95)) }), {});
  }
  const quality = Math.round(random.chance(0.35) ? random.uniform(50, 85) : random.uniform(75, 100));
  const subsampling = random.chance(0.75) ? '4:2:0' : '4:4:4';
  return decodePixels(await encodeJpeg(image, { quality, subsampling }), {});
}

/** A view of the square crop, `side` pixels wide, with a random past. */
export async function travelled(crop: RgbImage, side: number, random: Random): Promise<RgbImage> {
  const size = Math.round(random.chance(0.25) ? random.uniform(80, 115) : random.uniform(115, 180));
  const cut = warp(crop, view(crop.width, size, random), { width: size, height: size, outside: 'edge' });
  let image = toImage(cut, size, size);
  if (random.chance(0.08)) image = await blur(image, random.uniform(0.4, 1.2));
  image = touchedUp(image, random);
  if (random.chance(0.8)) image = await saved(image, random);
  if (random.chance(0.15)) image = await saved(image, random);
  if (size === side) return image;
  const scale = side / size;
  const fit = { a: scale, b: 0, c: 0, d: scale, tx: 0, ty: 0 };
  return toImage(warp(image, fit, { width: side, height: side, outside: 'edge' }), side, side);
}
