/**
 * Variational auto-encoders (arXiv:1312.6114): an encoder says where a picture's code may lie, a decoder makes a picture
 * of any code, and a divergence keeps the codes where noise can be drawn instead. `factor` (arXiv:1802.05983) adds a
 * critic that tells codes from codes whose numbers were shuffled among pictures; what it can tell is their total
 * correlation. With a codebook: `vq.ts`.
 *
 * The reconstruction is a mean over pixels, so the divergence is divided by their number, and once more by how sharply a
 * pixel is held to be known: at a weight of 1 to about a quarter of its range.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type Value } from '../../nn/index.ts';
import type { PictureSource, SampleRequest, VaeDeclaration, ZooModel } from '../declaration.ts';
import { adversarialLoss, isPixelLoss } from '../losses.ts';
import { decodeVector, encode } from '../parts/blocks.ts';
import { normals, toUnit } from '../parts/feed.ts';
import { misdeclared } from '../parts/misdeclared.ts';
import { checkReconstruction, reconstruction } from '../parts/reconstruction.ts';
import { vq } from './vq.ts';

const SHARPNESS = 2;
const CRITIC_WIDTH = 64;
/** Bound on the logarithm of a code's variance. */
const WIDEST = 6;

/** Divergence of normals with these means and logarithms of variances [B, Z] from the standard one: [B], nats. */
export function divergence(b: Builder, mean: Value, spread: Value): Value {
  const each = b.sub(b.sub(b.add(b.square(mean), b.exp(spread)), spread), 1);
  return b.mul(b.sum(each, { axes: [1] }), 0.5);
}

/** Where in the flattened [count, latent] each number of a batch comes from when every column is shuffled by itself. */
export function shuffledColumns(random: Random, count: number, latent: number): BigInt64Array {
  const order = new BigInt64Array(count * latent);
  for (let column = 0; column < latent; column++) {
    const rows = random.shuffle(Array.from({ length: count }, (_, i) => i));
    rows.forEach((row, i) => {
      order[i * latent + column] = BigInt(row * latent + column);
    });
  }
  return order;
}

function check({ name, kind, losses, decoder }: VaeDeclaration): void {
  const known = losses.some(isPixelLoss) || losses.includes('cross-entropy');
  if (!known || !losses.includes('kl')) {
    throw misdeclared(
      name,
      { en: 'a reconstruction and a divergence are needed', zh: '需要重建损失和散度' },
      {
        en: "declare 'kl' and a pixel loss or 'cross-entropy'",
        zh: '请声明 kl，以及像素损失或 cross-entropy',
      },
    );
  }
  if ((kind === 'factor') !== losses.includes('bce-adversarial')) {
    throw misdeclared(
      name,
      {
        en: 'the factor kind, and no other, has a critic of codes',
        zh: '有且仅有 factor 类型带有编码判别器',
      },
      { en: "declare 'bce-adversarial' with factor only", zh: '仅在 factor 类型中声明 bce-adversarial' },
    );
  }
  checkReconstruction(name, losses, decoder.last);
}

/** Throws HuoyanError `bad-argument` when the losses do not name what the kind is trained with. */
export function vae(declaration: VaeDeclaration): ZooModel {
  if (declaration.kind === 'vq') return vq(declaration);
  check(declaration);
  const { name, seed, size, batch, latent, losses, steps, kind, beta, encoder, decoder } = declaration;
  const factor = kind === 'factor';
  const make = (b: Builder, code: Value) => b.tied('generator', () => decodeVector(b, code, size, decoder));
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { noise: [latent] },
    build: (b, { noise }) => ({ picture: make(b, noise) }),
  });

  /** [B, Z] each: mean, and logarithm of the variance, of a picture's code. */
  function read(b: Builder, picture: Value): { mean: Value; spread: Value } {
    return b.scope('encoder', () => {
      const { code } = encode(b, picture, encoder);
      const [count, c, h, w] = code.shape;
      const flat = b.reshape(code, [count, c * h * w]);
      const mean = b.linear(flat, latent, { name: 'mean', initial: 'xavier' });
      const spread = b.linear(flat, latent, { name: 'spread', initial: 'xavier' });
      return { mean, spread: b.clip(spread, -WIDEST, WIDEST) };
    });
  }

  /** [B, 1]: does the code look as if it were of one picture? */
  function opinion(b: Builder, code: Value, frozen: boolean): Value {
    return b.tied(
      'critic',
      () => {
        let h = code;
        for (let i = 0; i < 3; i++) h = b.leakyRelu(b.linear(h, CRITIC_WIDTH), 0.2);
        return b.linear(h, 1, { name: 'score' });
      },
      { frozen },
    );
  }

  const training = (): ReturnType<ZooModel['training']> => ({
    network: network({
      name,
      seed,
      inputs: {
        noise: [latent],
        real: { shape: [3, size, size], type: 'uint8' as const },
        ...(factor ? { order: { shape: [latent], type: 'int64' as const } } : {}),
      },
      build(b, { noise, real: bytes, order }) {
        const real = toUnit(b, bytes);
        const { mean, spread } = read(b, real);
        const code = b.add(mean, b.mul(b.exp(b.mul(spread, 0.5)), noise));
        const out = { real, mean, spread, fake: make(b, code) };
        if (!factor) return out;
        const held = b.stopGradient(code);
        // Mixing pictures of a batch needs its size, which is known in training only.
        const mixed = b.training
          ? b.reshape(b.rows(b.reshape(held, [batch * latent, 1]), order), [batch, latent])
          : held;
        const [seen, onHeld, onMixed] = [
          opinion(b, code, true),
          opinion(b, held, false),
          opinion(b, mixed, false),
        ];
        return { ...out, seen, onHeld, onMixed };
      },
    }),
    options: {
      batch,
      targets: {},
      loss(b, o) {
        const scale = 1 / (SHARPNESS * 3 * size * size);
        const error = reconstruction(b, losses, o.fake, o.real);
        const kl = b.mean(divergence(b, o.mean, o.spread));
        const rest = b.mul(kl, kind === 'beta' ? beta * scale : scale);
        const loss = b.add(error, rest);
        const metrics: Record<string, Value> = { error, kl };
        if (!factor) return { loss, metrics };
        // The critic's logit is the logarithm of the ratio of the two densities; its mean, the total correlation.
        const correlation = b.mean(o.seen);
        const opinions = { real: o.onHeld, generated: o.onMixed, seen: o.seen };
        const { critic } = adversarialLoss(b, 'bce-adversarial', opinions);
        const both = b.add(critic, b.mul(correlation, beta * scale));
        return { loss: b.add(loss, both), metrics: { ...metrics, correlation } };
      },
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.98,
    },
  });

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: false,
    training,
    feed(random: Random, pictures: PictureSource): ReturnType<ZooModel['feed']> {
      const real = pictures.draw(random, declaration.subject, size, batch);
      const noise = normals(random, batch * latent);
      return factor ? { noise, real, order: shuffledColumns(random, batch, latent) } : { noise, real };
    },
    async sample({ run, random, count }: SampleRequest) {
      const noise = normals(random, count * latent);
      const { picture } = await run('generator', { noise: { dims: [count, latent], data: noise } });
      return picture.data as Float32Array;
    },
  };
}
