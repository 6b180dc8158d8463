import { expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import {
  compileTraining,
  exportInference,
  network,
  sgd,
  type TrainingOptions,
  type Weights,
} from './index.ts';
import { nodeRuntime } from './runtime.node.ts';
import { Trainer } from './trainer.node.ts';

const BATCH_SIZE = 5;
const RATE = 0.1;
const random = new Random(21);
const x = Float32Array.from({ length: BATCH_SIZE * 3 }, () => random.normal());
const net = network({
  ...{ name: 'two', seed: 3, inputs: { x: [3] } },
  build: (b, inputs) => ({
    y: b.linear(b.tanh(b.linear(inputs.x, 4, { name: 'slow' })), 2, { name: 'fast' }),
  }),
});
const base: TrainingOptions = {
  ...{ batch: BATCH_SIZE, targets: {}, optimiser: sgd({ rate: RATE }) },
  loss: (b, { y }) => b.mean(b.square(b.sub(y, 1))),
};

async function after(
  steps: number,
  options: Partial<TrainingOptions>,
  given: { net?: typeof net; weights?: Weights } = {},
): Promise<{ before: Weights; after: Weights }> {
  const program = compileTraining(given.net ?? net, { ...base, ...options });
  const trainer = await Trainer.create(program, { threads: 1, progress: null, weights: given.weights });
  const before = trainer.weights();
  for (let i = 0; i < steps; i++) await trainer.train({ x });
  const weights = trainer.weights();
  await trainer.release();
  return { before, after: weights };
}

it('rateFactor scales the steps of the parameters it names', async () => {
  const plain = await after(1, {});
  const scaled = await after(1, { rateFactor: (name) => (name.startsWith('fast/') ? 3 : 0.5) });
  for (const [name, { data }] of Object.entries(plain.after)) {
    const factor = name.startsWith('fast/') ? 3 : 0.5;
    data.forEach((v, i) => {
      const start = plain.before[name].data[i];
      expect(scaled.after[name].data[i] - start).toBeCloseTo((v - start) * factor, 6);
    });
  }
});

it('limit clips the parameters it names after the step, and no others', async () => {
  const limit = (name: string) => (name === 'slow/weight' ? 0.05 : 1e6);
  const plain = await after(1, {});
  const limited = await after(1, { limit });
  for (const [name, { data }] of Object.entries(limited.after)) {
    const free = plain.after[name].data;
    const bound = name === 'slow/weight' ? Math.fround(0.05) : 1e6;
    expect(data).toEqual(free.map((v) => Math.min(bound, Math.max(-bound, v))));
  }
  expect(Math.max(...plain.after['slow/weight'].data)).toBeGreaterThan(0.05);
  const later = await after(5, { limit });
  expect(Math.max(...[...later.after['slow/weight'].data].map(Math.abs))).toBeLessThan(0.0500001);
});

const normalised = network({
  ...{ name: 'normalised', seed: 3, inputs: { x: [3] } },
  build: (b, inputs) => ({
    y: b.linear(b.tanh(b.batchNorm(b.linear(inputs.x, 4), { epsilon: 1e-3 })), 1),
  }),
});
const start: Weights = {
  'batchNorm1/scale': { dims: [4], data: Float32Array.of(1.5, -0.5, 0.8, 2) },
  'batchNorm1/shift': { dims: [4], data: Float32Array.of(0.1, -0.2, 0.3, 0) },
  'batchNorm1/mean': { dims: [4], data: Float32Array.of(0.5, -1, 0, 2) },
  'batchNorm1/variance': { dims: [4], data: Float32Array.of(0.3, 2, 1, 4) },
};

it('settled batch normalisation uses the running moments and leaves them as they are', async () => {
  const given = { net: normalised, weights: start };
  const { before, after: weights } = await after(3, { settled: true }, given);
  for (const name of ['batchNorm1/mean', 'batchNorm1/variance'])
    expect(weights[name].data).toEqual(start[name].data);
  expect(weights['batchNorm1/scale'].data).not.toEqual(before['batchNorm1/scale'].data);
  const free = await after(3, {}, given);
  expect(free.after['batchNorm1/mean'].data).not.toEqual(start['batchNorm1/mean'].data);
});

it('settled gradients are those of the network as it is exported', async () => {
  const { before, after: weights } = await after(1, { settled: true }, { net: normalised, weights: start });
  const loss = async (moved: Weights): Promise<number> => {
    const session = await (await nodeRuntime()).load(exportInference(normalised, moved, { half: false }));
    const { y } = await session.run({ x: { dims: [BATCH_SIZE, 3], data: x } });
    await session.release();
    return (y.data as Float32Array).reduce((sum, v) => sum + (v - 1) ** 2 / BATCH_SIZE, 0);
  };
  for (const { name } of normalised.parameters) {
    const { dims, data } = before[name];
    for (let i = 0; i < data.length; i += 3) {
      const at = (shift: number) => {
        const moved = data.slice();
        moved[i] += shift;
        return loss({ ...before, [name]: { dims, data: moved } });
      };
      const slope = ((await at(1e-2)) - (await at(-1e-2))) / 2e-2;
      expect((data[i] - weights[name].data[i]) / RATE, `${name} ${i}`).toBeCloseTo(slope, 2);
    }
  }
});

it('a training goes on from unsettled to settled with the same state', async () => {
  const trainer = await Trainer.create(compileTraining(normalised, { ...base, averageDecay: 0.9 }), {
    threads: 1,
    progress: null,
  });
  const settled = compileTraining(normalised, { ...base, averageDecay: 0.9, settled: true });
  expect(settled.manifest.state).toEqual(trainer.manifest.state);
  expect(settled.manifest.layout).toEqual(trainer.manifest.layout);
  await trainer.release();
});
