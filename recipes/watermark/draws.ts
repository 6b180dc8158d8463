/** What is at random on the way of each picture of a batch. */
import type { Random } from '../../src/core/random.ts';
import { LUMA_BASE, scaledTable } from '../../src/media/jpeg/quality.ts';
import { fromUnitSquare, type Homography, inverse, project } from '../../src/protect/watermark/plane.ts';
import { BLOCKS, BLURS, CAMERA, type CHANNEL_INPUTS } from './channel.ts';
import { SIDE } from './network.ts';

/** Camera pixels for each mark unit; a screen that fills the frame has about two, where nothing is lost. */
const SCALES = [0.5, 1.25] as const;
/** How far a flattened view is from where it should be, in units. */
const MISS = 0.35;

interface DrawnView {
  readonly places: BigInt64Array;
  readonly weights: Float32Array;
}

export type Draws = Readonly<{
  [K in keyof typeof CHANNEL_INPUTS]: K extends `${string}Places` ? BigInt64Array : Float32Array;
}>;

/** Places as the graph wants them. */
const WHOLE = Array.from({ length: Math.max(CAMERA, SIDE) ** 2 }, (_, i) => BigInt(i));

/** From units of the tile to camera pixels: a little turned, the far side smaller. */
function drawSight(random: Random): Homography {
  const scale = SCALES[0] * (SCALES[1] / SCALES[0]) ** random.uniform();
  const turn = random.uniform(-0.12, 0.12);
  const lean = [random.uniform(-0.12, 0.12), random.uniform(-0.12, 0.12)];
  const half = (SIDE / 2) * scale;
  const corner = (x: number, y: number) => {
    const far = 1 / (1 + lean[0] * x + lean[1] * y);
    const [u, v] = [x * half * far, y * half * far];
    return {
      x: CAMERA / 2 + u * Math.cos(turn) - v * Math.sin(turn),
      y: CAMERA / 2 + u * Math.sin(turn) + v * Math.cos(turn),
    };
  };
  return fromUnitSquare([corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]);
}

/** Where each of `to` squared samples lies in a plane of `from` squared, bilinear, the border drawn out. */
function lookUp(
  { places, weights }: DrawnView,
  from: number,
  to: number,
  at: (x: number, y: number) => { x: number; y: number },
): void {
  const count = to * to;
  const held = (v: number) => Math.min(from - 1, Math.max(0, v));
  for (let y = 0, i = 0; y < to; y++) {
    for (let x = 0; x < to; x++, i++) {
      const p = at(x + 0.5, y + 0.5);
      const [px, py] = [held(p.x - 0.5), held(p.y - 0.5)];
      const [x0, y0] = [Math.floor(px), Math.floor(py)];
      const [fx, fy] = [px - x0, py - y0];
      for (let k = 0; k < 4; k++) {
        const [dx, dy] = [k & 1, k >> 1];
        places[k * count + i] = WHOLE[held(y0 + dy) * from + held(x0 + dx)];
        weights[k * count + i] = (dx ? fx : 1 - fx) * (dy ? fy : 1 - fy);
      }
    }
  }
}

/** There and back again, missing by a little. */
function drawViews(random: Random, there: DrawnView, back: DrawnView): void {
  const sight = drawSight(random);
  const toUnits = inverse(sight);
  const [dx, dy] = [random.uniform(-MISS, MISS), random.uniform(-MISS, MISS)];
  const [stretch, shear] = [random.normal() * 0.002, random.normal() * 0.002];
  lookUp(there, SIDE, CAMERA, (x, y) => {
    const unit = project(toUnits, x, y);
    return { x: unit.x * SIDE, y: unit.y * SIDE };
  });
  lookUp(back, CAMERA, SIDE, (x, y) =>
    project(sight, (x * (1 + stretch) + shear * y + dx) / SIDE, (y * (1 - stretch) + shear * x + dy) / SIDE),
  );
}

const sized = (batch: number, each: number) => new Float32Array(batch * each);

/** View, light, noise and file of each of `batch` photographs. */
export function drawChannel(batch: number, random: Random): Draws {
  const plane = CAMERA * CAMERA;
  const draws = {
    blur: sized(batch, BLURS.length),
    light: sized(batch, plane),
    offset: sized(batch, plane),
    sharpen: sized(batch, 1),
    table: sized(batch, 64),
    rounding: sized(batch, 64 * BLOCKS * BLOCKS),
    therePlaces: new BigInt64Array(batch * 4 * plane),
    thereWeights: sized(batch, 4 * plane),
    backPlaces: new BigInt64Array(batch * 4 * SIDE * SIDE),
    backWeights: sized(batch, 4 * SIDE * SIDE),
  };
  const own = <T extends BigInt64Array | Float32Array>(all: T, i: number) =>
    all.subarray((i * all.length) / batch, ((i + 1) * all.length) / batch) as T;
  for (let i = 0; i < batch; i++) {
    const [at, share] = [random.below(BLURS.length - 1), random.uniform()];
    draws.blur[i * BLURS.length + at] = 1 - share;
    draws.blur[i * BLURS.length + at + 1] = share;
    draws.sharpen[i] = random.chance(0.6) ? random.uniform(0, 0.8) : 0;
    draws.table.set(scaledTable(LUMA_BASE, Math.round(random.uniform(60, 96))), i * 64);
    light(own(draws.light, i), own(draws.offset, i), random);
    drawViews(
      random,
      { places: own(draws.therePlaces, i), weights: own(draws.thereWeights, i) },
      { places: own(draws.backPlaces, i), weights: own(draws.backWeights, i) },
    );
  }
  for (let i = 0; i < draws.rounding.length; i++) draws.rounding[i] = random.uniform(-0.5, 0.5);
  return draws;
}

/** Uneven light, moire that multiplies, a lamp's reflection that adds, noise; at times the screen's edge, and a wall behind. */
function light(gain: Float32Array, offset: Float32Array, random: Random): void {
  const exposure = random.uniform(0.45, 1);
  const lean = [random.uniform(-0.2, 0.2), random.uniform(-0.2, 0.2)];
  const strength = random.chance(0.5) ? random.uniform(0.005, 0.06) : 0;
  const bars = [0, 1].map(() => {
    const [angle, period] = [random.uniform(0, Math.PI), random.uniform(3, 20)];
    const turn = (2 * Math.PI) / period;
    return { x: Math.cos(angle) * turn, y: Math.sin(angle) * turn, phase: random.uniform(0, 6.28) };
  });
  const glare = random.chance(0.3) ? random.uniform(5, 60) : 0;
  const lamp = [random.uniform(0, CAMERA), random.uniform(0, CAMERA), random.uniform(20, 90)];
  const noise = random.uniform(0.3, 3);
  const edge = random.chance(0.3) ? random.uniform(-0.5, 0.5) * CAMERA : Number.POSITIVE_INFINITY;
  const [across, wall] = [
    random.uniform(0, 2 * Math.PI),
    random.chance(0.5) ? random.uniform(0, 25) : random.uniform(0, 200),
  ];
  const [normalX, normalY] = [Math.cos(across), Math.sin(across)];
  for (let y = 0, i = 0; y < CAMERA; y++) {
    for (let x = 0; x < CAMERA; x++, i++) {
      let moire = 1;
      for (const bar of bars) moire += strength * Math.sin(bar.x * x + bar.y * y + bar.phase);
      const slope = 1 + lean[0] * (x / CAMERA - 0.5) + lean[1] * (y / CAMERA - 0.5);
      gain[i] = exposure * slope * moire;
      const off = ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / (lamp[2] * lamp[2]);
      offset[i] = glare * Math.exp(-off) + noise * random.normal();
      if (normalX * (x - CAMERA / 2) + normalY * (y - CAMERA / 2) < edge) continue;
      gain[i] = 0;
      offset[i] += wall * slope;
    }
  }
}
