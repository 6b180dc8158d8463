import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HuoyanError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { exportTrainingBundle, readBundleResult } from './bundle.node.ts';
import { adamW, compileTraining, cosine, exportInference, initialWeights, network, sgd } from './index.ts';
import { nodeRuntime } from './runtime.node.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { type Batch, Trainer } from './trainer.node.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-nn-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const quiet = { threads: 1, progress: null } as const;
const BATCH_SIZE = 16;

const net = network({
  name: 'stripes',
  inputs: { x: { shape: [3, 16, 16], type: 'uint8' } },
  seed: 5,
  build(b, { x }) {
    let h = b.pixelUnshuffle(b.mul(b.toFloat(x), 1 / 255), 2);
    h = b.relu(b.batchNorm(b.conv(h, 8, { bias: false, name: 'first' })));
    h = b.silu(b.batchNorm(b.depthwise(h, { bias: false })));
    h = b.relu(b.batchNorm(b.conv(h, 12, { stride: 2 })));
    return { logit: b.linear(b.dropout(b.concat([b.globalMean(h), b.globalStd(h)]), 0.1), 1) };
  },
});

const program = compileTraining(net, {
  batch: BATCH_SIZE,
  targets: { y: [1], w: [] },
  loss: (b, { logit }, { y, w }) => b.sigmoidCrossEntropy(logit, y, w),
  optimiser: adamW({ rate: 1e-2, schedule: cosine(60, { warmupSteps: 4 }) }),
  clipNorm: 1,
  averageDecay: 0.9,
});

/** Noise with or without a stripe pattern. */
function batchOf(seed: number): Batch & { x: Uint8Array; y: Float32Array; w: Float32Array } {
  const random = new Random(seed);
  const [x, y] = [new Uint8Array(BATCH_SIZE * 768), new Float32Array(BATCH_SIZE)];
  for (let i = 0; i < BATCH_SIZE; i++) {
    y[i] = random.below(2);
    for (let j = 0; j < 768; j++)
      x[i * 768 + j] = 128 + random.normal() * 20 + (y[i] ? (j % 2) * 40 - 20 : 0);
  }
  return { x, y, w: new Float32Array(BATCH_SIZE).fill(1) };
}

async function trained(steps: number, from = 0, trainer?: Trainer): Promise<Trainer> {
  const t = trainer ?? (await Trainer.create(program, quiet));
  for (let i = from; i < steps; i++) await t.train(batchOf(i));
  return t;
}

describe('training', () => {
  it('learns, and the exported network agrees with what was learnt', async () => {
    const trainer = await Trainer.create(program, quiet);
    const losses: number[] = [];
    for (let i = 0; i < 60; i++) losses.push((await trainer.train(batchOf(i))).loss);
    expect(losses[0]).toBeGreaterThan(0.4);
    expect(losses[59]).toBeLessThan(0.1);
    const onnx = exportInference(net, trainer.averagedWeights());
    const session = await (await nodeRuntime()).load(onnx);
    for (const n of [1, 5]) {
      const { x, y } = batchOf(1000 + n);
      const { logit } = await session.run({ x: { dims: [n, 3, 16, 16], data: x.subarray(0, n * 768) } });
      expect(logit.dims).toEqual([n, 1]);
      for (let i = 0; i < n; i++) expect(Number(logit.data[i]) > 0).toBe(y[i] === 1);
    }
    await trainer.release();
  });

  it('is the same again from the same seed, and after a resume, bit for bit', async () => {
    const straight = await trained(6);
    const first = await trained(3);
    const file = join(folder, 'checkpoint.safetensors');
    await first.checkpoint(file);
    const resumed = await Trainer.resume(program, file, quiet);
    expect(resumed.step).toBe(3);
    await trained(6, 3, resumed);
    expect(resumed.state()).toEqual(straight.state());
    expect((await readdir(folder)).filter((f) => f.includes('partial'))).toEqual([]);
  });

  it('refuses a checkpoint of another network', async () => {
    const file = join(folder, 'other.safetensors');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(file, encodeTensors({ weights: { dims: [2], data: new Float32Array(2) } }));
    await expect(Trainer.resume(program, file, quiet)).rejects.toMatchObject({ code: 'bad-argument' });
    await writeFile(file, new Uint8Array([1, 2, 3]));
    await expect(Trainer.resume(program, file, quiet)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('stops at a number that is not finite, names the step and the tensor, and keeps the state before', async () => {
    const trainer = await trained(2);
    const before = trainer.state();
    const bad = batchOf(2);
    bad.w[3] = Number.NaN;
    const thrown = await trainer.train(bad).catch((e: HuoyanError) => e);
    expect(thrown).toMatchObject({ code: 'training-diverged' });
    expect((thrown as HuoyanError).text.en).toMatch(/step 2: w /);
    expect(trainer.state()).toEqual(before);

    // A weight so large that the convolution overflows: nothing outside is wrong, the first tensor inside is named.
    const start = initialWeights(net);
    start['first/weight'].data.fill(3e38);
    const broken = await Trainer.create(program, { ...quiet, weights: start });
    const error = await broken.train(batchOf(0)).catch((e: HuoyanError) => e);
    expect((error as HuoyanError).text.en).toMatch(/step 0: first\/Conv/);
  });

  it('refuses a batch that does not fit', async () => {
    const trainer = await trained(0);
    const { x, y } = batchOf(0);
    await expect(trainer.train({ x, y })).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(trainer.train({ x: x.subarray(1), y, w: y })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('writes a progress line with loss, speed and time left', async () => {
    const lines: string[] = [];
    const progress = { write: (text: string) => lines.push(text) };
    const trainer = await Trainer.create(program, { threads: 1, totalSteps: 2, progress });
    await trained(2, 0, trainer);
    expect(lines.at(-1)).toMatch(/stripes {2}step 2\/2 {2}loss \d\.\d+ {2}\d+ images\/s {2}ETA 0:00:00/);
  });
});

describe('a bundle', () => {
  it('gives the same weights through plain ONNX Runtime', async () => {
    const here = join(folder, 'bundle');
    const batches = [0, 1, 2, 3].map(batchOf);
    expect(await exportTrainingBundle(here, program, batches)).toBe(4);
    const manifest = JSON.parse(
      await readFile(join(here, 'manifest.json'), 'utf8'),
    ) as typeof program.manifest;
    const session = await ort.InferenceSession.create(join(here, 'train.onnx'), { intraOpNumThreads: 1 });
    const asOrt = (tensors: ReturnType<typeof decodeTensors>['tensors']) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, { dims, data }]) => {
          const type =
            data instanceof Float32Array ? 'float32' : data instanceof BigInt64Array ? 'int64' : 'uint8';
          return [name, new ort.Tensor(type, data, dims)];
        }),
      );
    let state = asOrt(decodeTensors(await readFile(join(here, 'state.safetensors'))).tensors);
    for (const file of (await readdir(join(here, 'batches'))).sort()) {
      const batch = asOrt(decodeTensors(await readFile(join(here, 'batches', file))).tensors);
      const out = await session.run({ ...batch, ...state });
      state = Object.fromEntries(manifest.state.map((t) => [t.input, out[t.output] as ort.Tensor]));
    }
    const result = join(here, 'result.safetensors');
    const { writeFile } = await import('node:fs/promises');
    const tensors = Object.entries(state).map(([name, t]) => [
      name,
      { dims: t.dims, data: t.data as Float32Array },
    ]);
    await writeFile(result, encodeTensors(Object.fromEntries(tensors)));
    const trainer = await trained(4);
    const back = await readBundleResult(program, result);
    expect(back.weights).toEqual(trainer.weights());
    expect(back.averaged).toEqual(trainer.averagedWeights());
  });
});

describe('optimisers', () => {
  const line = network({
    name: 'line',
    inputs: { x: [2] },
    seed: 2,
    build: (b, { x }) => ({ y: b.linear(x, 1, { name: 'only' }) }),
  });
  const options = {
    batch: 4,
    targets: { t: [1] },
    loss: (b: Parameters<Parameters<typeof compileTraining>[1]['loss']>[0], o: never, t: never) => {
      const { y } = o as { y: Parameters<typeof b.sub>[0] };
      return b.mean(b.square(b.sub(y, (t as { t: Parameters<typeof b.sub>[0] }).t)));
    },
  };
  const data = {
    x: Float32Array.of(1, 2, -1, 0.5, 0.3, -2, 2, 1),
    t: Float32Array.of(3, -1, 0.5, 2),
  };
  /** Loss gradient at (w0, w1, b) by hand. */
  const gradient = ([a, b, c]: number[]) => {
    const g = [0, 0, 0];
    for (let i = 0; i < 4; i++) {
      const [p, q] = [data.x[2 * i], data.x[2 * i + 1]];
      const e = (2 * (a * p + b * q + c - data.t[i])) / 4;
      g[0] += e * p;
      g[1] += e * q;
      g[2] += e;
    }
    return g;
  };

  it('SGD with momentum, Nesterov, decay and clipping follows its definition', async () => {
    const optimiser = sgd({ rate: 0.05, momentum: 0.8, nesterov: true, weightDecay: 0.1 });
    const trainer = await Trainer.create(
      compileTraining(line, { ...options, optimiser, clipNorm: 2 }),
      quiet,
    );
    const start = trainer.weights();
    let w = [...start['only/weight'].data, ...start['only/bias'].data];
    let v = [0, 0, 0];
    for (let step = 0; step < 5; step++) {
      let g = gradient(w);
      const norm = Math.hypot(...g);
      g = g.map((x) => x * Math.min(1, 2 / norm));
      const d = g.map((x, i) => x + (i < 2 ? 0.1 * w[i] : 0));
      v = v.map((x, i) => 0.8 * x + d[i]);
      w = w.map((x, i) => x - 0.05 * (d[i] + 0.8 * v[i]));
      const { metrics } = await trainer.train(data);
      expect(metrics.gradientNorm).toBeCloseTo(norm, 4);
    }
    const end = trainer.weights();
    [...end['only/weight'].data, ...end['only/bias'].data].forEach((x, i) => {
      expect(x).toBeCloseTo(w[i], 5);
    });
  });

  it('AdamW with warm-up, cosine and averaging follows its definition; a frozen parameter stays', async () => {
    const optimiser = adamW({
      rate: 0.1,
      weightDecay: 0.05,
      schedule: cosine(8, { warmupSteps: 2, floor: 0.1 }),
    });
    const compiled = compileTraining(line, {
      ...options,
      optimiser,
      averageDecay: 0.5,
      freeze: (name) => name === 'only/bias',
    });
    const trainer = await Trainer.create(compiled, quiet);
    let w = [...trainer.weights()['only/weight'].data, 0];
    const [m, v] = [
      [0, 0],
      [0, 0],
    ];
    let average = w.slice();
    for (let step = 0; step < 8; step++) {
      const g = gradient(w);
      const progress = Math.max(0, (step - 2) / 6);
      const shape = 0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * progress));
      const rate = 0.1 * shape * Math.min(1, (step + 1) / 2);
      w = w.map((x, i) => {
        if (i === 2) return x;
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2;
        const mh = m[i] / (1 - 0.9 ** (step + 1));
        const vh = v[i] / (1 - 0.999 ** (step + 1));
        return x - rate * (mh / (Math.sqrt(vh) + 1e-8) + 0.05 * x);
      });
      const decay = Math.min(0.5, (step + 1) / (step + 10));
      average = average.map((x, i) => x + (1 - decay) * (w[i] - x));
      const { metrics } = await trainer.train(data);
      expect(metrics.learningRate).toBeCloseTo(rate, 6);
    }
    [...trainer.weights()['only/weight'].data].forEach((x, i) => {
      expect(x).toBeCloseTo(w[i], 4);
    });
    [...trainer.averagedWeights()['only/weight'].data].forEach((x, i) => {
      expect(x).toBeCloseTo(average[i], 4);
    });
    expect(trainer.weights()['only/bias'].data[0]).toBe(0);
  });
});
