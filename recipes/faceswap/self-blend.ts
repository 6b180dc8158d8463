/**
 * Fakes without a faker: self-blended images (SBI, Shiohara and Yamasaki 2022, arXiv:2204.08376). A face is blended into
 * itself after one of the two was recoloured, resampled and shifted, which leaves what every swap leaves: a seam, two
 * noises, two sharpnesses. A quarter take another face instead (Face X-ray, Li et al. 2020, arXiv:1912.13458), and a
 * third of the sources pass through a low resolution first, as they do in a network that renders at 64 to 128 pixels.
 */
import type { RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import type { Affine } from '../../src/face/geometry.ts';
import { toImage, warp } from '../../src/face/sampling.ts';
import { blur, resize } from '../../src/media/index.node.ts';
import { faceMask } from './masks.ts';

export interface MeshedFace {
  readonly image: RgbImage;
  /** 468 points x, y in pixels of `image`. */
  readonly mesh: Float32Array;
}

const RATIOS = [0.25, 0.5, 0.75, 1, 1, 1] as const;

/** Shift of the channels, gain and saturation, as step 3 has them. */
function recoloured({ width, height, data }: RgbImage, random: Random): RgbImage {
  const shift = random.chance(0.3) ? [0, 1, 2].map(() => random.uniform(-20, 20)) : [0, 0, 0];
  const saturation = random.chance(0.5) ? random.uniform(0.7, 1.3) : 1;
  const gain = random.uniform(0.9, 1.1);
  const lift = random.uniform(-15, 15);
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const y = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    for (let c = 0; c < 3; c++) out[i + c] = (y + saturation * (data[i + c] - y)) * gain + lift + shift[c];
  }
  return { width, height, data: out };
}

async function resampled(image: RgbImage, random: Random): Promise<RgbImage> {
  const kind = random.uniform();
  const { width, height } = image;
  if (kind < 0.25) {
    const soft = await blur(image, random.uniform(0.5, 1.2));
    const amount = random.uniform(0.3, 1.2);
    const data = new Uint8ClampedArray(image.data.length);
    for (let i = 0; i < data.length; i++) data[i] = image.data[i] + amount * (image.data[i] - soft.data[i]);
    return { width, height, data };
  }
  const low = kind < 0.6 ? random.uniform(0.3, 0.6) : random.uniform(0.6, 0.95);
  const side = Math.round(width * low);
  const kernel = random.pick(['linear', 'cubic', 'lanczos3'] as const);
  const small = await resize(image, { width: side, height: side, kernel });
  return resize(small, { width, height, kernel: random.pick(['linear', 'cubic', 'lanczos3'] as const) });
}

/** Mean and spread of each channel under the mask become those of `target`. */
function matched(source: RgbImage, target: RgbImage, mask: Float32Array): RgbImage {
  const data = new Uint8ClampedArray(source.data.length);
  for (let c = 0; c < 3; c++) {
    const moments = (image: RgbImage) => {
      let n = 1e-6;
      let sum = 0;
      let square = 0;
      for (let i = 0; i < mask.length; i++) {
        const v = image.data[i * 3 + c];
        n += mask[i];
        sum += mask[i] * v;
        square += mask[i] * v * v;
      }
      const mean = sum / n;
      return { mean, spread: Math.sqrt(Math.max(1, square / n - mean * mean)) };
    };
    const from = moments(source);
    const to = moments(target);
    const gain = Math.min(2, Math.max(0.5, to.spread / from.spread));
    for (let i = c; i < data.length; i += 3) data[i] = to.mean + (source.data[i] - from.mean) * gain;
  }
  return { ...source, data };
}

/** The stretch that puts the mesh of one face over that of another. */
function onto(from: Float32Array, to: Float32Array): Affine {
  const span = (mesh: Float32Array, axis: number) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = axis; i < mesh.length; i += 2) {
      low = Math.min(low, mesh[i]);
      high = Math.max(high, mesh[i]);
    }
    return { low, size: Math.max(1, high - low) };
  };
  const [fx, fy] = [span(from, 0), span(from, 1)];
  const [tx, ty] = [span(to, 0), span(to, 1)];
  const a = tx.size / fx.size;
  const d = ty.size / fy.size;
  return { a, b: 0, c: 0, d, tx: tx.low - a * fx.low, ty: ty.low - d * fy.low };
}

/** Step 4: a small shift and scale about the centre. */
function nudge(side: number, random: Random): Affine {
  const scale = random.chance(0.5) ? random.uniform(0.95, 1) : 1 / random.uniform(0.95, 1);
  const centre = (side / 2) * (1 - scale);
  const tx = centre + side * random.uniform(-0.03, 0.03);
  const ty = centre + side * random.uniform(-0.015, 0.015);
  return { a: scale, b: 0, c: 0, d: scale, tx, ty };
}

function warped(image: RgbImage, transform: Affine): RgbImage {
  const { width, height } = image;
  return toImage(warp(image, transform, { width, height, outside: 'edge' }), width, height);
}

/** `source` over `target` where `mask` (0..1, row-major) says so. All of one size. */
function over(target: RgbImage, source: RgbImage, mask: Float32Array, ratio: number): RgbImage {
  const data = new Uint8ClampedArray(target.data.length);
  for (let i = 0, j = 0; i < mask.length; i++) {
    const m = mask[i] * ratio;
    for (let c = 0; c < 3; c++, j++) data[j] = target.data[j] * (1 - m) + source.data[j] * m;
  }
  return { ...target, data };
}

/** A fake made of `face` alone, or with `other` blended in. Both of one size and aligned alike. */
export async function selfBlend(face: MeshedFace, random: Random, other?: MeshedFace): Promise<RgbImage> {
  const side = face.image.width;
  const mask = faceMask(face.mesh, side, random);
  let target = face.image;
  let source = other ? matched(warped(other.image, onto(other.mesh, face.mesh)), target, mask) : face.image;
  if (other || random.chance(0.5)) {
    if (!other) source = recoloured(source, random);
    source = await resampled(source, random);
  } else {
    target = await resampled(recoloured(target, random), random);
  }
  source = warped(source, nudge(side, random));
  return over(target, source, mask, other ? 1 : random.pick(RATIOS));
}

/**
 * A part of `fake`, which was made of `face`, put back into it: few fakes become many, each with its traces elsewhere.
 * Both aligned alike.
 */
export function partOf(fake: RgbImage, face: MeshedFace, random: Random): RgbImage {
  const mask = faceMask(face.mesh, face.image.width, random);
  return over(face.image, fake, mask, random.chance(0.7) ? 1 : random.uniform(0.5, 1));
}
