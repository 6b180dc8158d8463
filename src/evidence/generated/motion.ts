/**
 * What only motion shows of a clip that no camera took: how the finest texture behaves from frame to frame. A sensor's
 * noise is new in every frame and coding forgets it in its own rhythm; a video generator carries its texture along,
 * lets it swim, or repaints it. Measured on a square in the middle at full resolution, in successive frames.
 */
import { median } from '../../core/median.ts';
import type { Run } from '../watch/watched.ts';

export const MOTION_FEATURES = [
  'level',
  'memory',
  'memoryDecay',
  'flicker',
  'flow',
  'flowBend',
  'left',
] as const;
export type MotionFeatures = Readonly<Record<(typeof MOTION_FEATURES)[number], number>>;

/** Fewer frames tell nothing. */
export const LEAST_FRAMES = 8;
const MOST_FRAMES = 40;
const BLOCK = 16;
const REACH = 4;

/** Features of the run's patches, or null where there are too few frames or nothing moves and nothing is textured. */
export function motionFeatures(run: Run): MotionFeatures | null {
  const side = run.patchSide;
  const patches = run.frames.slice(0, MOST_FRAMES).map(({ patch }) => patch);
  if (patches.length < LEAST_FRAMES) return null;
  const highs = patches.map((patch) => highPass(patch, side));
  const level = median(highs.map(meanAbs));
  if (level < 0.05) return null;
  const memory: number[] = [];
  const longer: number[] = [];
  const flicker: number[] = [];
  const speed: number[] = [];
  const bend: number[] = [];
  const left: number[] = [];
  let before: Float32Array | null = null;
  for (let t = 1; t < patches.length; t++) {
    const flow = blockFlow(patches[t - 1], patches[t], side);
    memory.push(followed(highs[t - 1], highs[t], flow, side));
    if (t >= 2) longer.push(correlation(highs[t - 2], highs[t]));
    flicker.push(meanAbs(highs[t].map((v, i) => v - highs[t - 1][i])) / (level + 0.05));
    speed.push(meanLength(flow.vectors));
    left.push(flow.left / (level + 0.5));
    if (before) bend.push(meanLength(flow.vectors.map((v, i) => v - (before as Float32Array)[i])));
    before = flow.vectors;
  }
  return {
    level: Math.log(level + 0.1),
    memory: median(memory),
    memoryDecay: median(memory) - median(longer),
    flicker: Math.log(median(flicker) + 0.05),
    flow: Math.log(median(speed) + 0.1),
    flowBend: Math.log((median(bend) + 0.1) / (median(speed) + 0.1)),
    left: Math.log(median(left) + 0.05),
  };
}

function highPass(luma: Float32Array, side: number): Float32Array {
  const out = new Float32Array(luma.length);
  for (let y = 1; y < side - 1; y++) {
    for (let i = y * side + 1; i < (y + 1) * side - 1; i++)
      out[i] = luma[i] - 0.25 * (luma[i - 1] + luma[i + 1] + luma[i - side] + luma[i + side]);
  }
  return out;
}

function meanAbs(x: Float32Array): number {
  let sum = 0;
  for (const v of x) sum += Math.abs(v);
  return sum / Math.max(1, x.length);
}

/** Mean length of vectors stored as x, y pairs. */
function meanLength(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 2) sum += Math.hypot(x[i], x[i + 1]);
  return sum / Math.max(1, x.length / 2);
}

function correlation(a: Float32Array, b: Float32Array): number {
  let ab = 0;
  let aa = 1e-9;
  let bb = 1e-9;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

interface Flow {
  /** x and y of each block's shift in whole pixels. */
  readonly vectors: Float32Array;
  /** Mean absolute difference that the shifts leave. */
  readonly left: number;
}

/** Best shift of each block by up to REACH pixels; the outer ring of blocks is left out. */
function blockFlow(before: Float32Array, after: Float32Array, side: number): Flow {
  const vectors: number[] = [];
  let left = 0;
  let blocks = 0;
  for (let by = BLOCK; by + 2 * BLOCK <= side; by += BLOCK) {
    for (let bx = BLOCK; bx + 2 * BLOCK <= side; bx += BLOCK) {
      let best = Number.POSITIVE_INFINITY;
      let [x, y] = [0, 0];
      for (let dy = -REACH; dy <= REACH; dy++) {
        for (let dx = -REACH; dx <= REACH; dx++) {
          // Rest is preferred: of equal shifts the shortest.
          let sum = 0.01 * BLOCK * BLOCK * Math.hypot(dx, dy);
          for (let v = by; v < by + BLOCK && sum < best; v++) {
            const row = v * side;
            const other = (v + dy) * side + dx;
            for (let u = bx; u < bx + BLOCK; u++) sum += Math.abs(after[row + u] - before[other + u]);
          }
          if (sum < best) {
            best = sum;
            [x, y] = [dx, dy];
          }
        }
      }
      vectors.push(x, y);
      left += best / (BLOCK * BLOCK);
      blocks++;
    }
  }
  return { vectors: Float32Array.from(vectors), left: left / Math.max(1, blocks) };
}

/** How much of the texture travels along with the motion: correlation of blocks with where they came from. */
function followed(before: Float32Array, after: Float32Array, { vectors }: Flow, side: number): number {
  let ab = 0;
  let aa = 1e-9;
  let bb = 1e-9;
  let k = 0;
  for (let by = BLOCK; by + 2 * BLOCK <= side; by += BLOCK) {
    for (let bx = BLOCK; bx + 2 * BLOCK <= side; bx += BLOCK, k += 2) {
      for (let v = by; v < by + BLOCK; v++) {
        for (let u = bx; u < bx + BLOCK; u++) {
          const a = before[(v + vectors[k + 1]) * side + u + vectors[k]];
          const b = after[v * side + u];
          ab += a * b;
          aa += a * a;
          bb += b * b;
        }
      }
    }
  }
  return ab / Math.sqrt(aa * bb);
}
