/**
 * Picture-to-picture translation. Paired: what is left of a picture back to the picture (pix2pix, arXiv:1611.07004).
 * Unpaired: two generators there and back, each against a critic of its side, held together by the way round
 * (CycleGAN, arXiv:1703.10593); the pictures sampled are those of the way from the spoilt side.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { PictureSource, SampleRequest, TranslationDeclaration, ZooModel } from '../declaration.ts';
import { adversarialLoss, isAdversarial, pixelLoss } from '../losses.ts';
import { decode, encode } from '../parts/blocks.ts';
import { criticise } from '../parts/critic.ts';
import { toUnit, unit } from '../parts/feed.ts';
import { fromPicture } from '../parts/from-picture.ts';

const CYCLE = 10;

/** [B, 3, S, S] to what the translation starts from, as three channels. */
function spoil(b: Builder, picture: Value, from: TranslationDeclaration['from']): Value {
  const grey = (x: Value) => {
    const y = b.convWith(x, b.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null, { pad: 0 });
    return b.concat([y, y, y]);
  };
  if (from === 'grey') return grey(picture);
  if (from === 'negative') return b.sub(b.scalar(1), picture);
  if (from === 'posterised') {
    // Four levels, by three steep steps.
    const step = (at: number) => b.clip(b.mul(b.sub(picture, at), 50), 0, 1);
    return b.mul(b.add(b.add(step(0.25), step(0.5)), step(0.75)), 1 / 3);
  }
  const sobel = b.constant([-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1], [2, 1, 3, 3]);
  const y = b.slice(grey(picture), [{ axis: 1, start: 0, end: 1 }]);
  const edges = b.convWith(y, sobel, null, { pad: 1 });
  const strength = b.clip(b.sum(b.abs(edges), { axes: [1], keepDims: true }), 0, 1);
  return b.concat([strength, strength, strength]);
}

export function translation(declaration: TranslationDeclaration): ZooModel {
  const { encoder, decoder, across, critic, from, paired } = declaration;
  const rebuild = (b: Builder, spoilt: Value) => {
    const { code, before, masks } = b.scope('encoder', () => encode(b, spoilt, encoder));
    return decode(b, code, decoder, { across: across ? before : undefined, masks });
  };
  if (paired) {
    return fromPicture({
      declaration,
      spoil: (b, picture) => spoil(b, picture, from),
      rebuild,
      critic,
      adversarialWeight: 0.02,
    });
  }
  return cycle(declaration, rebuild);
}

function cycle(declaration: TranslationDeclaration, rebuild: (b: Builder, spoilt: Value) => Value): ZooModel {
  const { name, seed, size, batch, losses, rate, subject, from, critic } = declaration;
  const there = (b: Builder, x: Value) => b.tied('generator', () => rebuild(b, x));
  const back = (b: Builder, x: Value) => b.tied('return', () => rebuild(b, x));
  const source = { shape: [3, size, size], type: 'uint8' as const };
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { source: [3, size, size] },
    build: (b, inputs) => ({ picture: there(b, inputs.source) }),
  });
  const spoiler = network({
    name: `${name}-spoiler`,
    seed,
    inputs: { picture: [3, size, size] },
    build: (b, { picture }) => ({ spoilt: spoil(b, picture, from) }),
  });
  const adversarial = losses.find(isAdversarial)!;
  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { left: source, right: source },
      build(b, { left, right }) {
        const a = spoil(b, toUnit(b, left), from);
        const real = toUnit(b, right);
        const fake = there(b, a);
        const backward = back(b, real);
        const opinion = (side: string, picture: Value, frozen: boolean) =>
          b.tied(side, () => criticise(b, picture, critic).score, { frozen });
        const sides = (side: string, truth: Value, made: Value) => ({
          [`${side}Real`]: opinion(side, truth, false),
          [`${side}Held`]: opinion(side, b.stopGradient(made), false),
          [`${side}Seen`]: opinion(side, made, true),
        });
        return {
          ...{ a, real, around: back(b, fake), aroundBack: there(b, backward) },
          ...sides('criticThere', real, fake),
          ...sides('criticBack', a, backward),
        };
      },
    }),
    options: {
      batch,
      targets: {},
      loss(b, o) {
        const around = b.add(pixelLoss(b, 'l1', o.around, o.a), pixelLoss(b, 'l1', o.aroundBack, o.real));
        let loss = b.mul(around, CYCLE);
        for (const side of ['criticThere', 'criticBack']) {
          const opinions = { real: o[`${side}Real`], generated: o[`${side}Held`], seen: o[`${side}Seen`] };
          const shares = adversarialLoss(b, adversarial, opinions);
          loss = b.add(loss, b.add(shares.critic, shares.generator));
        }
        return { loss, metrics: { around } };
      },
      optimiser: adamW({ rate, beta1: 0.5, beta2: 0.99, weightDecay: 0 }),
      averageDecay: 0.98,
    } satisfies TrainingOptions,
  });
  return {
    declaration,
    generator,
    networks: { spoiler, generator },
    needsPictures: true,
    training,
    feed: (random: Random, pictures: PictureSource) => ({
      left: pictures.draw(random, subject, size, batch, 0),
      right: pictures.draw(random, subject, size, batch, 1),
    }),
    async sample({ run, random, pictures, count, size: side }: SampleRequest) {
      const data = unit(pictures.draw(random, subject, side, count));
      const { spoilt } = await run('spoiler', { picture: { dims: [count, 3, side, side], data } });
      return (await run('generator', { source: spoilt })).picture.data as Float32Array;
    },
  };
}
