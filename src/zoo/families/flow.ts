/**
 * Flows: RealNVP-like (arXiv:1605.08803) and Glow-like (arXiv:1807.03039) networks that can be run both ways, trained to
 * make pictures likely and run backwards to make pictures from noise. A squeeze into the bands of a Haar wavelet (as
 * arXiv:2010.13821 has it; neighbours are so alike that a small flow would spend itself on learning just that), then
 * steps of a learned scale and shift per channel, channels mixed by a fixed orthogonal matrix, and a coupling: one half
 * of the channels is scaled and shifted by what a small network makes of the other half. With two scales, half of the
 * numbers leave for the noise after the first.
 *
 * Every step is written once, as a pair of directions under one name, so that both networks have the same weights.
 */
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { adamW, type Builder, cosine, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { FlowDeclaration, PictureSource, SampleRequest, ZooModel } from '../declaration.ts';
import { normals } from '../parts/feed.ts';
import { haar } from '../parts/haar.ts';
import { reversal, rotation, transposed } from '../parts/rotation.ts';

/** Noise is drawn a little narrower than it was trained for, as Glow does: outliers make broken pictures. */
const TEMPERATURE = 0.8;
/** Largest logarithm of a coupling's factor. */
const STRETCH = 2;
/** Scales and shifts have far to go, from one number for all pictures to that of the subject. */
const NORMALISING_RATE = 10;
/** By how much brightness, its differences, colours and their differences vary in pictures of 0..1, about. */
const SPREADS = [0.75, 0.15, 0.15, 0.15].flatMap((spread) => [spread, spread / 4, spread / 4]);

interface Direction {
  readonly h: Value;
  /** Log-determinant so far, [B]; not kept on the way to a picture. */
  readonly volume?: Value;
}

/** Scale and shift per channel. Weights `actNorm/scale` (its logarithm) and `actNorm/shift`. */
function actNorm(
  b: Builder,
  { h, volume }: Direction,
  inverse: boolean,
  spreads?: readonly number[],
): Direction {
  return b.scope('actNorm', () => {
    const [, c, height, width] = h.shape;
    const start = spreads ? Float32Array.from(spreads, (spread) => -Math.log(spread)) : 'zeros';
    const logarithm = b.parameter('scale', [c], start, false);
    const shift = b.reshape(b.parameter('shift', [c], 'zeros', false), [1, c, 1, 1]);
    const factor = b.reshape(b.exp(inverse ? b.neg(logarithm) : logarithm), [1, c, 1, 1]);
    return {
      h: inverse ? b.sub(b.mul(h, factor), shift) : b.mul(b.add(h, shift), factor),
      volume: volume && b.add(volume, b.mul(b.sum(logarithm), height * width)),
    };
  });
}

function mix(b: Builder, h: Value, matrix: Float32Array, inverse: boolean): Value {
  const c = h.shape[1];
  return b.convWith(h, b.constant(inverse ? transposed(matrix) : matrix, [c, c, 1, 1]), null);
}

/** [B, C, S, S] to [B, 4C, S / 2, S / 2]. */
function squeeze(b: Builder, x: Value): Value {
  return mix(b, b.pixelUnshuffle(x, 2), haar(x.shape[1]), false);
}

function unsqueeze(b: Builder, h: Value): Value {
  return b.pixelShuffle(mix(b, h, haar(h.shape[1] >> 2), true), 2);
}

/** The first half of the channels stays, and says what happens to the second. */
function couple(
  b: Builder,
  { h, volume }: Direction,
  inverse: boolean,
  { width, additive }: FlowDeclaration,
): Direction {
  const half = h.shape[1] >> 1;
  const part = (x: Value, start: number) => b.slice(x, [{ axis: 1, start, end: start + half }]);
  const [kept, changed] = [part(h, 0), part(h, half)];
  const hidden = b.relu(b.conv(b.relu(b.conv(kept, width)), width, { kernel: 1 }));
  const said = b.conv(hidden, additive ? half : half * 2, { initial: 'zeros' });
  const shift = part(said, 0);
  if (additive)
    return { h: b.concat([kept, inverse ? b.sub(changed, shift) : b.add(changed, shift)]), volume };
  const logarithm = b.mul(b.tanh(b.mul(part(said, half), 1 / STRETCH)), STRETCH);
  const made = inverse
    ? b.mul(b.sub(changed, shift), b.exp(b.neg(logarithm)))
    : b.add(b.mul(changed, b.exp(logarithm)), shift);
  return {
    h: b.concat([kept, made]),
    volume: volume && b.add(volume, b.sum(logarithm, { axes: [1, 2, 3] })),
  };
}

export function flow(declaration: FlowDeclaration): ZooModel {
  const { name, seed, size, batch, couplings, mixing, scales = 2, steps } = declaration;
  const matrixOf = (channels: number, level: number, k: number) =>
    mixing === 'reverse' ? reversal(channels) : rotation(new Random(seed * 100 + level * 50 + k), channels);

  const levelOf = (b: Builder, start: Direction, level: number, inverse: boolean) => {
    let at = start;
    const order = Array.from({ length: couplings }, (_, k) => (inverse ? couplings - 1 - k : k));
    for (const k of order) {
      at = b.scope(`level${level + 1}`, () =>
        b.scope(`block${level * couplings + k + 1}`, () => {
          const spreads = level === 0 && k === 0 ? SPREADS : undefined;
          const matrix = matrixOf(at.h.shape[1], level, k);
          if (inverse) {
            const uncoupled = couple(b, at, true, declaration);
            return actNorm(b, { h: mix(b, uncoupled.h, matrix, true) }, true, spreads);
          }
          const normal = actNorm(b, at, false, spreads);
          return couple(b, { h: mix(b, normal.h, matrix, false), volume: normal.volume }, false, declaration);
        }),
      );
    }
    return at;
  };

  /** Picture [B, 3, S, S] in 0..1 to noise of the same number of dimensions. */
  const toNoise = (b: Builder, picture: Value) =>
    b.tied('generator', (): Record<string, Value> => {
      const nothing = b.mul(b.sum(picture, { axes: [1, 2, 3] }), 0);
      let at: Direction = { h: squeeze(b, b.sub(picture, 0.5)), volume: nothing };
      at = levelOf(b, at, 0, false);
      if (scales === 1) return { noise: at.h, volume: at.volume! };
      const half = at.h.shape[1] >> 1;
      const early = b.slice(at.h, [{ axis: 1, start: half, end: half * 2 }]);
      const rest = squeeze(b, b.slice(at.h, [{ axis: 1, start: 0, end: half }]));
      const { h, volume } = levelOf(b, { h: rest, volume: at.volume }, 1, false);
      return { noise: h, early, volume: volume! };
    });

  const toPicture = (b: Builder, noise: Value, early: Value | undefined) =>
    b.tied('generator', () => {
      let h = noise;
      if (early) h = b.concat([unsqueeze(b, levelOf(b, { h }, 1, true).h), early]);
      return b.add(unsqueeze(b, levelOf(b, { h }, 0, true).h), 0.5);
    });

  const [s2, s4] = [size >> 1, size >> 2];
  const inputs: Record<string, readonly number[]> =
    scales === 1 ? { noise: [12, s2, s2] } : { noise: [24, s4, s4], early: [6, s2, s2] };
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs,
    build: (b, { noise, early }) => ({ picture: toPicture(b, noise, early) }),
  });

  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { real: { shape: [3, size, size], type: 'uint8' as const }, within: [3, size, size] },
      // A byte stands for a whole interval, so a place in it is drawn (Theis et al. 2016, arXiv:1511.01844).
      build: (b, { real, within }) => toNoise(b, b.mul(b.add(b.toFloat(real), within), 1 / 256)),
    }),
    options: {
      batch,
      targets: {},
      // Nats per dimension, an upper bound on those of the bytes.
      loss(b, { noise, early, volume }) {
        const dimensions = 3 * size * size;
        const power = [noise, early].filter((z) => z !== undefined).map((z) => b.sum(b.square(z)));
        const squares = b.mul(
          power.reduce((sum, z) => b.add(sum, z)),
          0.5 / (batch * dimensions),
        );
        const stretch = b.mul(b.mean(volume), 1 / dimensions);
        return b.add(b.sub(squares, stretch), 0.5 * Math.log(2 * Math.PI) + Math.log(256));
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.99,
      rateFactor: (parameter) => (parameter.includes('/actNorm/') ? NORMALISING_RATE : 1),
    } satisfies TrainingOptions,
  });

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: false,
    training,
    feed: (random: Random, pictures: PictureSource) => ({
      real: pictures.draw(random, declaration.subject, size, batch),
      within: Float32Array.from({ length: batch * 3 * size * size }, () => random.uniform()),
    }),
    async sample({ run, random, count }: SampleRequest) {
      const drawn = Object.entries(inputs).map(([input, shape]): [string, Tensor] => {
        const numbers = normals(random, count * shape.reduce((product, d) => product * d, 1));
        return [input, { dims: [count, ...shape], data: numbers.map((v) => v * TEMPERATURE) }];
      });
      const { picture } = await run('generator', Object.fromEntries(drawn));
      return picture.data as Float32Array;
    },
  };
}
