/**
 * Generators trained against a critic: DCGAN (arXiv:1511.06434), LSGAN (1611.04076), WGAN (1701.07875), WGAN with a
 * slope penalty (1704.00028), hinge with spectral normalisation (1802.05957), BEGAN (1703.10717), relativistic
 * (1807.00734), MMD (1705.08584), conditional with an auxiliary classifier (1610.09585), residual and style-based.
 *
 * Both sides step at once on one graph: the critic sees the generated picture cut off from its maker, the generator
 * sees the critic frozen.
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, network, type TrainingOptions, type Value } from '../../nn/index.ts';
import type { GanDeclaration, PictureSource, SampleRequest, ZooModel } from '../declaration.ts';
import { adversarialLoss, isAdversarial, slopePenalty } from '../losses.ts';
import { decodeVector } from '../parts/blocks.ts';
import { criticise, slopeBetween } from '../parts/critic.ts';
import { normals, oneHot, toUnit } from '../parts/feed.ts';

const CLIP = 0.02;
const FEATURES = 16;
/** BEGAN: wanted ratio of the two reconstruction errors, and how fast the balance follows. */
const DIVERSITY = 0.6;
const BALANCE_RATE = 0.05;

/** BEGAN's critic gives back the picture it is shown. */
function reconstruct(b: Builder, picture: Value, { critic, decoder }: GanDeclaration): Value {
  const { features } = criticise(b, picture, critic, FEATURES * 2);
  const code = b.linear(features, FEATURES * 2, { name: 'code' });
  const plain = { ...decoder, style: false, residual: false, normalisation: 'none' as const };
  return decodeVector(b, code, picture.shape[2], plain);
}

/** Mean absolute error of each side's reconstruction, and the balance between them as it will be. */
function beganSides(b: Builder, real: Value, made: Value, seen: Value, fake: Value) {
  const balance = b.statistic('balance', [1], 'zeros');
  if (!b.training) return { balance };
  const realError = b.mean(b.abs(b.sub(made, real)));
  const seenError = b.mean(b.abs(b.sub(seen, fake)));
  const drift = b.sub(b.mul(realError, DIVERSITY), seenError);
  const next = b.clip(b.add(balance, b.mul(drift, BALANCE_RATE)), 0, 1);
  b.updateStatistic('balance', b.stopGradient(next));
  return { balance };
}

export function gan(declaration: GanDeclaration): ZooModel {
  const { size, latent, classes, decoder, critic, batch, losses, seed, name } = declaration;
  const adversarial = losses.find(isAdversarial);
  const began = losses.includes('began');
  const make = (b: Builder, noise: Value, label?: Value) =>
    b.tied('generator', () =>
      decodeVector(b, label ? b.concat([noise, b.mul(label, 2)]) : noise, size, decoder),
    );
  const withLabel = classes > 0;
  const inputs = { noise: [latent], ...(withLabel ? { label: [classes] } : {}) };
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs,
    build: (b, { noise, label }) => ({ picture: make(b, noise, label) }),
  });
  const outputs = adversarial === 'mmd' ? FEATURES : 1;

  function opinion(b: Builder, picture: Value, frozen: boolean): { score: Value; classes?: Value } {
    return b.tied(
      'critic',
      () => {
        if (began) return { score: reconstruct(b, picture, declaration) };
        const { score, features } = criticise(b, picture, critic, outputs);
        return withLabel ? { score, classes: b.linear(features, classes, { name: 'classes' }) } : { score };
      },
      { frozen },
    );
  }

  const training = () => {
    const net = network({
      name,
      seed,
      inputs: { ...inputs, real: { shape: [3, size, size], type: 'uint8' as const } },
      build(b, { noise, label, real: bytes }) {
        const real = toUnit(b, bytes);
        const fake = make(b, noise, label);
        const held = b.stopGradient(fake);
        const onReal = opinion(b, real, false);
        const onHeld = opinion(b, held, false);
        const seen = opinion(b, fake, true);
        const out: Record<string, Value> = {
          ...{ real, fake, held },
          ...{ onReal: onReal.score, onHeld: onHeld.score, seen: seen.score },
        };
        if (began) Object.assign(out, beganSides(b, real, onReal.score, seen.score, fake));
        if (onReal.classes && seen.classes)
          Object.assign(out, { label, realClasses: onReal.classes, seenClasses: seen.classes });
        if (adversarial === 'wgan-gp') {
          out.slope = slopeBetween(b, real, held, (picture, frozen) => opinion(b, picture, frozen).score);
        }
        return out;
      },
    });
    const options: TrainingOptions = {
      batch,
      targets: {},
      loss(b, o) {
        if (began) {
          const error = (made: Value, picture: Value) => b.mean(b.abs(b.sub(made, picture)));
          const critics = b.sub(error(o.onReal, o.real), b.mul(o.balance, error(o.onHeld, o.held)));
          return b.sum(b.add(critics, error(o.seen, o.fake)));
        }
        const sides = adversarialLoss(b, adversarial!, { real: o.onReal, generated: o.onHeld, seen: o.seen });
        let loss = b.add(sides.critic, sides.generator);
        if (o.slope) loss = b.add(loss, slopePenalty(b, o.slope));
        if (o.realClasses) {
          // The label input is shared by the picture that was made for it and the real one drawn with it.
          loss = b.add(loss, b.softmaxCrossEntropy(o.realClasses, o.label));
          loss = b.add(loss, b.softmaxCrossEntropy(o.seenClasses, o.label));
        }
        return { loss, metrics: { generator: sides.generator } };
      },
      optimiser: adamW({ rate: declaration.rate, beta1: 0.5, beta2: 0.99, weightDecay: 0 }),
      averageDecay: 0.995,
      ...(adversarial === 'wgan'
        ? { limit: (parameter: string) => (parameter.startsWith('critic/') ? CLIP : 1e6) }
        : {}),
      rateFactor: (parameter) => (parameter.startsWith('critic/') && !began ? 2 : 1),
    };
    return { network: net, options };
  };

  const noiseFor = (random: Random, count: number) => {
    const noise = normals(random, count * latent);
    if (!withLabel) return { noise };
    const labels = Array.from({ length: count }, () => random.below(classes));
    return { noise, label: oneHot(labels, classes) };
  };

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: false,
    training,
    feed(random: Random, pictures: PictureSource): ReturnType<ZooModel['feed']> {
      const real = pictures.draw(random, declaration.subject, size, batch);
      const noise = normals(random, batch * latent);
      if (!withLabel) return { noise, real };
      return { noise, label: oneHot(bands(real, batch, classes), classes), real };
    },
    async sample({ run, random, count }: SampleRequest) {
      const { noise, label } = noiseFor(random, count);
      const { picture } = await run('generator', {
        noise: { dims: [count, latent], data: noise },
        ...(label ? { label: { dims: [count, classes], data: label } } : {}),
      });
      return picture.data as Float32Array;
    },
  };
}

/** Class of a picture: which of equal bands its mean brightness lies in. */
function bands(pictures: Uint8Array, count: number, classes: number): number[] {
  const each = pictures.length / count;
  return Array.from({ length: count }, (_, i) => {
    const mean = pictures.subarray(i * each, (i + 1) * each).reduce((s, v) => s + v, 0) / each;
    return Math.max(0, Math.min(classes - 1, Math.floor(((mean - 48) / 160) * classes)));
  });
}
