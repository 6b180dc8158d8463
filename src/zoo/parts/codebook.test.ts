import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { adamW, compileTraining, exportInference, network } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import { Trainer } from '../../nn/trainer.node.ts';
import { idleness, quantise } from './codebook.ts';
import { normals } from './feed.ts';

const [COUNT, SIZE, BATCH, PLACES] = [7, 3, 5, 4];
const random = new Random(5);
const codebook = normals(random, COUNT * SIZE);
const x = normals(random, BATCH * SIZE * PLACES);
const weights = {
  codebook: { dims: [COUNT, SIZE], data: codebook },
  'layerNorm1/scale': { dims: [SIZE], data: new Float32Array(SIZE).fill(1) },
  'layerNorm1/shift': { dims: [SIZE], data: new Float32Array(SIZE) },
};
const net = network({
  ...{ name: 'codebook', seed: 1, inputs: { x: [SIZE, 2, 2] } },
  build: (b, inputs) => ({ ...quantise(b, inputs.x, COUNT) }),
});

/** Squared distance of what was said at each place of the batch to each vector. */
async function lookUp() {
  const outputs = ['code', 'wanted', 'indices'];
  const session = await (await nodeRuntime()).load(exportInference(net, weights, { half: false, outputs }));
  const { code, wanted, indices } = await session.run({ x: { dims: [BATCH, SIZE, 2, 2], data: x } });
  await session.release();
  const distances = Array.from({ length: BATCH * PLACES }, (_, i) =>
    Array.from({ length: COUNT }, (_, k) =>
      [0, 1, 2].reduce(
        (sum, d) => sum + (Number(wanted.data[i * SIZE + d]) - codebook[k * SIZE + d]) ** 2,
        0,
      ),
    ),
  );
  return { code, indices, distances };
}

it('takes the nearest vector at every place', async () => {
  const { code, indices, distances } = await lookUp();
  distances.forEach((all, i) => {
    const index = Number(indices.data[i]);
    expect(index).toBe(all.indexOf(Math.min(...all)));
    const [picture, place] = [Math.floor(i / PLACES), i % PLACES];
    for (let d = 0; d < SIZE; d++)
      expect(code.data[(picture * SIZE + d) * PLACES + place]).toBe(codebook[index * SIZE + d]);
  });
});

it('measures how far every vector is from what was said nearest to it, and fetches those far away', async () => {
  const { distances } = await lookUp();
  const program = compileTraining(net, {
    ...{ batch: BATCH, targets: {}, optimiser: adamW({ rate: 0.05, weightDecay: 0 }) },
    loss: (b, { codebook, wanted }) => idleness(b, { codebook, wanted }),
  });
  const trainer = await Trainer.create(program, { threads: 1, progress: null, weights });
  const { loss } = await trainer.train({ x });
  const nearest = Array.from({ length: COUNT }, (_, k) => Math.min(...distances.map((all) => all[k])));
  expect(loss).toBeCloseTo(nearest.reduce((sum, v) => sum + v, 0) / (COUNT * SIZE), 5);
  let last = loss;
  for (let i = 0; i < 80; i++) last = (await trainer.train({ x })).loss;
  await trainer.release();
  expect(last).toBeLessThan(loss / 20);
});

it('passes the gradient of the code straight to what was said', async () => {
  const learning = network({
    ...{ name: 'straight', seed: 2, inputs: { x: [SIZE, 2, 2] } },
    build: (b, inputs) => {
      const offset = b.parameter('offset', [1, SIZE, 1, 1], 'zeros');
      return { ...quantise(b, b.add(inputs.x, offset), COUNT) };
    },
  });
  const program = compileTraining(learning, {
    ...{ batch: BATCH, targets: {}, optimiser: adamW({ rate: 0.01, weightDecay: 0 }) },
    loss: (b, { code }) => b.mean(b.slice(code, [{ axis: 1, start: 0, end: 1 }])),
  });
  const trainer = await Trainer.create(program, { threads: 1, progress: null, weights });
  await trainer.train({ x });
  const after = trainer.weights();
  await trainer.release();
  expect(after.offset.data[0]).toBeLessThan(0);
  expect(after.codebook.data).toEqual(codebook);
});
