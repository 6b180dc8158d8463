import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { readImageFile, resize } from '../../media/index.node.ts';
import { decodeTensors } from '../../nn/safetensors.ts';
import { dataFolder, imageSets } from '../corpus.ts';
import { auc } from '../metrics.ts';
import { differentiable, imageOf, planesOf } from './learned.ts';
import { MESO_FILES, openMeso } from './meso-detector.ts';
import { MESO_SIDE, type MesoName, mesoNetwork, mesoWeights } from './mesonet.ts';

/** Weights by chance under the names and in the layout in which Keras stores them. */
function published(name: MesoName): Record<string, Tensor> {
  const random = new Random(7);
  const first = name === 'meso4' ? { conv: 5, norm: 5, dense: 3 } : { conv: 1, norm: 1, dense: 1 };
  const counters = { conv: first.conv, norm: first.norm, dense: first.dense };
  const out: Record<string, Tensor> = {};
  const put = (layer: string, leaf: string, dims: readonly number[], make: () => number) => {
    const data = Float32Array.from({ length: dims.reduce((a, d) => a * d, 1) }, make);
    out[`${layer}/${layer}/${leaf}:0`] = { dims, data };
  };
  for (const { name: full, shape } of [...mesoNetwork(name).parameters]) {
    const small = () =>
      random.normal() / Math.sqrt(shape.length === 4 ? shape[1] * shape[2] * shape[3] : (shape[1] ?? 4));
    if (/conv\d+\/weight/.test(full)) {
      const [o, i, h, w] = shape;
      const layer = `conv2d_${counters.conv++}`;
      put(layer, 'kernel', [h, w, i, o], small);
      put(layer, 'bias', [o], () => random.normal() / 4);
    } else if (/batchNorm\d+\/scale/.test(full)) {
      const layer = `batch_normalization_${counters.norm++}`;
      put(layer, 'gamma', shape, () => random.uniform(0.5, 1.5));
      put(layer, 'beta', shape, () => random.normal() / 4);
      put(layer, 'moving_mean', shape, () => random.normal() / 4);
      put(layer, 'moving_variance', shape, () => random.uniform(0.5, 1.5));
    } else if (/linear\d+\/weight/.test(full)) {
      const layer = `dense_${counters.dense++}`;
      put(layer, 'kernel', [shape[1], shape[0]], small);
      put(layer, 'bias', [shape[0]], () => random.normal() / 4);
    }
  }
  return out;
}

/** Meso4 the slow way, straight from the published tensors: height, width, channel throughout, as Keras computes it. */
function slowMeso4(x: Float64Array, t: Readonly<Record<string, Tensor>>): number {
  const get = (layer: string, leaf: string) => t[`${layer}/${layer}/${leaf}:0`].data as Float32Array;
  let [side, channels, h] = [MESO_SIDE, 3, x];
  [8, 8, 16, 16].forEach((outer, stage) => {
    const kernel = get(`conv2d_${5 + stage}`, 'kernel');
    const bias = get(`conv2d_${5 + stage}`, 'bias');
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((leaf) =>
      get(`batch_normalization_${5 + stage}`, leaf),
    );
    const k = Math.sqrt(kernel.length / channels / outer);
    const reach = k >> 1;
    const size = stage === 3 ? 4 : 2;
    const next = new Float64Array((side / size) ** 2 * outer).fill(Number.NEGATIVE_INFINITY);
    for (let y = 0; y < side; y++) {
      for (let c = 0; c < side; c++) {
        for (let o = 0; o < outer; o++) {
          let sum = bias[o];
          for (let dy = -reach; dy <= reach; dy++) {
            const yy = y + dy;
            if (yy < 0 || yy >= side) continue;
            for (let dx = -reach; dx <= reach; dx++) {
              const xx = c + dx;
              if (xx < 0 || xx >= side) continue;
              const from = (yy * side + xx) * channels;
              const weight = ((dy + reach) * k + dx + reach) * channels * outer + o;
              for (let i = 0; i < channels; i++) sum += h[from + i] * kernel[weight + i * outer];
            }
          }
          const normed = ((Math.max(0, sum) - mean[o]) / Math.sqrt(variance[o] + 1e-3)) * gamma[o] + beta[o];
          const to = (Math.floor(y / size) * (side / size) + Math.floor(c / size)) * outer + o;
          next[to] = Math.max(next[to], normed);
        }
      }
    }
    [side, channels, h] = [side / size, outer, next];
  });
  const dense = (v: ArrayLike<number>, layer: string) => {
    const kernel = get(layer, 'kernel');
    return [...get(layer, 'bias')].map((b, o, all) => {
      let sum = b;
      for (let i = 0; i < v.length; i++) sum += v[i] * kernel[i * all.length + o];
      return sum;
    });
  };
  const [logit] = dense(
    dense(h, 'dense_3').map((v) => (v > 0 ? v : 0.1 * v)),
    'dense_4',
  );
  return -logit;
}

describe('MesoNet in nn', () => {
  it('has the published number of parameters', () => {
    // Afchar et al., section 3: 27,977 and 28,615 trainable parameters.
    expect(mesoNetwork('meso4').size).toBe(27_977);
    expect(mesoNetwork('mesoinception4').size).toBe(28_615);
  });

  it('computes what Keras does with weights in its layout', async () => {
    const tensors = published('meso4');
    const inside = await differentiable(mesoNetwork('meso4'), mesoWeights('meso4', tensors), MESO_SIDE);
    const random = new Random(1);
    const image = imageOf(
      Float32Array.from({ length: 3 * MESO_SIDE ** 2 }, () => random.uniform()),
      MESO_SIDE,
    );
    const wanted = slowMeso4(
      Float64Array.from(image.data, (v) => v / 255),
      tensors,
    );
    const [found] = await inside.logits(planesOf(image));
    expect(Math.abs(found - wanted)).toBeLessThan(1e-3 * Math.max(1, Math.abs(wanted)));
    await inside.close();
  });

  it('has the gradient that differences show', async () => {
    const inside = await differentiable(
      mesoNetwork('mesoinception4'),
      mesoWeights('mesoinception4', published('mesoinception4')),
      MESO_SIDE,
    );
    const random = new Random(2);
    const x = Float32Array.from({ length: 3 * MESO_SIDE ** 2 }, () => random.uniform(0.2, 0.8));
    const gradient = await inside.gradient(x);
    const norm = Math.sqrt(gradient.reduce((sum, v) => sum + v * v, 0));
    const along = (step: number) => x.map((v, i) => v + (step * gradient[i]) / norm);
    const [up] = await inside.logits(along(0.02));
    const [down] = await inside.logits(along(-0.02));
    expect((up - down) / 0.04 / norm).toBeGreaterThan(0.9);
    expect((up - down) / 0.04 / norm).toBeLessThan(1.1);
    await inside.close();
  });

  it('refuses weights of something else', () => {
    expect(() => mesoWeights('meso4', {})).toThrow(RangeError);
    const tensors = published('meso4');
    tensors['dense_4/dense_4/bias:0'] = { dims: [2], data: new Float32Array(2) };
    expect(() => mesoWeights('meso4', tensors)).toThrow('dense_4');
  });

  const data = dataFolder();
  const weights = data ? join(data, 'weights') : '';
  it.skipIf(!existsSync(join(weights, MESO_FILES.meso4)))(
    'with its published weights finds LivePortrait',
    async () => {
      const sets = imageSets(data as string);
      const meso = await openMeso('meso4', weights);
      const scores = async (name: string, most: number) => {
        const out: number[] = [];
        for (const path of sets.find((set) => set.name === name)?.files.slice(0, most) ?? []) {
          const { pixels } = await readImageFile(path);
          const square = await resize(pixels, { width: MESO_SIDE, height: MESO_SIDE, kernel: 'linear' });
          out.push((await meso.inside.logits(planesOf(square)))[0]);
        }
        return out;
      };
      const [real, fake] = [await scores('real_dfdc_faces224', 12), await scores('fake_liveportrait_lip', 8)];
      expect(auc([...real, ...fake], [...real.map(() => false), ...fake.map(() => true)])).toBeGreaterThan(
        0.8,
      );
      await meso.close();
      await expect(openMeso('meso4', '/nowhere')).rejects.toMatchObject({ code: 'model-missing' });
      expect(Object.keys(decodeTensors(readFileSync(join(weights, MESO_FILES.meso4))).tensors)).toHaveLength(
        28,
      );
    },
  );
});
