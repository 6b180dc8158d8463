/**
 * What the scenes share: pictures as linear light, colours, gradient noise, and the walk over every pixel. The noise is
 * Perlin's (1985) with his later fade curve, hashed by integers so that it is the same on every machine.
 */

/** Linear light, interleaved R G B, row-major; 1 is the brightest a picture shows before tone mapping. */
export interface Light {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export type Colour = readonly [number, number, number];

/** Colour seen at (u, v): u runs 0..width/height from the left, v 0..1 from the top. */
export type Scene = (u: number, v: number) => Colour;

/** Samples a scene `grid` x `grid` times in each pixel and averages. */
export function expose(scene: Scene, width: number, height: number, grid: number): Light {
  const data = new Float32Array(width * height * 3);
  const share = 1 / (grid * grid);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      for (let s = 0; s < grid * grid; s++) {
        const u = (x + ((s % grid) + 0.5) / grid) / height;
        const v = (y + (Math.floor(s / grid) + 0.5) / grid) / height;
        const colour = scene(u, v);
        for (let c = 0; c < 3; c++) data[at + c] += colour[c] * share;
      }
    }
  }
  return { width, height, data };
}

/** A colour of the web in linear light. */
export function hex(rgb: number): Colour {
  const channel = (shift: number) => (((rgb >> shift) & 255) / 255) ** 2.2;
  return [channel(16), channel(8), channel(0)];
}

export const clamp = (x: number, low = 0, high = 1) => Math.min(high, Math.max(low, x));
export const smooth = (from: number, to: number, x: number) => {
  const t = clamp((x - from) / (to - from));
  return t * t * (3 - 2 * t);
};
export const mix = (a: Colour, b: Colour, t: number): Colour => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
export const times = (a: Colour, k: number): Colour => [a[0] * k, a[1] * k, a[2] * k];
export const plus = (a: Colour, b: Colour, k = 1): Colour => [
  a[0] + b[0] * k,
  a[1] + b[1] * k,
  a[2] + b[2] * k,
];
export const filtered = (a: Colour, b: Colour): Colour => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];

/** 32 well mixed bits of a lattice point. */
export function hash(x: number, y: number, seed: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function slope(x: number, y: number, seed: number, dx: number, dy: number): number {
  const h = hash(x, y, seed);
  const gx = (h & 1023) / 511.5 - 1;
  const gy = ((h >>> 10) & 1023) / 511.5 - 1;
  return gx * dx + gy * dy;
}

/** Gradient noise, about -0.7..0.7, features one unit wide. */
export function noise(x: number, y: number, seed: number): number {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const dx = x - xi;
  const dy = y - yi;
  const fx = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
  const fy = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
  const top = slope(xi, yi, seed, dx, dy) * (1 - fx) + slope(xi + 1, yi, seed, dx - 1, dy) * fx;
  const bottom =
    slope(xi, yi + 1, seed, dx, dy - 1) * (1 - fx) + slope(xi + 1, yi + 1, seed, dx - 1, dy - 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Noise of several sizes, each octave half as strong and about twice as fine, turned so that no axis shows. */
export function clouds(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let strength = 1;
  let px = x;
  let py = y;
  for (let i = 0; i < octaves; i++) {
    sum += strength * noise(px, py, seed + i);
    const turned = 1.6 * px + 1.2 * py;
    py = -1.2 * px + 1.6 * py;
    px = turned;
    strength *= 0.5;
  }
  return sum;
}
