import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import type { Builder } from './builder.ts';
import type { Value } from './graph.ts';
import { adamW, compileTraining, exportInference, initialWeights, network } from './index.ts';
import { nodeRuntime } from './runtime.node.ts';
import { Trainer } from './trainer.node.ts';

/** Bodies from x [B, 3, 8, 8] to anything; between them they use what encoders are made of. */
const bodies: Record<string, (b: Builder, x: Value) => Value> = {
  'strides and running moments': (b, x) => b.silu(b.batchNorm(b.conv(x, 4, { stride: 2 }))),
  'largest of windows': (b, x) => b.maxPool(b.tanh(b.conv(x, 4)), { size: 2 }),
  'averages of windows': (b, x) => b.averagePool(b.elu(b.conv(x, 4)), { size: 3, stride: 2, pad: 1 }),
  'groups of channels': (b, x) => b.tanh(b.groupNorm(b.conv(x, 4), 2)),
  'moments of planes': (b, x) => b.concat([b.globalMean(b.square(x)), b.globalStd(x)]),
  'a vector': (b, x) => b.softmax(b.linear(b.reshape(x, [x.shape[0], 192]), 5)),
  'means, sums and maxima': (b, x) =>
    b.add(
      b.mul(b.mean(b.square(x), { axes: [2, 3] }), b.sum(x, { axes: [2, 3] })),
      b.maxOver(x, { axes: [2, 3] }),
    ),
  'ways up': (b, x) => b.tanh(b.convTranspose(b.resize(x, 12, 12), 2)),
  'space to depth': (b, x) => b.sigmoid(b.conv(b.pixelUnshuffle(x, 2), 3, { kernel: 1 })),
};

async function exported(body: (b: Builder, x: Value) => Value) {
  const net = network({
    name: 'slope',
    inputs: { x: [3, 8, 8] },
    seed: 2,
    build(b, { x }) {
      const square = (v: Value) => b.sum(b.square(b.add(body(b, v), 0.3)));
      return {
        total: b.tied('body', () => square(x)),
        gradient: b.inputGradient(x, (v) => b.tied('body', () => square(v))),
      };
    },
  });
  const random = new Random(3);
  const weights = initialWeights(net);
  for (const { data } of Object.values(weights)) data.set(data.map((v) => v + random.uniform(0, 0.3)));
  return (await nodeRuntime()).load(exportInference(net, weights, { half: false }));
}

describe('the gradient of an exported network by its input', () => {
  it.each(Object.entries(bodies))('%s', async (_, body) => {
    const session = await exported(body);
    const random = new Random(4);
    const data = Float32Array.from({ length: 2 * 192 }, () => random.normal());
    const run = (numbers: Float32Array) =>
      session.run({ x: { dims: [numbers.length / 192, 3, 8, 8], data: numbers } });
    const { gradient } = await run(data);
    const largest = Math.max(...[...gradient.data].map((v) => Math.abs(Number(v))));
    const epsilon = 4e-3;
    for (let i = 0; i < data.length; i += 17) {
      const at = async (shift: number) => {
        const moved = data.slice();
        moved[i] += shift;
        return Number((await run(moved)).total.data[0]);
      };
      const slope = ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon);
      expect(Math.abs(slope - Number(gradient.data[i])) / largest).toBeLessThan(0.01);
    }
    const alone = await run(data.slice(192));
    alone.gradient.data.forEach((v, i) => {
      expect(Math.abs(Number(v) - Number(gradient.data[192 + i])) / largest).toBeLessThan(1e-5);
    });
    await session.release();
  });

  it('is a constant to what trains on it', async () => {
    const net = network({
      name: 'perturbed',
      inputs: { x: [3, 8, 8] },
      seed: 1,
      build(b, { x }) {
        const opinion = (v: Value) => b.tied('critic', () => b.linear(b.globalMean(b.tanh(b.conv(v, 4))), 1));
        const slope = b.inputGradient(x, (v) => b.sum(opinion(v)));
        return { score: opinion(b.add(x, slope)) };
      },
    });
    const program = compileTraining(net, {
      ...{ batch: 4, targets: {}, optimiser: adamW({ rate: 1e-2 }) },
      loss: (b, { score }) => b.mean(b.square(b.sub(score, 1))),
    });
    const trainer = await Trainer.create(program, { threads: 1, progress: null });
    const random = new Random(5);
    const x = Float32Array.from({ length: 4 * 192 }, () => random.normal());
    const first = (await trainer.train({ x })).loss;
    let last = first;
    for (let i = 0; i < 30; i++) last = (await trainer.train({ x })).loss;
    expect(last).toBeLessThan(first / 2);
    await trainer.release();
  });

  it('says when there is none', () => {
    const build = (b: Builder, { x }: Readonly<Record<string, Value>>) => ({
      gradient: b.inputGradient(x, (v) => b.sum(b.stopGradient(v))),
    });
    expect(() => network({ name: 'none', inputs: { x: [2] }, seed: 1, build })).toThrow(/no gradient/);
  });
});
