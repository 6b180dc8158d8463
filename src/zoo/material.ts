/**
 * Pictures for generators that start from a picture, when nobody gives any: the dead-leaves model (Lee, Mumford and Huang
 * 2001, "Occlusion models for natural images", IJCV 41). Shapes that hide each other, their sizes by an inverse cube, are
 * the simplest thing that has the statistics of photographs: a power spectrum that falls with the square of frequency,
 * edges, and differences of neighbours with heavy tails. A generator's traces show on them as they do on photographs.
 *
 * The two subjects look alike here, there being no faces without a corpus. The two groups are round leaves and cornered
 * ones.
 */
import type { Random } from '../core/random.ts';
import type { PictureSource } from './declaration.ts';

/** Drawn at this many times the side and averaged down, so that edges are as soft as a lens leaves them. */
const OVER = 2;
/** Smallest and largest radius of a leaf, in pixels of the picture and as a share of its side. */
const SMALLEST = 1.5;
const LARGEST = 0.6;
/** Share of the places that is left to the ground behind all leaves; covering the last few takes most of the leaves. */
const GROUND = 0.03;

type Colour = readonly [number, number, number];

interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Half axes as shares of the radius, and the turn of the first. */
  readonly slim: number;
  readonly cos: number;
  readonly sin: number;
  readonly colour: Colour;
  /** Change of brightness from one side to the other. */
  readonly shade: number;
  /** Stripes across: how strong, how fast (radians a pixel); noise: how strong. */
  readonly stripes: number;
  readonly pace: number;
  readonly grain: number;
}

export const deadLeaves: PictureSource = {
  draw(random, _subject, size, count, group) {
    const out = new Uint8Array(count * 3 * size * size);
    for (let i = 0; i < count; i++) {
      const kind = group ?? (random.chance(0.5) ? 1 : 0);
      paint(random, size, kind === 1, out.subarray(i * 3 * size * size, (i + 1) * 3 * size * size));
    }
    return out;
  },
};

/** A radius whose density falls with its cube, between the bounds: the inverse of its distribution. */
function radiusOf(random: Random, smallest: number, largest: number): number {
  const [a, b] = [smallest ** -2, largest ** -2];
  return (a - random.uniform() * (a - b)) ** -0.5;
}

/** A few colours that go together: one light, hues around two. */
function paletteOf(random: Random): () => Colour {
  const hues = [random.uniform(0, 2 * Math.PI), random.uniform(0, 2 * Math.PI)];
  const [dim, contrast] = [random.uniform(70, 170), random.uniform(25, 65)];
  return () => {
    const light = dim + contrast * random.normal();
    const hue = random.pick(hues) + 0.3 * random.normal();
    const strength = Math.abs(random.normal()) * 22;
    return [0, 1, 2].map(
      (c) => light + strength * Math.cos(hue - (c * 2 * Math.PI) / 3),
    ) as unknown as Colour;
  };
}

function leafOf(random: Random, side: number, colour: Colour): Leaf {
  const radius = radiusOf(random, SMALLEST * OVER, LARGEST * side);
  const turn = random.uniform(0, Math.PI);
  return {
    ...{ x: random.uniform(-radius, side + radius), y: random.uniform(-radius, side + radius), radius },
    ...{ slim: random.uniform(0.4, 1), cos: Math.cos(turn), sin: Math.sin(turn), colour },
    shade: random.normal() * 18,
    stripes: random.chance(0.25) ? random.uniform(4, 22) : 0,
    pace: random.uniform(0.25, 1.6) / OVER,
    grain: random.chance(0.5) ? Math.abs(random.normal()) * 9 : 0,
  };
}

/** One planar picture [3, size, size] into `out`; the leaf in front is drawn first, and only where none is yet. */
function paint(random: Random, size: number, cornered: boolean, out: Uint8Array): void {
  const side = size * OVER;
  const plane = side * side;
  const canvas = new Float32Array(3 * plane);
  const covered = new Uint8Array(plane);
  const colours = paletteOf(random);
  let left = plane;
  while (left > GROUND * plane) {
    const leaf = leafOf(random, side, colours());
    left -= lay(random, leaf, side, cornered, canvas, covered);
  }
  const ground = colours();
  for (let i = 0; i < plane; i++) {
    if (covered[i] === 0) for (let c = 0; c < 3; c++) canvas[c * plane + i] = ground[c];
  }
  develop(canvas, size, out);
}

/** How many places the leaf came to cover. */
function lay(
  random: Random,
  leaf: Leaf,
  side: number,
  cornered: boolean,
  canvas: Float32Array,
  covered: Uint8Array,
): number {
  const { x, y, radius, slim, cos, sin, colour, shade, stripes, pace, grain } = leaf;
  const plane = side * side;
  const reach = cornered ? radius * Math.SQRT2 : radius;
  const within = (v: number) => Math.min(side, Math.max(0, v));
  let laid = 0;
  for (let row = within(Math.ceil(y - reach)); row < within(Math.floor(y + reach) + 1); row++) {
    for (let column = within(Math.ceil(x - reach)); column < within(Math.floor(x + reach) + 1); column++) {
      const at = row * side + column;
      if (covered[at] === 1) continue;
      const along = ((column - x) * cos + (row - y) * sin) / radius;
      const across = ((row - y) * cos - (column - x) * sin) / (radius * slim);
      const inside = cornered
        ? Math.abs(along) <= 1 && Math.abs(across) <= 1
        : along * along + across * across <= 1;
      if (!inside) continue;
      covered[at] = 1;
      laid++;
      const surface =
        shade * along +
        (stripes > 0 ? stripes * Math.sin(across * radius * pace) : 0) +
        (grain > 0 ? grain * random.normal() : 0);
      for (let c = 0; c < 3; c++) canvas[c * plane + at] = colour[c] + surface;
    }
  }
  return laid;
}

/** Averaged down with the neighbours' share, a slight blur, to bytes. */
function develop(canvas: Float32Array, size: number, out: Uint8Array): void {
  const side = size * OVER;
  const inside = (v: number) => Math.min(side - 1, Math.max(0, v));
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        let sum = 0;
        for (let dy = -1; dy <= OVER; dy++) {
          const row = c * side * side + inside(y * OVER + dy) * side;
          const weight = dy < 0 || dy === OVER ? 1 : 3;
          for (let dx = -1; dx <= OVER; dx++) {
            sum += weight * (dx < 0 || dx === OVER ? 1 : 3) * canvas[row + inside(x * OVER + dx)];
          }
        }
        out[(c * size + y) * size + x] = Math.max(0, Math.min(255, Math.round(sum / 64)));
      }
    }
  }
}
