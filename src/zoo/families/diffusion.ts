/**
 * Denoising diffusion (arXiv:2006.11239): a U-Net learns what is noise in a noisy picture, or the picture, or the
 * velocity between the two (arXiv:2202.00512); pictures are made by starting from noise and asking it again and again,
 * with fresh noise at every step (DDPM) or none (DDIM, arXiv:2010.02502).
 */
import type { Random } from '../../core/random.ts';
import { adamW, type Builder, cosine, network, type Value } from '../../nn/index.ts';
import type { DiffusionDeclaration, PictureSource, SampleRequest, ZooModel } from '../declaration.ts';
import { isPixelLoss } from '../losses.ts';
import { normals, toUnit } from '../parts/feed.ts';
import { misdeclared } from '../parts/misdeclared.ts';
import {
  pictureMeant,
  signalPowers,
  stepBack,
  TIME_FEATURES,
  TIMES,
  timeFeatures,
  visited,
} from '../parts/noise-schedule.ts';
import { reconstruction } from '../parts/reconstruction.ts';
import { uNet } from '../parts/u-net.ts';

/** Pictures that are made side by side, to bound memory. */
const TOGETHER = 32;

function check({ name, losses, size, sampleSteps, width }: DiffusionDeclaration): void {
  if (losses.length === 0 || !losses.every(isPixelLoss)) {
    throw misdeclared(
      name,
      { en: 'diffusion is trained with pixel losses only', zh: '扩散模型只用像素损失训练' },
      { en: "declare 'mse', 'l1' or 'l2'", zh: '请声明 mse、l1 或 l2' },
    );
  }
  if (!Number.isInteger(Math.log2(size)) || size < 16 || width % 4 !== 0) {
    throw misdeclared(
      name,
      { en: `side ${size}, width ${width}`, zh: `边长 ${size}，宽度 ${width}` },
      {
        en: 'the side is a power of 2, at least 16; the width divides by 4',
        zh: '边长须为不小于 16 的 2 的幂；宽度须为 4 的倍数',
      },
    );
  }
  if (!Number.isInteger(sampleSteps) || sampleSteps < 1 || sampleSteps > TIMES) {
    throw misdeclared(
      name,
      { en: `${sampleSteps} steps of sampling`, zh: `采样步数为 ${sampleSteps}` },
      { en: `take 1 to ${TIMES}`, zh: `请取 1 至 ${TIMES}` },
    );
  }
}

/** Throws HuoyanError `bad-argument` when the declaration cannot be trained. */
export function diffusion(declaration: DiffusionDeclaration): ZooModel {
  check(declaration);
  const { name, seed, size, batch, losses, steps, target, sampler, sampleSteps } = declaration;
  const powers = signalPowers(declaration.schedule);
  const see = (b: Builder, noisy: Value, time: Value) =>
    b.tied('generator', () => uNet(b, noisy, time, declaration));
  const generator = network({
    name: `${name}-generator`,
    seed,
    inputs: { noisy: [3, size, size], time: [TIME_FEATURES] },
    build: (b, { noisy, time }) => ({ [target]: see(b, noisy, time) }),
  });

  const training = (): ReturnType<ZooModel['training']> => ({
    network: network({
      name,
      seed,
      inputs: {
        real: { shape: [3, size, size], type: 'uint8' as const },
        ...{ noise: [3, size, size], signal: [1, 1, 1], spread: [1, 1, 1], time: [TIME_FEATURES] },
      },
      build(b, { real: bytes, noise, signal, spread, time }) {
        const picture = b.sub(b.mul(toUnit(b, bytes), 2), 1);
        const noisy = b.add(b.mul(picture, signal), b.mul(noise, spread));
        const velocity = b.sub(b.mul(noise, signal), b.mul(picture, spread));
        return { said: see(b, noisy, time), wanted: { noise, velocity, picture }[target] };
      },
    }),
    options: {
      batch,
      targets: {},
      loss: (b, { said, wanted }) => reconstruction(b, losses, said, wanted),
      optimiser: adamW({
        rate: declaration.rate,
        weightDecay: 0,
        schedule: cosine(steps, { warmupSteps: Math.ceil(steps / 20), floor: 0.02 }),
      }),
      clipNorm: 1,
      averageDecay: 0.99,
    },
  });

  /** `count` pictures, 0..1, all at once. */
  async function make(run: SampleRequest['run'], random: Random, count: number): Promise<Float32Array> {
    let noisy = normals(random, count * 3 * size * size);
    const times = visited(sampleSteps);
    for (const [i, t] of times.entries()) {
      const { [target]: said } = await run('generator', {
        noisy: { dims: [count, 3, size, size], data: noisy },
        time: { dims: [count, TIME_FEATURES], data: timeFeatures(new Array(count).fill(t)) },
      });
      const picture = pictureMeant(target, noisy, said.data as Float32Array, powers[t]);
      const next = i + 1 < times.length ? powers[times[i + 1]] : 1;
      noisy = stepBack(noisy, picture, powers[t], next, sampler === 'ddpm' ? 1 : 0, random);
    }
    return noisy.map((v) => (v + 1) / 2);
  }

  return {
    declaration,
    generator,
    networks: { generator },
    needsPictures: false,
    training,
    feed(random: Random, pictures: PictureSource) {
      const real = pictures.draw(random, declaration.subject, size, batch);
      // One time from each of `batch` equal ranges: every step sees little and much noise.
      const times = Array.from({ length: batch }, (_, i) =>
        Math.floor(((i + random.uniform()) * TIMES) / batch),
      );
      return {
        real,
        noise: normals(random, batch * 3 * size * size),
        signal: Float32Array.from(times, (t) => Math.sqrt(powers[t])),
        spread: Float32Array.from(times, (t) => Math.sqrt(1 - powers[t])),
        time: timeFeatures(times),
      };
    },
    async sample({ run, random, count }: SampleRequest) {
      const each = 3 * size * size;
      const out = new Float32Array(count * each);
      for (let done = 0; done < count; done += TOGETHER) {
        out.set(await make(run, random, Math.min(TOGETHER, count - done)), done * each);
      }
      return out;
    },
  };
}
