/**
 * The simplest learned detector of generated pictures: how strong each ring of spatial frequencies is in the residual,
 * and a linear weighing of these (as in Frank et al., arXiv 2003.08685, reduced to rings). It is fitted on the data set
 * at hand, by folds of its sources, so what it reaches is what any spectrum shows without forensics. Declared in `nn`,
 * so that it can be attacked from inside.
 */
import { crop, type RgbImage } from '../../core/image.ts';
import type { Builder, Network, Value, Weights } from '../../nn/index.ts';
import { network } from '../../nn/index.ts';
import type { Logistic } from '../measure/logistic.ts';
import type { Differentiable } from './learned.ts';

/** Side of a crop. */
export const SPECTRUM_SIDE = 128;
export const RINGS = 32;
const HALF = SPECTRUM_SIDE / 2 + 1;

/** [128 * 65, RINGS]: the mean over each ring of the half plane of frequencies. */
function ringMeans(): Float32Array {
  const means = new Float32Array(SPECTRUM_SIDE * HALF * RINGS);
  const sizes = new Float32Array(RINGS);
  const ringOf = (v: number, u: number) => {
    const radius = Math.hypot(Math.min(v, SPECTRUM_SIDE - v), u);
    return Math.min(RINGS - 1, Math.floor((radius / (SPECTRUM_SIDE / Math.SQRT2)) * RINGS));
  };
  for (let v = 0; v < SPECTRUM_SIDE; v++) for (let u = 0; u < HALF; u++) sizes[ringOf(v, u)]++;
  for (let v = 0; v < SPECTRUM_SIDE; v++) {
    for (let u = 0; u < HALF; u++) means[(v * HALF + u) * RINGS + ringOf(v, u)] = 1 / sizes[ringOf(v, u)];
  }
  return means;
}

function features(b: Builder, x: Value): Value {
  const grey = b.convWith(x, b.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null);
  const ring = [-1, -1, -1, -1, 8, -1, -1, -1, -1].map((v) => v / 8);
  const residual = b.convWith(grey, b.constant(ring, [1, 1, 3, 3]), null);
  const hann = (i: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SPECTRUM_SIDE);
  const window = Float32Array.from(
    { length: SPECTRUM_SIDE ** 2 },
    (_, i) => hann(Math.floor(i / SPECTRUM_SIDE)) * hann(i % SPECTRUM_SIDE),
  );
  const seen = b.mul(residual, b.constant(window, [1, 1, SPECTRUM_SIDE, SPECTRUM_SIDE]));
  // A thousandth of a grey level: below that is rounding.
  const spectrum = b.log(b.add(b.dftMagnitude(seen, { half: true }), 1e-3 / 255));
  const flat = b.reshape(spectrum, [x.shape[0], SPECTRUM_SIDE * HALF]);
  return b.matmul(flat, b.constant(ringMeans(), [SPECTRUM_SIDE * HALF, RINGS]));
}

/** `x` [3, 128, 128] in 0..1 to `features` [RINGS], `logit` [1] and its `gradient`. */
export function spectrumNetwork(): Network {
  const logit = (b: Builder, x: Value) => b.linear(features(b, x), 1, { name: 'weighing' });
  return network({
    ...{ name: 'spectrum', seed: 1, inputs: { x: [3, SPECTRUM_SIDE, SPECTRUM_SIDE] } },
    build: (b, { x }) => ({
      features: features(b, x),
      logit: b.tied('net', () => logit(b, x)),
      gradient: b.inputGradient(x, (v) => b.sum(b.tied('net', () => logit(b, v)))),
    }),
  });
}

/** A fitted weighing of the rings as weights of the network. */
export function spectrumWeights(fitted: Logistic): Weights {
  const weights = fitted.weights.map((w, i) => w * fitted.scale[i]);
  const offset = weights.reduce((sum, w, i) => sum - w * fitted.mean[i], fitted.offset);
  return {
    'net/weighing/weight': { dims: [1, RINGS], data: Float32Array.from(weights) },
    'net/weighing/bias': { dims: [1], data: Float32Array.of(offset) },
  };
}

/** Upper left corners of the crops: the middle of a picture and its corners; one of a picture hardly larger. */
export function spectrumPlaces(width: number, height: number): (readonly [x: number, y: number])[] {
  const [x1, y1] = [width - SPECTRUM_SIDE, height - SPECTRUM_SIDE];
  const places = [
    [x1 >> 1, y1 >> 1],
    [0, 0],
    [x1, 0],
    [0, y1],
    [x1, y1],
  ] as const;
  const few = x1 < SPECTRUM_SIDE / 4 && y1 < SPECTRUM_SIDE / 4;
  return places.slice(0, few ? 1 : 5);
}

/** The crops that are looked at. Sides must be at least 128. */
export function spectrumCrops(image: RgbImage): RgbImage[] {
  return spectrumPlaces(image.width, image.height).map(([x, y]) =>
    crop(image, { x, y, width: SPECTRUM_SIDE, height: SPECTRUM_SIDE }),
  );
}

/**
 * `inner`, which looks at one crop, as something that looks at a whole square of `side` as the detector does: the mean
 * over the crops, and its gradient. So noise for whole pictures can be made on it.
 */
export function overCrops(inner: Differentiable, side: number): Differentiable {
  const places = spectrumPlaces(side, side);
  const size = SPECTRUM_SIDE;
  /** Calls `at` with the place of each sample in a picture and in its crops. */
  const each = (visit: (whole: number, cut: number) => void) => {
    let cut = 0;
    for (const [x0, y0] of places)
      for (let c = 0; c < 3; c++)
        for (let y = 0; y < size; y++)
          for (let x = 0; x < size; x++) visit((c * side + y0 + y) * side + x0 + x, cut++);
  };
  const cutFrom = (picture: Float32Array) => {
    const out = new Float32Array(places.length * 3 * size * size);
    each((whole, cut) => {
      out[cut] = picture[whole];
    });
    return out;
  };
  const pictures = (data: Float32Array) =>
    Array.from({ length: data.length / (3 * side * side) }, (_, i) =>
      data.subarray(i * 3 * side * side, (i + 1) * 3 * side * side),
    );
  return {
    ...{ name: inner.name, side },
    async logits(data) {
      const all: number[] = [];
      for (const picture of pictures(data)) {
        const found = await inner.logits(cutFrom(picture));
        all.push(found.reduce((sum, v) => sum + v, 0) / places.length);
      }
      return Float32Array.from(all);
    },
    async gradient(data) {
      const out = new Float32Array(data.length);
      for (const [i, picture] of pictures(data).entries()) {
        const found = await inner.gradient(cutFrom(picture));
        const to = out.subarray(i * 3 * side * side, (i + 1) * 3 * side * side);
        each((whole, cut) => {
          to[whole] += found[cut] / places.length;
        });
      }
      return out;
    },
    close: () => inner.close(),
  };
}
