/**
 * Adversarial pictures: real ones, changed a little so that a classifier of the source's two groups errs. One step along
 * the sign of the gradient (FGSM, arXiv:1412.6572), several from a random start, brought back into the allowed box after
 * each (PGD, arXiv:1706.06083), or what an encoder-decoder trained against the classifier adds (arXiv:1703.09387).
 *
 * For the first two the classifier's construction is what shapes the traces, so it stands as `generator`; `sample` runs
 * its gradient by the picture, on the same weights.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { AttackDeclaration, PictureSource, SampleRequest, ZooModel } from '../declaration.ts';
import { type Decoder, decode, encode } from '../parts/blocks.ts';
import { toUnit, unit } from '../parts/feed.ts';

/** Pictures perturbed side by side. */
const TOGETHER = 128;
/** PGD's step is this many times strength / iterations, so that the far side of the box can be reached. */
const REACH = 2.5;

/** A logit per picture: above 0 for group 1. */
function classify(b: Builder, picture: Value, { encoder }: AttackDeclaration, frozen?: boolean): Value {
  return b.tied(
    'classifier',
    () => {
      const { code } = encode(b, b.sub(b.mul(picture, 2), 1), encoder);
      return b.linear(b.globalMean(code), 1, { name: 'logit', initial: 'xavier' });
    },
    { frozen },
  );
}

/** The picture with at most `strength` added to or taken from every pixel, by a network shaped as the encoder is. */
function perturb(b: Builder, picture: Value, { encoder, upsampling, strength }: AttackDeclaration): Value {
  const { width, widest, depth, kernel, layers, normalisation, activation } = encoder;
  const decoder: Decoder = {
    ...{ width, widest, depth, kernel, layers, normalisation, activation },
    ...{ upsampling: upsampling ?? 'nearest', residual: false, style: false, last: 'tanh', lastKernel: 3 },
  };
  return b.tied('generator', () => {
    const { code, masks } = b.scope('encoder', () => encode(b, picture, encoder));
    const share = decode(b, code, decoder, { masks });
    return b.add(picture, b.mul(b.sub(share, 0.5), 2 * strength));
  });
}

export function attack(declaration: AttackDeclaration): ZooModel {
  const { name, seed, size, batch, kind, steps } = declaration;
  const shape = [3, size, size];

  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { source: shape },
    build: (b, { source }): Record<string, Value> =>
      kind === 'network'
        ? { picture: perturb(b, source, declaration) }
        : { logit: classify(b, source, declaration) },
  });
  const gradient = network({
    name: `${name}-gradient`,
    seed,
    inputs: { source: shape, label: [1] },
    build: (b, { source, label }) => ({
      gradient: b.inputGradient(source, (picture) => {
        const logit = classify(b, picture, declaration);
        return b.sum(b.sub(b.softplus(logit), b.mul(logit, label)));
      }),
    }),
  });

  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { real: { shape, type: 'uint8' as const } },
      build(b, { real: bytes }): Record<string, Value> {
        const real = toUnit(b, bytes);
        const logit = classify(b, real, declaration);
        if (kind !== 'network') return { logit };
        return { logit, fooled: classify(b, perturb(b, real, declaration), declaration, true) };
      },
    }),
    options: {
      batch,
      targets: { label: [1] },
      loss(b, { logit, fooled }, { label }) {
        const error = b.sigmoidCrossEntropy(logit, label);
        if (!fooled) return error;
        const fooling = b.sigmoidCrossEntropy(fooled, b.sub(b.scalar(1), label));
        return { loss: b.add(error, fooling), metrics: { error, fooling } };
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.98,
    } satisfies TrainingOptions,
  });

  /** Real pictures, the first half of group 0, the others of group 1. */
  const drawGroups = (random: Random, pictures: PictureSource, count: number, side: number) => {
    const first = Math.ceil(count / 2);
    const bytes = [first, count - first].map((n, group) =>
      pictures.draw(random, declaration.subject, side, n, group as 0 | 1),
    );
    const label = Float32Array.from({ length: count }, (_, i) => (i < first ? 0 : 1));
    return { bytes: Uint8Array.from([...bytes[0], ...bytes[1]]), label };
  };

  return {
    declaration,
    generator,
    networks: kind === 'network' ? { generator } : { gradient },
    needsPictures: true,
    training,
    feed(random: Random, pictures: PictureSource) {
      const { bytes, label } = drawGroups(random, pictures, batch, size);
      return { real: bytes, label };
    },
    async sample({ run, random, pictures, count, size: side }: SampleRequest) {
      const { bytes, label } = drawGroups(random, pictures, count, side);
      const source = unit(bytes);
      const each = 3 * side * side;
      const out = new Float32Array(source.length);
      for (let from = 0; from < count; from += TOGETHER) {
        const to = Math.min(count, from + TOGETHER);
        const real = source.subarray(from * each, to * each);
        const dims = [to - from, 3, side, side];
        if (kind === 'network') {
          const { picture } = await run('generator', { source: { dims, data: real } });
          out.set(picture.data as Float32Array, from * each);
        } else {
          const group = { dims: [to - from, 1], data: label.subarray(from, to) };
          const slope = async (data: Float32Array) => {
            const { gradient } = await run('gradient', { source: { dims, data }, label: group });
            return gradient.data as Float32Array;
          };
          out.set(await climb(declaration, real, random, slope), from * each);
        }
      }
      return out;
    },
  };
}

/** Pictures near `real` at which the loss is higher; `slope` gives its gradient. */
async function climb(
  { kind, strength, iterations }: AttackDeclaration,
  real: Float32Array,
  random: Random,
  slope: (at: Float32Array) => Promise<Float32Array>,
): Promise<Float32Array> {
  const allowed = (value: number, i: number) =>
    Math.min(1, real[i] + strength, Math.max(0, real[i] - strength, value));
  const single = kind === 'fgsm';
  let at = single ? real : real.map((v, i) => allowed(v + random.uniform(-strength, strength), i));
  const step = single ? strength : (REACH * strength) / iterations;
  for (let k = 0; k < (single ? 1 : iterations); k++) {
    const gradient = await slope(at);
    at = at.map((v, i) => allowed(v + step * Math.sign(gradient[i]), i));
  }
  return at;
}
