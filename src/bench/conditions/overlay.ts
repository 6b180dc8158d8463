/**
 * What covers a picture in the wild: hair over the brow, a hand, a microphone, a line of subtitles, a logo. Drawn as
 * plain shapes from a seed, not as photographs: what matters to a detector is which pixels are gone and where new edges
 * are, and a shape can be redrawn by anybody. A face is assumed about the middle, where clips and crops have it.
 */
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';

export type Rgb = readonly [number, number, number];

/** A copy to draw on. */
export function copied({ width, height, data }: RgbImage): RgbImage & { readonly data: Uint8Array } {
  return { width, height, data: Uint8Array.from(data) };
}

/** Blends `colour` over the pixel with `alpha` 0..1. */
function blend(image: RgbImage, x: number, y: number, colour: Rgb, alpha: number): void {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height || alpha <= 0) return;
  const at = 3 * (y * image.width + x);
  for (let c = 0; c < 3; c++) image.data[at + c] = image.data[at + c] * (1 - alpha) + colour[c] * alpha;
}

/** Fills where `inside` (in shares of width and height) is positive, softened over a pixel. */
function fill(image: RgbImage, colour: Rgb, inside: (x: number, y: number) => number): void {
  const softness = Math.min(image.width, image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const depth = inside((x + 0.5) / image.width, (y + 0.5) / image.height) * softness;
      if (depth > -0.5) blend(image, x, y, colour, Math.min(1, depth + 0.5));
    }
  }
}

const ellipse =
  (cx: number, cy: number, rx: number, ry: number, turn = 0) =>
  (x: number, y: number) => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    const [u, v] = [c * (x - cx) + s * (y - cy), -s * (x - cx) + c * (y - cy)];
    return (1 - Math.hypot(u / rx, v / ry)) * Math.min(rx, ry);
  };

/** A rounded bar from one point to another. */
const bar = (x0: number, y0: number, x1: number, y1: number, radius: number) => (x: number, y: number) => {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return radius - Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
};

/** Some forty strands over the upper third, one colour with a little play. */
export function hair(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const out = copied(image);
  const base = random.pick<Rgb>([
    [28, 22, 18],
    [66, 44, 28],
    [120, 88, 52],
  ]);
  for (let strand = 0; strand < 40; strand++) {
    const play = random.uniform(0.7, 1.3);
    const colour: Rgb = [base[0] * play, base[1] * play, base[2] * play];
    const from = random.uniform(0.2, 0.8);
    const to = from + random.uniform(-0.15, 0.15);
    const length = random.uniform(0.25, 0.5);
    fill(out, colour, bar(from, 0.02, to, length, random.uniform(0.002, 0.006)));
  }
  return out;
}

/** A palm and four fingers before the lower half. */
export function hand(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const out = copied(image);
  const skin = random.pick<Rgb>([
    [214, 170, 140],
    [168, 120, 88],
    [92, 62, 46],
  ]);
  const left = random.chance(0.5) ? 0.32 : 0.68;
  fill(out, skin, ellipse(left, 0.82, 0.16, 0.2));
  for (let finger = 0; finger < 4; finger++) {
    const x = left - 0.11 + 0.075 * finger;
    const tip = random.uniform(0.42, 0.52);
    fill(out, [skin[0] * 0.96, skin[1] * 0.95, skin[2] * 0.94], bar(x, 0.75, x + 0.02, tip, 0.034));
  }
  return out;
}

/** A foam ball on a stick before chin and mouth. */
export function microphone(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const out = copied(image);
  const x = random.uniform(0.42, 0.58);
  fill(out, [70, 72, 76], bar(x, 1, x, 0.8, 0.03));
  fill(out, [34, 34, 36], ellipse(x, 0.72, 0.08, 0.11));
  return out;
}

/** Two lines of blocky white letters with dark edges, low in the picture. */
export function subtitles(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const out = copied(image);
  for (const [line, letters] of [
    [0.84, 18],
    [0.91, 14],
  ] as const) {
    for (let letter = 0; letter < letters; letter++) {
      if (random.chance(0.15)) continue;
      const x = 0.5 + (letter - letters / 2) * 0.038;
      // Each letter is three bars of a seven-segment sign.
      const strokes = [
        [x, line, x + 0.02, line],
        [x, line, x, line + 0.045],
        [x + 0.02, line, x + 0.02, line + 0.045],
        [x, line + 0.022, x + 0.02, line + 0.022],
        [x, line + 0.045, x + 0.02, line + 0.045],
      ].filter(() => random.chance(0.7));
      for (const [colour, radius] of [
        [[12, 12, 12], 0.007],
        [[245, 245, 245], 0.0035],
      ] as const)
        for (const [x0, y0, x1, y1] of strokes) fill(out, colour, bar(x0, y0, x1 + 1e-6, y1, radius));
    }
  }
  return out;
}

/** A ring with a bar in a corner, half transparent, as broadcasters and applications put it. */
export function logo(image: RgbImage, seed: number): RgbImage {
  const random = new Random(seed);
  const drawn = copied(image);
  const [x, y] = [random.pick([0.12, 0.88]), random.pick([0.1, 0.9])];
  const colour = random.pick<Rgb>([
    [255, 255, 255],
    [230, 40, 40],
    [40, 120, 240],
  ]);
  fill(drawn, colour, (u, v) => 0.016 - Math.abs(Math.hypot(u - x, v - y) - 0.06));
  fill(drawn, colour, bar(x - 0.03, y + 0.03, x + 0.03, y - 0.03, 0.01));
  const out = copied(image);
  for (let i = 0; i < out.data.length; i++) out.data[i] = 0.25 * image.data[i] + 0.75 * drawn.data[i];
  return out;
}
