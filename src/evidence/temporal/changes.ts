/**
 * What changes from frame to frame of a face and should not, frame by frame: texture inside the hull against its
 * surroundings, the seam between them, light, what the best small motion leaves, landmarks that tremble against each
 * other, the level of noise and how much of it stays.
 */
import type { Run } from '../watch/watched.ts';
import { heldStill, SIDE, type Still, zones } from './still.ts';

/** Fewer successive frames with the face tell nothing. */
export const LEAST_FRAMES = 16;
/** More are not needed. */
const MOST_FRAMES = 120;

export const CHANGES = [
  'textureFlicker',
  'seamFlicker',
  'lightFlicker',
  'warpError',
  'rigidJitter',
  'innerJitter',
  'noiseLevel',
  'noiseMemory',
] as const;
/** By name, a value a frame, each against the frame before; all of one length. */
export type Changes = Readonly<Record<(typeof CHANGES)[number], Float32Array>>;

/** The changes of the followed face, or null where it was seen in too few successive frames. */
export function changesOf(run: Run): Changes | null {
  const seen = run.frames
    .filter((frame) => frame.mesh !== null && frame.region !== null)
    .slice(0, MOST_FRAMES);
  if (seen.length < LEAST_FRAMES) return null;
  const still = heldStill(seen);
  const masks = zones(still);
  const highs = still.map(({ luma }) => highPass(luma));
  const out = Object.fromEntries(CHANGES.map((name) => [name, new Float32Array(still.length - 2)])) as Record<
    keyof Changes,
    Float32Array
  >;
  for (let t = 1; t < still.length - 1; t++) {
    const change = absolute(highs[t], highs[t - 1]);
    const light = absolute(still[t].luma, still[t - 1].luma);
    const inside = over(change, masks.inside);
    const undone = undoneMotion(still[t - 1].luma, still[t].luma);
    const rigid = trembling(still, t, RIGID);
    const put = (name: keyof Changes, value: number) => {
      out[name][t - 1] = value;
    };
    put('textureFlicker', Math.log((inside + 0.1) / (over(change, masks.outside) + 0.1)));
    put('seamFlicker', Math.log((over(change, masks.seam) + 0.1) / (inside + 0.1)));
    put('lightFlicker', Math.log((over(light, masks.inside) + 0.3) / (over(light, masks.outside) + 0.3)));
    put('warpError', Math.log((over(undone, masks.inside) + 0.3) / (over(undone, masks.outside) + 0.3)));
    put('rigidJitter', Math.log(rigid + 1e-3));
    put('innerJitter', Math.log((trembling(still, t, INNER) + 1e-3) / (rigid + 1e-3)));
    put('noiseLevel', Math.log(over(magnitude(highs[t]), masks.inside) + 0.1));
    put('noiseMemory', correlationOver(highs[t], highs[t - 1], masks.inside));
  }
  return out;
}

/** Each pixel minus the mean of its four neighbours. */
function highPass(luma: Float32Array): Float32Array {
  const out = new Float32Array(luma.length);
  for (let y = 1; y < SIDE - 1; y++) {
    for (let i = y * SIDE + 1; i < (y + 1) * SIDE - 1; i++)
      out[i] = luma[i] - 0.25 * (luma[i - 1] + luma[i + 1] + luma[i - SIDE] + luma[i + SIDE]);
  }
  return out;
}

const absolute = (a: Float32Array, b: Float32Array) => a.map((v, i) => Math.abs(v - b[i]));
const magnitude = (a: Float32Array) => a.map(Math.abs);

function over(values: Float32Array, mask: Uint8Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]) {
      sum += values[i];
      n++;
    }
  }
  return n ? sum / n : 0;
}

function correlationOver(a: Float32Array, b: Float32Array, mask: Uint8Array): number {
  let ab = 0;
  let aa = 1e-9;
  let bb = 1e-9;
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

/** What is left of the change of each 8x8 block after the best shift of at most two pixels. */
function undoneMotion(before: Float32Array, after: Float32Array): Float32Array {
  const out = new Float32Array(SIDE * SIDE);
  for (let by = 8; by < SIDE - 8; by += 8) {
    for (let bx = 8; bx < SIDE - 8; bx += 8) {
      let best = Number.POSITIVE_INFINITY;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          let sum = 0;
          for (let y = by; y < by + 8 && sum < best; y++) {
            const row = y * SIDE;
            const other = (y + dy) * SIDE + dx;
            for (let x = bx; x < bx + 8; x++) sum += Math.abs(after[row + x] - before[other + x]);
          }
          best = Math.min(best, sum);
        }
      }
      for (let y = by; y < by + 8; y++) out.fill(best / 64, y * SIDE + bx, y * SIDE + bx + 8);
    }
  }
  return out;
}

/** Points of bone rather than muscle: corners of the eyes, bridge and wings of the nose, temples. */
const RIGID = [33, 133, 263, 362, 6, 168, 197, 48, 278, 127, 356] as const;
const INNER = [13, 14, 61, 291, 78, 308, 159, 145, 386, 374, 0, 17] as const;

/** The second difference in time of landmarks at frame `t`, in pixels of the view, mean over points: trembling, not motion. */
function trembling(still: readonly Still[], t: number, indices: readonly number[]): number {
  const [p, q, r] = [still[t - 1].points, still[t].points, still[t + 1].points];
  const bend = indices.map((i) => ({
    x: p[2 * i] - 2 * q[2 * i] + r[2 * i],
    y: p[2 * i + 1] - 2 * q[2 * i + 1] + r[2 * i + 1],
  }));
  // What all of the points share is the head's own motion and the steadying.
  const mx = bend.reduce((sum, v) => sum + v.x, 0) / bend.length;
  const my = bend.reduce((sum, v) => sum + v.y, 0) / bend.length;
  return bend.reduce((sum, v) => sum + Math.hypot(v.x - mx, v.y - my), 0) / bend.length;
}
