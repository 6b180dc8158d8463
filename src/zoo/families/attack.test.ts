import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { exportInference } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { AttackDeclaration, PictureSource } from '../declaration.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, heldRunner, teach } from '../parts/training.test-support.ts';
import { attack } from './attack.ts';

const encoder: AttackDeclaration['encoder'] = {
  ...{ width: 6, widest: 12, depth: 2, kernel: 3, layers: 1 },
  ...{ normalisation: 'batch', activation: 'relu', downsampling: 'stride' },
};
const declared: AttackDeclaration = {
  ...{ family: 'attack', name: 'tiny', subject: 'textures', seed: 3, size: 16 },
  ...{ steps: 60, batch: 16, rate: 5e-3, losses: ['cross-entropy'] },
  ...{ kind: 'fgsm', strength: 0.1, iterations: 1, encoder },
};
const ways: Partial<AttackDeclaration>[] = [
  { kind: 'fgsm' },
  {
    kind: 'fgsm',
    encoder: { ...encoder, normalisation: 'none', activation: 'elu', downsampling: 'maxpool' },
  },
  { kind: 'pgd', iterations: 4, encoder: { ...encoder, layers: 2, downsampling: 'averagepool' } },
  { kind: 'network', upsampling: 'transposed4' },
];
const COUNT = 20;

describe.each(ways)('attack %j', (way) => {
  it('learns the groups, and changes pictures a little so that they are mistaken', async () => {
    const model = attack({ ...declared, ...way });
    const taught = await teach(model, gradients, declared.steps);
    // Against a perturbing network the loss is the sum of two that pull at each other; the classifier's own goes down.
    const errors = taught.metrics.map((metrics, i) => metrics.error ?? taught.losses[i]);
    expect(ending(errors)).toBeLessThan(0.75 * errors[0]);

    const drawn: Uint8Array[] = [];
    const watched: PictureSource = {
      draw(...given) {
        drawn.push(gradients.draw(...given));
        return drawn[drawn.length - 1];
      },
    };
    const ran: string[] = [];
    const sample = (seed: number, pictures = gradients) =>
      model.sample({
        run: heldRunner(model, taught.weights, ran),
        ...{ random: new Random(seed), pictures, count: COUNT, size: 16 },
      });
    const changed = await sample(1, watched);
    expect(changed).toHaveLength(COUNT * 768);
    expect(changed).toEqual(await sample(1));
    expect(changed).not.toEqual(await sample(2));

    const real = Float32Array.from(
      drawn.flatMap((part) => [...part]),
      (v) => v / 255,
    );
    expect(real).toHaveLength(changed.length);
    const change = Math.max(...changed.map((v, i) => Math.abs(v - real[i])));
    expect(change).toBeGreaterThan(0.02);
    expect(change).toBeLessThan(declared.strength + 1e-6);

    // The classifier as it was learnt, by itself.
    const classifier = attack({ ...declared, ...way, kind: 'fgsm' }).generator;
    const session = await (await nodeRuntime()).load(exportInference(classifier, taught.weights));
    const error = async (data: Float32Array) => {
      const { logit } = await session.run({ source: { dims: [COUNT, 3, 16, 16], data } });
      return [...logit.data].reduce<number>((sum, v, i) => {
        const sign = i < COUNT / 2 ? 1 : -1;
        return sum + Math.log1p(Math.exp(sign * Number(v))) / COUNT;
      }, 0);
    };
    expect(await error(real)).toBeLessThan(0.5);
    expect(await error(changed)).toBeGreaterThan(2 * (await error(real)));
  });

  it('is read from the network that shapes the traces', () => {
    const model = attack({ ...declared, ...way });
    const [[name, used]] = Object.entries(model.networks);
    const names = (net: typeof used) => net.parameters.map((p) => p.name).sort();
    expect(name).toBe(way.kind === 'network' ? 'generator' : 'gradient');
    expect(names(used)).toEqual(names(model.generator));
    expect(names(used)[0]).toMatch(way.kind === 'network' ? /^generator\// : /^classifier\//);
  });
});
