/**
 * The VQ-VAE (arXiv:1711.00937): picture to a grid of codebook vectors and back. There is no prior over the grid to draw
 * from; its pictures are real ones, squeezed through the codebook, as in the first stage of every latent generator.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { PictureSource, SampleRequest, VaeDeclaration, ZooModel } from '../declaration.ts';
import { activate, decode, encode, normalise, widthAt } from '../parts/blocks.ts';
import { idleness, quantise } from '../parts/codebook.ts';
import { toUnit, unit } from '../parts/feed.ts';
import { misdeclared } from '../parts/misdeclared.ts';
import { checkReconstruction, reconstruction } from '../parts/reconstruction.ts';

const CODES = 64;
/** A place's code is of size 1, a reconstruction's error about a tenth of that; the commitment must not outweigh it. */
const COMMITMENT = 0.1;
/** Learning rate of the codebook beside that of the networks, whose weights are that much smaller than its vectors. */
const CODEBOOK_RATE = 10;

/** Throws HuoyanError `bad-argument` when the losses do not name what is trained, or the two depths differ. */
export function vq(declaration: VaeDeclaration): ZooModel {
  const { name, seed, size, batch, losses, steps, latent, encoder, decoder, beta } = declaration;
  if (!losses.includes('mse') || losses.includes('kl')) {
    throw misdeclared(
      name,
      {
        en: 'a codebook is trained with squared errors and no divergence',
        zh: '码本以均方误差训练，没有散度项',
      },
      { en: "declare 'mse' among the losses and not 'kl'", zh: '请在损失中声明 mse，不要声明 kl' },
    );
  }
  if (encoder.depth !== decoder.depth) {
    throw misdeclared(
      name,
      { en: 'encoder and decoder differ in depth', zh: '编码器与解码器深度不同' },
      { en: 'give both the same depth', zh: '请使两者深度相同' },
    );
  }
  checkReconstruction(name, losses, decoder.last);
  const rebuild = (b: Builder, picture: Value) =>
    b.tied('generator', () => {
      const said = b.scope('encoder', () => {
        const { code } = encode(b, picture, encoder);
        return b.conv(activate(b, code, encoder.activation), latent, { kernel: 1, name: 'code' });
      });
      const { code, ...chosen } = quantise(b, said, declaration.codes ?? CODES);
      const channels = widthAt(decoder.width, decoder.widest, decoder.depth);
      const bias = decoder.normalisation === 'none';
      const wide = normalise(b, b.conv(code, channels, { bias, name: 'wide' }), decoder.normalisation);
      return { picture: decode(b, activate(b, wide, decoder.activation), decoder), ...chosen };
    });
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { source: [3, size, size] },
    build: (b, { source }) => ({ picture: rebuild(b, source).picture }),
  });

  const training = () => ({
    network: network({
      name,
      seed,
      inputs: { real: { shape: [3, size, size], type: 'uint8' as const } },
      build(b, { real: bytes }) {
        const real = toUnit(b, bytes);
        const { picture: fake, codebook, wanted, nearest } = rebuild(b, real);
        return { real, fake, codebook, wanted, nearest };
      },
    }),
    options: {
      batch,
      targets: {},
      loss(b, { real, fake, codebook, wanted, nearest }) {
        const error = reconstruction(b, losses, fake, real);
        const apart = (p: Value, q: Value) => b.mean(b.square(b.sub(p, q)));
        const towards = b.add(apart(nearest, b.stopGradient(wanted)), idleness(b, { codebook, wanted }));
        const commitment = apart(wanted, b.stopGradient(nearest));
        const loss = b.add(error, b.add(towards, b.mul(commitment, beta * COMMITMENT)));
        return { loss, metrics: { error, commitment } };
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.98,
      rateFactor: (parameter) => (parameter.endsWith('/codebook') ? CODEBOOK_RATE : 1),
    } satisfies TrainingOptions,
  });

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: true,
    training,
    feed: (random: Random, pictures: PictureSource) => ({
      real: pictures.draw(random, declaration.subject, size, batch),
    }),
    async sample({ run, random, pictures, count, size: side }: SampleRequest) {
      const source = unit(pictures.draw(random, declaration.subject, side, count));
      const { picture } = await run('generator', { source: { dims: [count, 3, side, side], data: source } });
      return picture.data as Float32Array;
    },
  };
}
