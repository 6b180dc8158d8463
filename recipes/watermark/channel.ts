/**
 * The way from a marked tile on a screen to a flattened photograph, every step of which a gradient can go back through
 * (StegaStamp, Tancik et al. 2020, arXiv:1904.05343; Fang et al., screen-shooting resilient watermarking, 2019): the lens,
 * the view from the side, light and moire, noise and sharpening, JPEG, and the view made flat again, not quite where it
 * was. What is at random is drawn by `draws.ts`. Apart from this stands the simulator of `benchmarks/protect`, by which
 * everything is measured and nothing is trained.
 */
import type { Builder, Value } from '../../src/nn/index.ts';
import { SIDE } from './network.ts';

/** Side of the photograph's part that shows the tile, in camera pixels. */
export const CAMERA = 160;
/** Sigmas of the blurs that are mixed; the first is none. */
export const BLURS = [0, 0.6, 1.1, 1.9] as const;
const BLOCK = 8;
export const BLOCKS = CAMERA / BLOCK;

/** The inputs of the channel, each of one sample (the batch in front). Planes are row-major. */
export const CHANNEL_INPUTS = {
  /** How much of each of BLURS there is; sums to 1. */
  blur: [BLURS.length, 1, 1],
  /** Gain and offset of the light at each camera pixel: illumination, moire, glare, noise. */
  light: [1, CAMERA, CAMERA],
  offset: [1, CAMERA, CAMERA],
  /** Strength of the telephone's sharpening. */
  sharpen: [1, 1, 1],
  /** JPEG's table for luma, in its own order (row by row), and where between two steps each coefficient falls, -0.5..0.5. */
  table: [BLOCK * BLOCK, 1, 1],
  rounding: [BLOCK * BLOCK, BLOCKS, BLOCKS],
  /** The way to the camera and the way back, as `View` has them. */
  therePlaces: { shape: [4 * CAMERA * CAMERA], type: 'int64' },
  thereWeights: [4 * CAMERA * CAMERA],
  backPlaces: { shape: [4 * SIDE * SIDE], type: 'int64' },
  backWeights: [4 * SIDE * SIDE],
} as const;

/** Four neighbours and their weights for each sample of a plane that is looked up in another; each [B, 4 * samples]. */
export interface View {
  /** int64 */
  readonly places: Value;
  readonly weights: Value;
}

/** Planes [B, 1, from, from] looked up at the places of `view`: [B, 1, to, to]. */
function seenBy(b: Builder, planes: Value, { places, weights }: View, from: number, to: number): Value {
  const batch = planes.shape[0];
  const corners = b.mul(b.takeAlong(b.reshape(planes, [batch, from * from]), places), weights);
  return b.sum(b.reshape(corners, [batch, 4, to, to]), { axes: [1], keepDims: true });
}

function gaussian(sigma: number): Float32Array {
  const row = Float32Array.from({ length: 9 }, (_, i) => Math.exp(-0.5 * ((i - 4) / sigma) ** 2));
  const total = row.reduce((a, v) => a + v, 0);
  return row.map((v) => v / total);
}

function blurred(b: Builder, x: Value, sigma: number): Value {
  const row = gaussian(sigma);
  const across = b.convWith(b.pad(x, [0, 4, 0, 4], 'edge'), b.constant(row, [1, 1, 1, 9]), null, { pad: 0 });
  return b.convWith(b.pad(across, [4, 0, 4, 0], 'edge'), b.constant(row, [1, 1, 9, 1]), null, { pad: 0 });
}

/** The lens: a mixture of blurs. */
function lens(b: Builder, x: Value, blur: Value): Value {
  const share = (i: number) => b.slice(blur, [{ axis: 1, start: i, end: i + 1 }]);
  return BLURS.map((sigma, i) => b.mul(sigma > 0 ? blurred(b, x, sigma) : x, share(i))).reduce((p, q) =>
    b.add(p, q),
  );
}

/** The 64 orthonormal patterns of the 8x8 cosine transform, each a row of 64. */
const PATTERNS = Float32Array.from({ length: 64 * 64 }, (_, i) => {
  const [k, p] = [i >> 6, i & 63];
  const one = (u: number, x: number) =>
    (u === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
  return one(k >> 3, p >> 3) * one(k & 7, p & 7);
});
const PATTERNS_TURNED = PATTERNS.map((_, i) => PATTERNS[(i & 63) * 64 + (i >> 6)]);

/**
 * JPEG of luma: what is below half a step is lost, the rest falls on the nearest step, which the drawn `rounding` stands
 * for. Both by a curve with a slope.
 */
function saved(b: Builder, x: Value, table: Value, rounding: Value): Value {
  const blocks = b.pixelUnshuffle(b.sub(x, 128), BLOCK);
  const there = b.constant(PATTERNS, [64, 64, 1, 1]);
  const back = b.constant(PATTERNS_TURNED, [64, 64, 1, 1]);
  const steps = b.div(b.convWith(blocks, there, null, { pad: 0 }), table);
  const kept = b.sigmoid(b.mul(b.sub(b.abs(steps), 0.55), 12));
  const whole = b.mul(b.add(steps, rounding), kept);
  return b.add(b.pixelShuffle(b.convWith(b.mul(whole, table), back, null, { pad: 0 }), BLOCK), 128);
}

export type ChannelDraws = Readonly<Record<keyof typeof CHANNEL_INPUTS, Value>>;

/** A marked tile [B, 1, SIDE, SIDE], 0..255, to what is left of it once the photograph is flat again. */
export function channel(b: Builder, marked: Value, draws: ChannelDraws): Value {
  const there = { places: draws.therePlaces, weights: draws.thereWeights };
  const back = { places: draws.backPlaces, weights: draws.backWeights };
  const soft = lens(b, marked, draws.blur);
  const taken = seenBy(b, soft, there, SIDE, CAMERA);
  const lit = b.add(b.mul(taken, draws.light), draws.offset);
  const sharp = b.add(lit, b.mul(b.sub(lit, blurred(b, lit, 1.1)), draws.sharpen));
  const file = saved(b, b.clip(sharp, 0, 255), draws.table, draws.rounding);
  return seenBy(b, b.clip(file, 0, 255), back, CAMERA, SIDE);
}
