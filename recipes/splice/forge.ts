/**
 * Makes splices with a known mask from real pictures, and their untouched twins: a part of picture B, with a history
 * of its own (scaled, noisy, blurred, saved as JPEG), pasted with a soft edge into picture A; then both A with the
 * paste and A without it are saved alike. Seeded.
 */
import type { Box, RgbImage } from '../../src/core/image.ts';
import { crop } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import type { LastSave } from '../../src/evidence/splice/traces.ts';
import { blur, decodePixels, encodeJpeg, resize } from '../../src/media/index.node.ts';

export const SAVES = ['png', 'jpeg95', 'jpeg90', 'jpeg85', 'jpeg75'] as const;
export type Save = (typeof SAVES)[number];

/** A picture with, per pixel, the share 0..1 of it that comes from the donor. */
export interface Splice {
  readonly image: RgbImage;
  readonly mask: Float32Array;
  /** What was done to the donor, for the record. */
  readonly history: string;
}

/** ITU-T T.81 Annex K luma table, natural order. */
const ANNEX_K = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** The IJG luma table of a quality, as the container of the saved file will state it. */
export function ijgTable(quality: number): number[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return ANNEX_K.map((v) => Math.min(255, Math.max(1, Math.floor((v * scale + 50) / 100))));
}

/** The picture after its final save, and what the saved file's container tells of it. */
export async function finalSave(
  image: RgbImage,
  save: Save,
): Promise<{ image: RgbImage; save: LastSave | null }> {
  if (save === 'png') return { image, save: null };
  const quality = Number(save.slice(4));
  const bytes = await encodeJpeg(image, { quality });
  return { image: await decodePixels(bytes), save: { x: 0, y: 0, table: ijgTable(quality) } };
}

async function resave(image: RgbImage, quality: number): Promise<RgbImage> {
  return decodePixels(await encodeJpeg(image, { quality }));
}

/**
 * A host of at most `longest` pixels a side. Half of the crops keep the stored grid, half shift it; three in ten
 * hosts are first reduced and saved as JPEG, as services on the way do.
 */
export async function prepareHost(image: RgbImage, random: Random, longest: number): Promise<RgbImage> {
  let host = image;
  if (random.chance(0.3) && Math.min(host.width, host.height) > 300) {
    const scale = random.uniform(0.5, 0.95);
    host = await resize(host, {
      width: Math.round(host.width * scale),
      height: Math.round(host.height * scale),
    });
    host = await resave(host, 60 + random.below(38));
  }
  const width = Math.min(longest, host.width);
  const height = Math.min(longest, host.height);
  if (width === host.width && height === host.height) return host;
  const unit = random.chance(0.5) ? 8 : 1;
  const place = (room: number) => Math.floor(random.below(room + 1) / unit) * unit;
  return crop(host, { x: place(host.width - width), y: place(host.height - height), width, height });
}

/** Pastes a part of `donor` into `host`. Null when the donor is too small for any region. */
export async function makeSplice(host: RgbImage, donor: RgbImage, random: Random): Promise<Splice | null> {
  const short = Math.min(host.width, host.height);
  const size = Math.max(48, Math.round(short * random.uniform(0.18, 0.55)));
  const width = Math.min(host.width - 16, Math.round(size * random.uniform(0.7, 1.4)));
  const height = Math.min(host.height - 16, size);
  const history: string[] = [];

  let scale = random.chance(0.5) ? random.uniform(0.5, 1.6) : 1;
  const least = Math.max((width + 8) / donor.width, (height + 8) / donor.height);
  if (least > 1.6) return null;
  if (least > scale) scale = least;
  // the part that is needed, with a margin, in the donor's own pixels
  const need: Box = {
    x: 0,
    y: 0,
    width: Math.min(donor.width, Math.ceil((width + 24) / scale)),
    height: Math.min(donor.height, Math.ceil((height + 24) / scale)),
  };
  let part = crop(donor, {
    ...need,
    x: random.below(donor.width - need.width + 1),
    y: random.below(donor.height - need.height + 1),
  });
  if (scale !== 1) {
    part = await resize(part, {
      width: Math.max(width + 1, Math.round(part.width * scale)),
      height: Math.max(height + 1, Math.round(part.height * scale)),
      kernel: random.pick(['cubic', 'lanczos3', 'linear'] as const),
    });
    history.push(`scale ${scale.toFixed(2)}`);
  }
  if (random.chance(0.15)) {
    const sigmaPx = random.uniform(0.5, 1.2);
    part = await blur(part, sigmaPx);
    history.push(`blur ${sigmaPx.toFixed(1)}`);
  }
  if (random.chance(0.3)) {
    const sigma = random.uniform(1, 6);
    part = addNoise(part, sigma, random);
    history.push(`noise ${sigma.toFixed(1)}`);
  }
  if (random.chance(0.8)) {
    const quality = 50 + random.below(47);
    part = await resave(part, quality);
    history.push(`jpeg ${quality}`);
  }
  const fromX = random.below(part.width - width + 1);
  const fromY = random.below(part.height - height + 1);
  const toX = random.below(host.width - width + 1);
  const toY = random.below(host.height - height + 1);
  const alpha = regionMask(width, height, random);
  const image: RgbImage = { width: host.width, height: host.height, data: Uint8Array.from(host.data) };
  const mask = new Float32Array(host.width * host.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const a = alpha[y * width + x];
      if (a === 0) continue;
      const to = (toY + y) * host.width + toX + x;
      const from = ((fromY + y) * part.width + fromX + x) * 3;
      mask[to] = a;
      for (let c = 0; c < 3; c++) {
        image.data[to * 3 + c] = Math.round(a * part.data[from + c] + (1 - a) * host.data[to * 3 + c]);
      }
    }
  }
  return { image, mask, history: history.join(', ') };
}

/** An ellipse, a rectangle with round corners or a wavy blob, with an edge 0 to 4 pixels soft. */
function regionMask(width: number, height: number, random: Random): Float32Array {
  const mask = new Float32Array(width * height);
  const soft = random.chance(0.4) ? 0.5 : random.uniform(0.5, 4);
  const power = random.pick([2, 2, 6]);
  const wave = random.chance(0.5) ? random.uniform(0.05, 0.2) : 0;
  const lobes = 2 + random.below(4);
  const phase = random.uniform(0, 2 * Math.PI);
  const rx = width / 2;
  const ry = height / 2;
  const radius = Math.min(rx, ry);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x + 0.5 - rx) / rx;
      const v = (y + 0.5 - ry) / ry;
      const r = (Math.abs(u) ** power + Math.abs(v) ** power) ** (1 / power);
      const edge = 1 - wave * (0.5 + 0.5 * Math.cos(lobes * Math.atan2(v, u) + phase));
      mask[y * width + x] = Math.min(1, Math.max(0, ((edge - r) * radius) / soft));
    }
  }
  return mask;
}

function addNoise(image: RgbImage, sigma: number, random: Random): RgbImage {
  const data = new Uint8ClampedArray(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = image.data[i] + sigma * random.normal();
  return { width: image.width, height: image.height, data };
}
