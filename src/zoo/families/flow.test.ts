import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { exportInference, initialWeights } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { FlowDeclaration, ZooModel } from '../declaration.ts';
import { normals } from '../parts/feed.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, runner, teach } from '../parts/training.test-support.ts';
import { flow } from './flow.ts';

const tiny: FlowDeclaration = {
  ...{ family: 'flow', name: 'tiny', subject: 'textures', seed: 6, size: 16 },
  ...{ steps: 60, batch: 8, rate: 5e-3, losses: ['cross-entropy'] },
  ...{ mixing: 'rotation', additive: false, couplings: 3, width: 8 },
};
const ways = [
  { mixing: 'reverse', additive: true, scales: 1 },
  { mixing: 'rotation', additive: false, scales: 1 },
  { mixing: 'reverse', additive: false, scales: 2 },
  { mixing: 'rotation', additive: true, scales: 2 },
] as const;

/** Both directions with weights far from their start, in full precision. */
async function stirred(model: ZooModel) {
  const random = new Random(2);
  const { network } = model.training();
  const weights = initialWeights(network);
  for (const { data } of Object.values(weights)) data.set(data.map((v) => v + random.normal() * 0.08));
  const runtime = await nodeRuntime();
  return {
    forth: await runtime.load(exportInference(network, weights, { half: false })),
    back: await runtime.load(exportInference(model.generator, weights, { half: false })),
  };
}

/** log |det| by elimination; `rows` is used up. */
function logDeterminant(rows: Float64Array[]): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    let best = i;
    for (let j = i; j < rows.length; j++) if (Math.abs(rows[j][i]) > Math.abs(rows[best][i])) best = j;
    [rows[i], rows[best]] = [rows[best], rows[i]];
    sum += Math.log(Math.abs(rows[i][i]));
    for (let j = i + 1; j < rows.length; j++) {
      const share = rows[j][i] / rows[i][i];
      for (let k = i; k < rows.length; k++) rows[j][k] -= share * rows[i][k];
    }
  }
  return sum;
}

describe.each(ways)('flow %j', (way) => {
  it('learns, and makes pictures of noise', async () => {
    const model = flow({ ...tiny, ...way });
    const taught = await teach(model, gradients, tiny.steps);
    expect(ending(taught.losses)).toBeLessThan(taught.losses[0] - 0.5);
    const ran: string[] = [];
    const sample = (seed: number) =>
      model.sample({
        run: runner(model, taught.weights, ran),
        ...{ random: new Random(seed), pictures: gradients, count: 3, size: 16 },
      });
    const pictures = await sample(1);
    expect(pictures).toHaveLength(3 * 3 * 256);
    expect(pictures.every((v) => Math.abs(v) < 10)).toBe(true);
    expect(pictures).toEqual(await sample(1));
    expect(pictures).not.toEqual(await sample(2));
    expect(new Set(ran.map((name) => model.networks[name]))).toEqual(new Set([model.generator]));
  });

  it('runs back to the picture it came from', async () => {
    const model = flow({ ...tiny, ...way });
    const { forth, back } = await stirred(model);
    const random = new Random(5);
    const real = gradients.draw(random, 'textures', 16, 2);
    const within = Float32Array.from({ length: real.length }, () => random.uniform());
    const dims = [2, 3, 16, 16];
    const { noise, early } = await forth.run({ real: { dims, data: real }, within: { dims, data: within } });
    const { picture } = await back.run({ noise, ...(early ? { early } : {}) });
    picture.data.forEach((v, i) => {
      expect(Math.abs(Number(v) - (real[i] + within[i]) / 256)).toBeLessThan(2e-4);
    });
  });

  it('knows its own log-determinant', async () => {
    const size = 4;
    const dimensions = 3 * size * size;
    const { forth } = await stirred(flow({ ...tiny, ...way, size }));
    const random = new Random(7);
    const place = Uint8Array.from({ length: dimensions }, () => 60 + random.below(140));
    const within = normals(random, dimensions);
    const epsilon = 0.1;
    const count = 2 * dimensions;
    const moved = Float32Array.from({ length: count * dimensions }, (_, i) => {
      const [which, at] = [Math.floor(i / dimensions), i % dimensions];
      const step = which >> 1 === at ? (which % 2 === 0 ? epsilon : -epsilon) : 0;
      return within[at] + step;
    });
    const real = Uint8Array.from({ length: count * dimensions }, (_, i) => place[i % dimensions]);
    const dims = [count, 3, size, size];
    const { noise, early } = await forth.run({ real: { dims, data: real }, within: { dims, data: moved } });
    const parts = [noise, early].filter((z) => z !== undefined);
    const noiseOf = (n: number) =>
      parts.flatMap(({ data }) =>
        [...data].slice((n * data.length) / count, ((n + 1) * data.length) / count),
      );
    const jacobian = Array.from({ length: dimensions }, (_, at) => {
      const [above, below] = [noiseOf(2 * at), noiseOf(2 * at + 1)];
      return Float64Array.from(above, (v, i) => (Number(v) - Number(below[i])) / ((2 * epsilon) / 256));
    });
    const one = [1, 3, size, size];
    const { volume } = await forth.run({
      ...{ real: { dims: one, data: place }, within: { dims: one, data: within } },
    });
    expect(Math.abs(Number(volume.data[0]) - logDeterminant(jacobian))).toBeLessThan(0.02);
  });
});
