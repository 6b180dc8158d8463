/**
 * What generators that start from a picture have in common: the picture is spoilt in a known way, a network makes it
 * good again, pixel losses and perhaps a critic say how well. Nothing spoilt: an auto-encoder.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { PictureSource, SampleRequest, ZooDeclaration, ZooModel } from '../declaration.ts';
import { adversarialLoss, isAdversarial, isPixelLoss, pixelLoss, slopePenalty } from '../losses.ts';
import type { Critic } from './blocks.ts';
import { criticise, slopeBetween } from './critic.ts';
import { toUnit, unit } from './feed.ts';

/** Learning rate of a critic beside that of the generator. */
const CRITIC_RATE = 2;

export interface FromPicture {
  readonly declaration: ZooDeclaration;
  /** Shape of what is left of a picture of the given side; default the picture. */
  spoiltShape?(side: number): readonly number[];
  /** [B, 3, S, S] to what is left of it; absent: the picture itself. */
  spoil?(b: Builder, picture: Value): Value;
  /** What is left, to [B, 3, S, S]. */
  rebuild(b: Builder, spoilt: Value): Value;
  readonly critic: Critic | null;
  /** Weight of the adversarial part beside the pixel losses. */
  readonly adversarialWeight: number;
}

export function fromPicture(how: FromPicture): ZooModel {
  const { declaration, critic } = how;
  const { name, seed, size, batch, losses, steps } = declaration;
  const spoil = how.spoil ?? ((_: Builder, picture: Value) => picture);
  const shape = how.spoiltShape?.(size) ?? [3, size, size];
  const rebuild = (b: Builder, spoilt: Value) => b.tied('generator', () => how.rebuild(b, spoilt));
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { source: shape },
    build: (b, { source }) => ({ picture: rebuild(b, source) }),
  });
  const spoiler =
    how.spoil &&
    network({
      name: `${name}-spoiler`,
      seed,
      inputs: { picture: [3, size, size] },
      build: (b, { picture }) => ({ spoilt: spoil(b, picture) }),
    });
  const adversarial = critic && losses.find(isAdversarial);

  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { real: { shape: [3, size, size], type: 'uint8' as const } },
      build(b, { real: bytes }): Record<string, Value> {
        const real = toUnit(b, bytes);
        const fake = rebuild(b, spoil(b, real));
        if (!adversarial) return { real, fake };
        const opinion = (picture: Value, frozen: boolean) =>
          b.tied('critic', () => criticise(b, picture, critic).score, { frozen });
        const held = b.stopGradient(fake);
        const slope = adversarial === 'wgan-gp' ? slopeBetween(b, real, held, opinion) : undefined;
        return {
          ...{
            real,
            fake,
            onReal: opinion(real, false),
            onHeld: opinion(held, false),
            seen: opinion(fake, true),
          },
          ...(slope && { slope }),
        };
      },
    }),
    options: {
      batch,
      targets: {},
      loss(b, o) {
        let loss = b.scalar(0);
        for (const term of losses.filter(isPixelLoss)) loss = b.add(loss, pixelLoss(b, term, o.fake, o.real));
        const error = b.mean(b.square(b.sub(o.fake, o.real)));
        if (adversarial) {
          const sides = adversarialLoss(b, adversarial, {
            real: o.onReal,
            generated: o.onHeld,
            seen: o.seen,
          });
          loss = b.add(b.add(loss, b.mul(sides.generator, how.adversarialWeight)), sides.critic);
          if (o.slope) loss = b.add(loss, slopePenalty(b, o.slope));
        }
        return { loss, metrics: { error } };
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      averageDecay: 0.98,
      rateFactor: (parameter) => (parameter.startsWith('critic/') ? CRITIC_RATE : 1),
    } satisfies TrainingOptions,
    settleFrom: Math.floor(steps * 0.4),
  });

  return {
    declaration,
    generator,
    networks: spoiler ? { spoiler, generator } : { generator },
    needsPictures: true,
    training,
    feed: (random: Random, pictures: PictureSource) => ({
      real: pictures.draw(random, declaration.subject, size, batch),
    }),
    async sample({ run, random, pictures, count, size: side }: SampleRequest) {
      const picture = {
        dims: [count, 3, side, side],
        data: unit(pictures.draw(random, declaration.subject, side, count)),
      };
      const source = spoiler ? (await run('spoiler', { picture })).spoilt : picture;
      return (await run('generator', { source })).picture.data as Float32Array;
    },
  };
}
