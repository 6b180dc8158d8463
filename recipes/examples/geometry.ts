/**
 * The scenes with a geometry: a still life of solids given by their distance functions (Hart 1996, sphere tracing) and
 * hills as a height field marched in growing steps. One light each, shadows, no textures from outside.
 */
import { type Colour, clamp, clouds, hex, mix, noise, plus, type Scene, smooth, times } from './light.ts';

type Vector = readonly [number, number, number];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => {
  const n = 1 / Math.hypot(a[0], a[1], a[2]);
  return [a[0] * n, a[1] * n, a[2] * n];
};

const FRUIT = [
  { x: -0.62, z: 0.25, r: 0.42, colour: hex(0xe8842a), kind: 'orange' },
  { x: 0.28, z: -0.22, r: 0.4, colour: hex(0xb3222c), kind: 'apple' },
  { x: 0.98, z: 0.12, r: 0.36, colour: hex(0x8aa83a), kind: 'apple' },
] as const;
const VASE = { x: 0.42, z: 0.95, height: 1.75 };

/** Radius of the vase at a height: foot, belly, neck, lip. */
function profile(y: number): number {
  const t = clamp(y / VASE.height);
  return (
    0.2 + 0.33 * Math.sin(Math.PI * Math.min(1, t * 1.25)) ** 1.4 * (1 - 0.35 * t) + 0.13 * smooth(0.86, 1, t)
  );
}

/** Distance to the nearest surface and which it is: 0..2 fruit, 3 vase, 4 a silver ball, 5 the table. */
function nearest(x: number, y: number, z: number): readonly [number, number] {
  let best = y;
  let which = 5;
  for (let i = 0; i < FRUIT.length; i++) {
    const f = FRUIT[i];
    const dx = x - f.x;
    const dz = z - f.z;
    const round = Math.hypot(dx, dz);
    let d: number;
    if (f.kind === 'orange') d = Math.hypot(round, y - f.r) - f.r;
    else {
      // a torus without a hole has an apple's dimples
      const dy = (y - f.r * 0.92) / 1.02;
      d = (Math.hypot(round - f.r * 0.36, dy) - f.r * 0.66 * (1 + 0.12 * (dy / f.r))) * 0.85;
    }
    if (d < best) {
      best = d;
      which = i;
    }
  }
  const vx = Math.hypot(x - VASE.x, z - VASE.z);
  const wall = Math.abs(vx - profile(y) + 0.02) - 0.02;
  const d = Math.max(wall, y - VASE.height) * 0.6;
  if (d < best) {
    best = d;
    which = 3;
  }
  const ball = Math.hypot(x + 0.08, y - 0.24, z + 0.85) - 0.24;
  if (ball < best) {
    best = ball;
    which = 4;
  }
  return [best, which];
}

function normalAt(x: number, y: number, z: number): Vector {
  const e = 0.0008;
  const d = nearest(x, y, z)[0];
  return unit([nearest(x + e, y, z)[0] - d, nearest(x, y + e, z)[0] - d, nearest(x, y, z + e)[0] - d]);
}

/** Three fruit, a silver ball and a vase on a wooden table, light from the left. */
export function stillLife(seed: number): Scene {
  const sun = unit([-0.75, 0.85, -0.55]);
  const eye: Vector = [0.1, 1.35, -4.3];

  const wall = (d: Vector): Colour => {
    const glow = Math.exp(-((d[0] + 0.35) ** 2) * 5 - (d[1] - 0.12) ** 2 * 6);
    const plaster = 1 + 0.16 * clouds(d[0] * 6, d[1] * 6, seed + 1, 6);
    return times(mix(hex(0x1f2a2e), hex(0x6f8078), glow), plaster);
  };

  const shade = (x: number, y: number, z: number, which: number, d: Vector, depth: number): Colour => {
    let n = which === 5 ? ([0, 1, 0] as Vector) : normalAt(x, y, z);
    let base: Colour;
    let gloss = 0.25;
    let mirror = 0.03;
    if (which === 5) {
      const grain = clouds(x * 0.9, z * 9, seed + 2, 5);
      const rings = 0.5 + 0.5 * Math.sin(22 * z + 9 * grain + 3 * clouds(x * 0.35, z * 0.8, seed + 3, 3));
      const plank = noise(Math.floor(z / 0.62) * 7.31 + 0.5, 0.5, seed + 4);
      base = times(mix(hex(0x4a2c17), hex(0x9a6a3c), 0.35 + 0.45 * rings + 0.3 * grain), 1 + 0.5 * plank);
      const seam = Math.abs(z / 0.62 - Math.round(z / 0.62));
      base = times(base, 0.35 + 0.65 * smooth(0, 0.02, seam));
      mirror = 0.08;
    } else if (which === 4) {
      base = [0.04, 0.04, 0.045];
      gloss = 1.6;
      mirror = 0.85;
    } else if (which === 3) {
      const crackle = Math.abs(clouds((x + z) * 9, y * 9, seed + 6, 3));
      base = times(
        mix(hex(0x1f5b6e), hex(0x7fb3a6), smooth(0.2, 1.7, y + 0.5 * noise(x * 3, y * 3, seed + 5))),
        0.8 + 0.5 * Math.min(0.4, crackle),
      );
      gloss = 0.9;
      mirror = 0.12;
    } else {
      const f = FRUIT[which];
      const turn = Math.atan2(z - f.z, x - f.x);
      if (f.kind === 'orange') {
        const pores = clouds(turn * 14, y * 34, seed + 8, 2);
        n = unit([
          n[0] + 0.16 * pores,
          n[1] + 0.16 * noise(turn * 14 + 9, y * 34, seed + 9),
          n[2] - 0.16 * pores,
        ]);
        base = times(f.colour, 1 + 0.2 * pores);
      } else {
        const streak = clouds(turn * 9, y * 1.4, seed + 10 + which, 4);
        base = mix(f.colour, hex(0xe0c060), clamp(0.25 + 0.9 * streak) * (which === 1 ? 0.5 : 0.3));
        gloss = 0.7;
        mirror = 0.05;
      }
    }
    // how much of the light a shadow ray keeps, and how open the place is (Quilez's estimates from the distances met)
    let light = clamp(dot(n, sun));
    for (let t = 0.02, i = 0; light > 0.01 && t < 4 && i < 40; i++) {
      const near = nearest(x + sun[0] * t, y + sun[1] * t, z + sun[2] * t)[0];
      light = Math.min(light, clamp(dot(n, sun)) * clamp((9 * near) / t));
      t += clamp(near, 0.02, 0.3);
    }
    let open = 1;
    for (let i = 1; i <= 4; i++) {
      const h = 0.09 * i;
      open -= (h - nearest(x + n[0] * h, y + n[1] * h, z + n[2] * h)[0]) * (0.9 / i);
    }
    open = clamp(open, 0.15, 1);
    const fill = 0.11 + 0.1 * n[1] - 0.05 * n[0];
    let colour: Colour = [
      base[0] * (1.55 * light + fill * open),
      base[1] * (1.42 * light + fill * 1.05 * open),
      base[2] * (1.2 * light + fill * 1.25 * open),
    ];
    const away = dot(d, n);
    const r: Vector = [d[0] - 2 * away * n[0], d[1] - 2 * away * n[1], d[2] - 2 * away * n[2]];
    const shine = clamp(dot(r, sun)) ** 60 * gloss * (light > 0.02 ? 1 : 0);
    colour = plus(colour, [1, 0.95, 0.85], shine);
    const fresnel = clamp(mirror + 0.5 * (1 - mirror) * (1 + away) ** 5);
    if (depth < 1 && fresnel > 0.02) {
      const seen = follow([x + n[0] * 0.01, y + n[1] * 0.01, z + n[2] * 0.01], r, depth + 1);
      colour = mix(colour, plus(seen, colour, which === 4 ? 0 : 0.5), fresnel);
    }
    return colour;
  };

  const follow = (from: Vector, d: Vector, depth: number): Colour => {
    let t = 0.01;
    for (let i = 0; i < 110 && t < 14; i++) {
      const x = from[0] + d[0] * t;
      const y = from[1] + d[1] * t;
      const z = from[2] + d[2] * t;
      const [near, which] = nearest(x, y, z);
      if (near < 0.0006 * (1 + t)) {
        const colour = shade(x, y, z, which, d, depth);
        // the table ends in the dark
        return which === 5 ? mix(colour, wall(d), smooth(2.2, 4.5, z)) : colour;
      }
      t += near;
    }
    return wall(d);
  };

  return (u, v) => follow(eye, unit([(u - 0.69) * 0.95, (0.5 - v) * 0.95 - 0.2, 1.28]), 0);
}

/** Green hills and a bare range behind them in the morning, marched as a height field. */
export function hills(seed: number, haze: Colour = hex(0xb9cde0)): Scene {
  const sun = unit([0.8, 0.42, 0.1]);
  const eyeY = 1.9;
  const heightAt = (x: number, z: number, octaves: number) => {
    const broad = clouds(x * 0.12, z * 0.12, seed, Math.min(octaves, 3));
    const ridge = 1 - Math.abs(clouds(x * 0.07 + 9, z * 0.07, seed + 20, octaves)) * 2;
    return (
      2.3 * broad + smooth(12, 34, z) * 6.2 * ridge + 0.3 * clouds(x * 0.55, z * 0.55, seed + 40, octaves - 1)
    );
  };
  const sky = (u: number, v: number): Colour => {
    const blue = mix(hex(0x3f7cc0), haze, smooth(0, 0.55, v));
    const up = 0.13 / (0.62 - Math.min(v, 0.55));
    const cover = smooth(0.02, 0.55, clouds(u * up * 9, up * 16, seed + 60, 6));
    return mix(blue, [0.95, 0.95, 0.96], 0.75 * cover * smooth(0.6, 0.2, v));
  };
  return (u, v) => {
    const d = unit([u - 0.75, 0.46 - v, 1.15]);
    if (d[1] > 0.3) return sky(u, v);
    let t = 1;
    let before = 1;
    let hit = false;
    for (let i = 0; i < 150 && t < 60; i++) {
      const gap = eyeY + d[1] * t - heightAt(d[0] * t, d[2] * t, t < 14 ? 6 : 5);
      if (gap < 0.0015 * t) {
        hit = true;
        break;
      }
      before = t;
      t += clamp(0.42 * gap, 0.008 * t, 1.5);
    }
    if (!hit) return sky(u, v);
    t = (t + before) / 2;
    const x = d[0] * t;
    const z = d[2] * t;
    const e = 0.012 * t;
    const h = heightAt(x, z, 7);
    const n = unit([-(heightAt(x + e, z, 7) - h) / e, 1, -(heightAt(x, z + e, 7) - h) / e]);
    let light = clamp(dot(n, sun));
    for (let s = 0.25; light > 0 && s < 7; s *= 1.6) {
      const over = h + sun[1] * s - heightAt(x + sun[0] * s, z + sun[2] * s, 4);
      light = Math.min(light, light * clamp(0.5 + (3 * over) / s));
    }
    const blades = clouds(x * 9, z * 9, seed + 80, 4) + (t < 12 ? 0.7 * noise(x * 70, z * 45, seed + 85) : 0);
    const meadow = mix(hex(0x39531f), hex(0x8f9a44), clamp(0.45 + 0.7 * blades));
    const wood = mix(hex(0x16291a), hex(0x2e4a25), clamp(0.5 + 0.8 * blades));
    const grown = mix(meadow, wood, smooth(0.05, 0.22, clouds(x * 0.5, z * 0.5, seed + 90, 5)));
    const rock = times(mix(hex(0x5d554e), hex(0x8d8378), clamp(0.5 + blades)), 1);
    let ground = mix(grown, rock, smooth(0.86, 0.68, n[1]));
    ground = mix(ground, hex(0xf2f4f8), smooth(3.0, 3.7, h + 0.5 * blades) * smooth(0.6, 0.8, n[1]));
    const lit: Colour = [
      ground[0] * (1.75 * light + 0.16),
      ground[1] * (1.6 * light + 0.19),
      ground[2] * (1.35 * light + 0.27),
    ];
    return mix(lit, haze, 1 - Math.exp(-t * 0.013));
  };
}
