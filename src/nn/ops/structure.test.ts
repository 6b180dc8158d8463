import { describe, expect, it } from 'vitest';
import { linear, matmul } from './matmul.ts';
import { type OperatorCase, runMenu } from './menu.node.ts';
import { pixelShuffle, pixelUnshuffle } from './pixel-shuffle.ts';
import { averagePool, globalMean, globalStd, maxPool, type PoolOptions } from './pool.ts';
import { reduceMax, reduceMean, reduceSum } from './reduce.ts';
import { at, generate, nd } from './reference/array.ts';
import * as ref from './reference/elementwise.ts';
import * as refPool from './reference/pool.ts';
import { concat, pad2d, reshape, slice, transpose } from './shape.ts';

const cases: OperatorCase[] = [
  {
    name: 'matmul',
    shapes: [
      [3, 4],
      [4, 5],
    ],
    build: (g, [a, b]) => matmul(g, a, b),
    reference: ref.matmul,
  },
  {
    name: 'matmul, batched and broadcast',
    shapes: [
      [2, 3, 4],
      [4, 5],
    ],
    build: (g, [a, b]) => matmul(g, a, b),
    reference: ref.matmul,
  },
  {
    name: 'matmul, four dimensions',
    shapes: [
      [2, 1, 3, 4],
      [2, 3, 4, 2],
    ],
    build: (g, [a, b]) => matmul(g, a, b),
    reference: ref.matmul,
  },
  {
    name: 'linear',
    shapes: [[3, 4], [5, 4], [5]],
    build: (g, [x, w, b]) => linear(g, x, w, b),
    reference: (x, w, b) => ref.binary(ref.matmul(x, ref.transpose(w, [1, 0])), b, (p, q) => p + q),
  },
  {
    name: 'sum of all',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => reduceSum(g, x),
    reference: (x) => ref.reduce(x, [0, 1, 2], false, ref.sumOf),
  },
  {
    name: 'sum along two axes, kept',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => reduceSum(g, x, { axes: [0, -1], keepDims: true }),
    reference: (x) => ref.reduce(x, [0, 2], true, ref.sumOf),
  },
  {
    name: 'mean',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => reduceMean(g, x, { axes: [1] }),
    reference: (x) => ref.reduce(x, [1], false, ref.meanOf),
  },
  {
    name: 'maximum along an axis',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => reduceMax(g, x, { axes: [2] }),
    reference: (x) => ref.reduce(x, [2], false, (v) => Math.max(...v)),
  },
  {
    name: 'reshape',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => reshape(g, x, [4, -1]),
    reference: (x) => nd([4, 6], x.data),
  },
  {
    name: 'transpose',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => transpose(g, x, [2, 0, 1]),
    reference: (x) => ref.transpose(x, [2, 0, 1]),
  },
  {
    name: 'slice with steps',
    shapes: [[2, 7, 9]],
    build: (g, [x]) =>
      slice(g, x, [
        { axis: 1, start: 1, end: 7, step: 2 },
        { axis: 2, start: 2, end: 8, step: 3 },
      ]),
    reference: (x) => generate([2, 3, 2], ([b, i, j]) => at(x, b, 1 + 2 * i, 2 + 3 * j)),
  },
  {
    name: 'concat',
    shapes: [
      [2, 3, 2],
      [2, 1, 2],
      [2, 2, 2],
    ],
    build: (g, parts) => concat(g, parts, 1),
    reference: (a, b, c) =>
      generate([2, 6, 2], ([i, j, k]) =>
        j < 3 ? at(a, i, j, k) : j < 4 ? at(b, i, 0, k) : at(c, i, j - 4, k),
      ),
  },
  ...(['zero', 'reflect', 'edge'] as const).map(
    (mode): OperatorCase => ({
      name: `pad ${mode}`,
      shapes: [[2, 2, 4, 5]],
      build: (g, [x]) => pad2d(g, x, [1, 2, 3, 0], mode),
      reference: (x) => ref.pad2d(x, [1, 2, 3, 0], mode),
    }),
  ),
  {
    name: 'pixel shuffle',
    shapes: [[2, 8, 2, 3]],
    build: (g, [x]) => pixelShuffle(g, x, 2),
    reference: (x) => ref.pixelShuffle(x, 2),
  },
  {
    name: 'pixel unshuffle',
    shapes: [[2, 2, 6, 3]],
    build: (g, [x]) => pixelUnshuffle(g, x, 3),
    reference: (x) => ref.pixelUnshuffle(x, 3),
  },
  {
    name: 'global mean',
    shapes: [[2, 3, 4, 5]],
    build: (g, [x]) => globalMean(g, x),
    reference: (x) => ref.reduce(x, [2, 3], false, ref.meanOf),
  },
  {
    name: 'global standard deviation',
    shapes: [[2, 3, 4, 5]],
    build: (g, [x]) => globalStd(g, x, 1e-3),
    reference: (x) => refPool.globalStd(x, 1e-3),
  },
];

const windows: [number[], PoolOptions][] = [
  [[2, 3, 6, 8], { size: 2 }],
  [[2, 2, 7, 6], { size: 3, stride: 2, pad: 1 }],
  [[1, 2, 7, 8], { size: 2, stride: 2 }],
  [[1, 2, 5, 5], { size: 3, stride: 1, pad: 1 }],
  [[1, 2, 9, 10], { size: 4, stride: 3 }],
];

async function check(test: OperatorCase) {
  const result = await runMenu(test);
  expect(result.forwardError).toBeLessThan(1e-5);
  for (const error of result.gradientErrors) expect(error).toBeLessThan(2e-5);
}

describe('operators that move and gather numbers', () => {
  it.each(cases)('$name', check);
});

describe('pooling windows', () => {
  it.each(windows)('mean %j %j', (shape, options) =>
    check({
      name: 'mean',
      shapes: [shape],
      build: (g, [x]) => averagePool(g, x, options),
      reference: (x) => refPool.pool(x, options, 'mean'),
    }),
  );
  it.each(windows)('maximum %j %j', (shape, options) =>
    check({
      name: 'max',
      shapes: [shape],
      build: (g, [x]) => maxPool(g, x, options),
      reference: (x) => refPool.pool(x, options, 'max'),
    }),
  );
});
