/**
 * The auto-encoder of the first deepfakes: one encoder for two groups of people, a decoder for each. Shown a face of the
 * first group, the decoder of the second paints that pose on a face of its own. Inputs are bent in training, so that the
 * code cannot simply hold the picture.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type Value } from '../../nn/index.ts';
import type { FaceSwapDeclaration, PictureSource, SampleRequest, ZooModel } from '../declaration.ts';
import { isPixelLoss } from '../losses.ts';
import { decodeVector, encode } from '../parts/blocks.ts';
import { toUnit, unit } from '../parts/feed.ts';
import { misdeclared } from '../parts/misdeclared.ts';
import { reconstruction } from '../parts/reconstruction.ts';
import { warped } from '../parts/warp.ts';

/** How far a picture is bent, as a share of its side. */
const REACH = 0.08;

type Group = 'first' | 'second';

/** Throws HuoyanError `bad-argument` when the losses are not pixel losses. */
export function faceSwap(declaration: FaceSwapDeclaration): ZooModel {
  const { name, subject, seed, size, batch, losses, steps, latent, encoder, decoder } = declaration;
  if (losses.length === 0 || !losses.every(isPixelLoss)) {
    throw misdeclared(
      name,
      { en: 'a face swap is trained with pixel losses only', zh: '换脸模型只用像素损失训练' },
      { en: "declare 'l1', 'l2' or 'mse'", zh: '请声明 l1、l2 或 mse' },
    );
  }
  const paint = (b: Builder, picture: Value, group: Group) =>
    b.tied('generator', () => {
      const said = b.scope('encoder', () => {
        const { code } = encode(b, picture, encoder);
        const [count, c, h, w] = code.shape;
        return b.linear(b.reshape(code, [count, c * h * w]), latent, { name: 'code', initial: 'xavier' });
      });
      return b.scope(group, () => decodeVector(b, said, size, decoder));
    });
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { source: [3, size, size] },
    build: (b, { source }) => ({ picture: paint(b, source, 'second') }),
  });

  const training = (): ReturnType<ZooModel['training']> => {
    const picture = { shape: [3, size, size], type: 'uint8' } as const;
    return {
      network: network({
        name,
        seed,
        inputs: { first: picture, second: picture, bentFirst: picture, bentSecond: picture },
        build(b, { first, second, bentFirst, bentSecond }) {
          // The first group comes last: it is the one sampled from, so running statistics are to be of it.
          const madeSecond = paint(b, toUnit(b, bentSecond), 'second');
          const madeFirst = paint(b, toUnit(b, bentFirst), 'first');
          return { first: toUnit(b, first), second: toUnit(b, second), madeFirst, madeSecond };
        },
      }),
      options: {
        batch,
        targets: {},
        loss(b, { first, second, madeFirst, madeSecond }) {
          const errors = [
            reconstruction(b, losses, madeFirst, first),
            reconstruction(b, losses, madeSecond, second),
          ];
          return b.add(errors[0], errors[1]);
        },
        optimiser: adamW({
          rate: declaration.rate,
          weightDecay: 0,
          schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
        }),
        clipNorm: 1,
        averageDecay: 0.98,
      },
    };
  };

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: true,
    training,
    feed(random: Random, pictures: PictureSource) {
      const first = pictures.draw(random, subject, size, batch, 0);
      const second = pictures.draw(random, subject, size, batch, 1);
      const [bentFirst, bentSecond] = [first, second].map((real) => warped(random, real, size, REACH));
      return { first, second, bentFirst, bentSecond };
    },
    async sample({ run, random, pictures, count }: SampleRequest) {
      const source = unit(pictures.draw(random, subject, size, count, 0));
      const { picture } = await run('generator', { source: { dims: [count, 3, size, size], data: source } });
      return picture.data as Float32Array;
    },
  };
}
