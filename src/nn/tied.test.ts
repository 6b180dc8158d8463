import { describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import type { Builder } from './builder.ts';
import { compileTraining, exportInference, network, sgd, type Value } from './index.ts';
import { nodeRuntime } from './runtime.node.ts';
import { Trainer } from './trainer.node.ts';

const BATCH_SIZE = 6;
const quiet = { threads: 1, progress: null } as const;
const random = new Random(11);
const x = Float32Array.from({ length: BATCH_SIZE * 3 }, () => random.normal());

/** Two layers and a normalisation that keeps running moments. */
const judge = (b: Builder, v: Value) => b.linear(b.batchNorm(b.tanh(b.linear(v, 4))), 1);
const make = (b: Builder, v: Value) => b.tied('maker', () => b.tanh(b.linear(v, 3)));

/** A maker, judged by a critic; `frozen` when it is. */
const judged = (frozen: boolean) =>
  network({
    ...{ name: 'judged', seed: 4, inputs: { x: [3] } },
    build: (b, inputs) => ({
      score: b.tied('critic', () => judge(b, make(b, inputs.x)), { frozen }),
    }),
  });

async function stepped(net: ReturnType<typeof network>) {
  const program = compileTraining(net, {
    ...{ batch: BATCH_SIZE, targets: {}, optimiser: sgd({ rate: 0.1 }) },
    loss: (b, { score }) => b.mean(b.square(score)),
  });
  const trainer = await Trainer.create(program, quiet);
  const before = trainer.weights();
  await trainer.train({ x });
  const after = trainer.weights();
  await trainer.release();
  return { before, after };
}

describe('tied scopes', () => {
  it('have one set of weights however often they are built, each layer its own', async () => {
    const net = network({
      ...{ name: 'twice', seed: 1, inputs: { x: [3], y: [3] } },
      build: (b, inputs) => ({
        first: b.tied('critic', () => judge(b, inputs.x)),
        second: b.tied('critic', () => judge(b, inputs.y)),
      }),
    });
    expect(net.parameters.map((p) => p.name)).toEqual([
      ...['critic/linear1/weight', 'critic/linear1/bias', 'critic/batchNorm1/scale'],
      ...['critic/batchNorm1/shift', 'critic/linear2/weight', 'critic/linear2/bias'],
    ]);
    expect(net.statistics.map((s) => s.name)).toEqual([
      'critic/batchNorm1/mean',
      'critic/batchNorm1/variance',
    ]);
    const trainer = await Trainer.create(
      compileTraining(net, {
        ...{ batch: BATCH_SIZE, targets: {}, optimiser: sgd({ rate: 0.1 }) },
        loss: (b, { first, second }) => b.mean(b.square(b.sub(first, b.add(second, 1)))),
      }),
      quiet,
    );
    await trainer.train({ x, y: x.map((v) => -v) });
    const session = await (await nodeRuntime()).load(exportInference(net, trainer.weights()));
    const same = { dims: [BATCH_SIZE, 3], data: x };
    const { first, second } = await session.run({ x: same, y: same });
    expect(first.data).toEqual(second.data);
    await session.release();
    await trainer.release();
  });

  it('start their running numbers anew inside other scopes too', () => {
    const net = network({
      ...{ name: 'nested', seed: 1, inputs: { x: [3] } },
      build(b, inputs) {
        const inner = () => b.scope('deep', () => b.linear(inputs.x, 2));
        return { a: b.tied('outer', inner), b: b.tied('outer', inner), c: b.linear(inputs.x, 2) };
      },
    });
    expect(net.parameters.map((p) => p.name)).toEqual([
      ...['outer/deep/linear1/weight', 'outer/deep/linear1/bias', 'linear1/weight', 'linear1/bias'],
    ]);
  });

  it('refuse to be built in two shapes', () => {
    const build = (b: Builder, inputs: Readonly<Record<string, Value>>) => ({
      a: b.tied('one', () => b.linear(inputs.x, 2)),
      b: b.tied('one', () => b.linear(inputs.x, 3)),
    });
    expect(() => network({ name: 'shapes', seed: 1, inputs: { x: [3] }, build })).toThrow(/two shapes/);
  });
});

describe('a frozen scope', () => {
  it('lets the gradient through and keeps its weights and running moments', async () => {
    const [free, frozen] = [await stepped(judged(false)), await stepped(judged(true))];
    for (const [name, { data }] of Object.entries(frozen.after)) {
      if (name.startsWith('maker/')) {
        expect(data).toEqual(free.after[name].data);
        expect(data).not.toEqual(frozen.before[name].data);
      } else {
        expect(data, name).toEqual(frozen.before[name].data);
      }
    }
    // The gain's gradient at this point is not 0, and the moments of the batch are not those it starts with.
    for (const name of ['critic/linear1/weight', 'critic/batchNorm1/scale', 'critic/batchNorm1/mean'])
      expect(free.after[name].data).not.toEqual(free.before[name].data);
  });

  it('freezes what is tied inside it, and nothing behind it', async () => {
    const net = network({
      ...{ name: 'inside', seed: 4, inputs: { x: [3] } },
      build(b, inputs) {
        const held = b.tied('critic', () => b.tied('inner', () => judge(b, inputs.x)), { frozen: true });
        return { score: b.linear(held, 1, { name: 'free' }) };
      },
    });
    const { before, after } = await stepped(net);
    const moved = Object.keys(after).filter((name) => String(after[name].data) !== String(before[name].data));
    expect(moved).toEqual(['free/weight', 'free/bias']);
  });

  it('learns where it is built again without being frozen', async () => {
    const net = network({
      ...{ name: 'both', seed: 4, inputs: { x: [3] } },
      build(b, inputs) {
        const made = make(b, inputs.x);
        const seen = b.tied('critic', () => judge(b, made), { frozen: true });
        const held = b.tied('critic', () => judge(b, b.stopGradient(made)));
        return { score: b.add(seen, held) };
      },
    });
    const { before, after } = await stepped(net);
    for (const name of ['maker/linear1/weight', 'critic/linear1/weight', 'critic/batchNorm1/mean'])
      expect(after[name].data).not.toEqual(before[name].data);
  });
});
