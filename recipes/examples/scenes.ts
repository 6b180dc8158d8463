/**
 * The painted scenes: a lake at dusk and a sea at sunset, both flat layers over a horizon, without a geometry to march
 * through. Everything is a function of a place in the picture, so any size comes out sharp.
 */
import {
  type Colour,
  clamp,
  clouds,
  filtered,
  hash,
  hex,
  mix,
  noise,
  plus,
  type Scene,
  smooth,
  times,
} from './light.ts';

/** Five ridges behind each other above a lake, a moon and the first stars. */
export function lakeAtDusk(seed: number): Scene {
  const high = hex(0x141c44);
  const middle = hex(0x6d5a9c);
  const low = hex(0xffb27a);
  const haze = hex(0xe9a08c);
  const near = hex(0x0c1026);
  const moon = { u: 1.02, v: 0.17, r: 0.045 };
  const shore = 0.735;

  const sky: Scene = (u, v) => {
    let colour = mix(mix(high, middle, smooth(0, 0.38, v)), low, smooth(0.28, 0.66, v));
    const wisp = clouds(u * 2.2, v * 9, seed, 5);
    colour = mix(colour, hex(0xffc9a8), 0.45 * smooth(0.05, 0.6, wisp) * smooth(0.1, 0.5, v));
    const cellX = Math.floor(u * 90);
    const cellY = Math.floor(v * 90);
    const star = hash(cellX, cellY, seed + 50);
    if (star % 23 === 0 && v < 0.4) {
      const du = u * 90 - cellX - 0.2 - ((star >>> 8) % 60) / 100;
      const dv = v * 90 - cellY - 0.2 - ((star >>> 16) % 60) / 100;
      const bright = ((star >>> 24) / 255) ** 3 * (1 - smooth(0.15, 0.4, v));
      colour = plus(colour, [1, 0.95, 0.9], 1.1 * bright * Math.exp(-(du * du + dv * dv) / 0.012));
    }
    const far = Math.hypot(u - moon.u, v - moon.v);
    colour = plus(colour, [1, 0.9, 0.75], 0.22 * Math.exp(-far / 0.09));
    const face = 0.86 + 0.2 * clouds(u * 26, v * 26, seed + 7, 4);
    return mix(colour, times([1, 0.96, 0.86], face), 1 - smooth(moon.r - 0.0015, moon.r + 0.0015, far));
  };

  const land: Scene = (u, v) => {
    let colour = sky(u, v);
    for (let layer = 0; layer < 5; layer++) {
      const depth = layer / 4;
      const scale = 1.4 + 1.1 * layer;
      const ridge = 1 - Math.abs(clouds(u * scale + 31 * layer, layer * 7.3, seed + 11 * layer, 7)) * 1.7;
      const top = 0.56 + 0.04 * layer - (0.23 - 0.035 * layer) * (ridge - 0.35);
      const trees = layer > 2 ? 0.012 * (layer - 2) * Math.abs(noise(u * 110, layer, seed + 3)) : 0;
      const below = v - top + trees;
      if (below < 0) continue;
      const rock = mix(mix(haze, middle, 0.55), near, depth ** 0.75);
      const lit = 0.12 * (1 - depth) * clouds(u * 14 + layer, v * 22, seed + 90 + layer, 5);
      const mist = smooth(0.02, 0.2, below) * (0.62 - 0.5 * depth);
      colour = mix(plus(rock, [1, 0.75, 0.6], lit), haze, clamp(mist));
    }
    return colour;
  };

  return (u, v) => {
    if (v < shore) return land(u, v);
    const depth = (v - shore) / (1 - shore);
    const wave = clouds(u * (16 - 9 * depth), (150 * (v - shore)) / (0.12 + depth), seed + 200, 3);
    const bent = shore - (v - shore) * 1.25 + wave * 0.02 * (0.25 + depth);
    const seen = land(u + wave * 0.006, clamp(bent, 0, shore));
    const water = mix(filtered(seen, [0.78, 0.8, 0.9]), hex(0x0d1230), 0.15 + 0.5 * depth);
    return plus(water, haze, 0.1 * Math.exp(-depth * 40));
  };
}

/** A low sun over open water, clouds above, an island on the horizon. */
export function seaAtSunset(seed: number): Scene {
  const horizon = 0.46;
  const sun = { u: 0.52, v: 0.4 };

  const sky: Scene = (u, v) => {
    const up = clamp((horizon - v) / horizon);
    let colour = mix(hex(0xffd08a), hex(0xf0866a), smooth(0, 0.28, up));
    colour = mix(colour, hex(0x5b5f9e), smooth(0.2, 0.7, up));
    colour = mix(colour, hex(0x22305e), smooth(0.6, 1.05, up));
    const far = Math.hypot(u - sun.u, (v - sun.v) * 1.05);
    colour = plus(colour, [1, 0.62, 0.25], 0.9 * Math.exp(-far / 0.11));
    // clouds on a ceiling: their pattern shrinks towards the horizon
    const away = 0.11 / (up + 0.09);
    const pattern = clouds((u - 0.6) * away * 5.5, away * 9, seed, 6);
    const cover = smooth(-0.02, 0.42, pattern) * smooth(0.02, 0.14, up);
    const rim = clouds((u - 0.6) * away * 5.5 + 0.05, away * 9 - 0.07, seed, 6) - pattern;
    const glow = plus(
      mix(hex(0xd8706a), hex(0x4a4a78), smooth(0.1, 0.9, up)),
      [1, 0.6, 0.3],
      clamp(0.9 * rim + 0.1, 0, 0.6),
    );
    colour = mix(colour, glow, 0.85 * cover);
    return plus(colour, [2.6, 2.1, 1.3], 1 - smooth(0.026, 0.03, far));
  };

  return (u, v) => {
    const crest = clouds(u * 3.1, 0.5, seed + 40, 6);
    const island = 0.045 * smooth(0.95, 1.15, u) * (1 - smooth(1.28, 1.43, u)) * (1 + 0.9 * crest);
    if (v < horizon) return v > horizon - island ? mix(hex(0x3a2f4c), hex(0xd98a6a), 0.18) : sky(u, v);
    const depth = v - horizon + 0.0015;
    const z = 0.3 / depth;
    const x = (u - 0.72) * z;
    const fine = 1 / (1 + 0.03 * z * z);
    const step = 0.012 * (1 + z);
    const wave = (px: number, pz: number) =>
      0.5 * clouds(px * 1.1, pz * 2.1, seed + 60, 3) +
      fine * 0.3 * clouds(px * 4.3 + 3, pz * 7.7, seed + 70, 4);
    const h = wave(x, z);
    const tiltX = (wave(x + step, z) - h) / step;
    const tiltZ = (wave(x, z + step) - h) / step;
    const strength = 0.19 / (1 + 0.12 * z);
    const mirrorV = horizon - depth * 0.75 - Math.abs(0.11 + tiltZ * strength);
    const seen = sky(u + tiltX * strength * 0.9, clamp(mirrorV, 0, horizon - 0.01));
    const facing = clamp(1 - 1.25 * depth - tiltZ * strength * 1.3);
    const body = mix(hex(0x10283e), hex(0x2d5560), clamp(0.5 + 0.8 * h));
    let colour = mix(body, seen, clamp(0.12 + 0.75 * facing ** 2));
    // glitter: facets that happen to mirror the sun
    const off = u - sun.u + tiltX * strength * 1.5;
    const glint = Math.exp(-((off / (0.035 + 0.16 * depth)) ** 2)) * smooth(0.05, 0.75, tiltZ * 0.35 + 0.3);
    colour = plus(colour, [1.7, 1.0, 0.5], glint * (0.95 - depth));
    return mix(colour, hex(0xf0a070), 0.5 * Math.exp(-depth * 55));
  };
}

export interface Balloon {
  /** The balloon before a hazy sky. */
  readonly scene: Scene;
  /** White where the balloon, its ropes or its basket are, black elsewhere. */
  readonly cover: Scene;
}

/** A hot-air balloon. `at` is the middle of its envelope, `size` the radius, in picture heights. */
export function balloon(seed: number, at: { u: number; v: number }, size: number): Balloon {
  const cloth: readonly Colour[] = [hex(0xd6402b), hex(0xf2c14e), hex(0xd6402b), hex(0xf7ead0)];
  const sky: Scene = (u, v) => {
    const blue = mix(hex(0x4f86c6), hex(0xcfe0ea), smooth(0, 0.95, v));
    return mix(blue, [0.92, 0.93, 0.95], 0.5 * smooth(0, 0.7, clouds(u * 2, v * 4, seed, 5)));
  };
  const girth = (y: number) => Math.sqrt(Math.max(0, 1 - (y < 0 ? y * y : (y / 1.3) ** 2.2)));

  const body = (x: number, y: number): Colour | null => {
    if (Math.abs(x) < 0.13 && y > 1.62 && y < 1.86) {
      const weave = 0.85 + 0.3 * Math.sin(x * 120) * Math.sin(y * 90);
      return times(hex(0x6b4423), weave * (x < 0 ? 1.15 : 0.7));
    }
    if (y > 1.15 && y < 1.62) {
      const rope = 0.13 + (1.62 - y) * 0.32;
      if (Math.abs(Math.abs(x) - rope) < 0.012) return hex(0x3a2a1c);
    }
    const wide = girth(y);
    if (y < -1 || y > 1.22 || Math.abs(x) > wide) return null;
    const side = Math.asin(clamp(x / Math.max(wide, 0.001), -1, 1));
    const gore = (side / Math.PI) * 10 + 20;
    const band = Math.abs(y - 0.15) < 0.13 ? 2 : 0;
    const seam = 0.9 + 0.1 * smooth(0, 0.12, Math.abs(gore - Math.round(gore)));
    const light = 0.3 + 0.75 * clamp(0.55 - 0.6 * Math.sin(side) - 0.35 * y);
    const fabric = 1 + 0.08 * clouds(side * 9, y * 9, seed + 5, 4);
    return times(cloth[(Math.floor(gore) + band) % 4], light * seam * fabric);
  };

  const seen = (u: number, v: number) => body((u - at.u) / size, (v - at.v) / size);
  return {
    scene: (u, v) => seen(u, v) ?? sky(u, v),
    cover: (u, v) => (seen(u, v) ? [1, 1, 1] : [0, 0, 0]),
  };
}
