import { describe, expect, it } from 'vitest';
import { convTranspose2d } from './conv-transpose.ts';
import { softmaxCrossEntropy } from './cross-entropy.ts';
import { dftMagnitude } from './dft.ts';
import { embedding } from './embedding.ts';
import { linear } from './matmul.ts';
import { type OperatorCase, runMenu } from './menu.node.ts';
import { groupNorm, layerNorm } from './normalise.ts';
import { at, generate, nd } from './reference/array.ts';
import { convTranspose } from './reference/conv.ts';
import * as ref from './reference/elementwise.ts';
import { normalise } from './reference/pool.ts';
import * as sequence from './reference/sequence.ts';
import { resize } from './resize.ts';
import { attention, softmax } from './softmax.ts';

const logOfSoftmax = (x: ReturnType<typeof nd>, b: number, k: number) =>
  Math.log(at(sequence.softmax(x), b, k));

const cases: OperatorCase[] = [
  ...(
    [
      [[2, 3, 4, 5], [3, 2, 4, 4], { stride: 2, pad: 1 }],
      [[2, 3, 4, 3], [3, 2, 2, 2], { stride: 2, pad: 0 }],
      [[1, 3, 4, 4], [3, 2, 3, 3], { stride: 2, pad: 1, outputPad: 1 }],
      [[2, 2, 4, 4], [2, 3, 3, 3], { stride: 1, pad: 1 }],
      [[1, 2, 3, 3], [2, 3, 5, 5], { stride: 3, pad: 1 }],
    ] as const
  ).map(
    ([x, w, options]): OperatorCase => ({
      name: `transposed convolution ${JSON.stringify(options)}`,
      shapes: [x, w, [w[1]]],
      build: (g, [a, b, c]) => convTranspose2d(g, a, b, c, { outputPad: 0, ...options }),
      reference: (a, b, c) => convTranspose(a, b, c, options),
    }),
  ),
  ...(['nearest', 'bilinear'] as const).flatMap((mode) =>
    [
      [8, 10],
      [6, 15],
      [3, 4],
      [2, 13],
    ].map(
      ([h, w]): OperatorCase => ({
        name: `resize ${mode} 4x5 to ${h}x${w}`,
        shapes: [[2, 2, 4, 5]],
        build: (g, [x]) => resize(g, x, h, w, mode),
        reference: (x) => sequence.resize(x, h, w, mode),
      }),
    ),
  ),
  ...[1, 2, 4].map(
    (groups): OperatorCase => ({
      name: `normalisation in ${groups} groups`,
      shapes: [[3, 4, 3, 2], [4], [4]],
      build: (g, [x, gain, shift]) => groupNorm(g, x, groups, gain, shift, 1e-3),
      reference: (x, gain, shift) =>
        normalise(
          x,
          gain,
          shift,
          1e-3,
          ([b, c]) => b * groups + Math.floor(c / (4 / groups)),
          ([, c]) => c,
        ),
    }),
  ),
  ...[
    [3, 5],
    [2, 3, 5],
  ].map(
    (shape): OperatorCase => ({
      name: `layer normalisation of ${shape}`,
      shapes: [shape, [5], [5]],
      build: (g, [x, gain, shift]) => layerNorm(g, x, gain, shift, 1e-3),
      reference: (x, gain, shift) =>
        normalise(
          x,
          gain,
          shift,
          1e-3,
          (i) => (i.length === 2 ? i[0] : i[0] * 3 + i[1]),
          (i) => i[i.length - 1],
        ),
    }),
  ),
  {
    name: 'softmax',
    shapes: [[2, 3, 4]],
    build: (g, [x]) => softmax(g, x),
    reference: sequence.softmax,
  },
  {
    name: 'attention of two heads',
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
      [2, 5, 4],
    ],
    build: (g, [q, k, v]) => attention(g, q, k, v, 2),
    reference: (q, k, v) => sequence.attention(q, k, v, 2),
  },
  {
    name: 'linear on a sequence',
    shapes: [[2, 3, 4], [5, 4], [5]],
    build: (g, [x, w, b]) => linear(g, x, w, b),
    reference: (x, w, b) => ref.binary(ref.matmul(x, ref.transpose(w, [1, 0])), b, (p, q) => p + q),
  },
  {
    name: 'embedding with a row used twice',
    shapes: [[5, 3]],
    build: (g, [table]) => embedding(g, g.constant(BigInt64Array.of(4n, 0n, 4n, 2n), [2, 2]), table),
    reference: (table) => generate([2, 2, 3], ([i, j, k]) => at(table, [4, 0, 4, 2][i * 2 + j], k)),
  },
  {
    name: 'softmax cross-entropy of class numbers',
    shapes: [[4, 3]],
    build: (g, [x]) => softmaxCrossEntropy(g, x, g.constant(BigInt64Array.of(0n, 2n, 1n, 2n), [4])),
    reference: (x) => nd([], [-[0, 2, 1, 2].reduce((s, k, b) => s + logOfSoftmax(x, b, k), 0) / 4]),
  },
  {
    name: 'softmax cross-entropy of shares, weighed',
    shapes: [[2, 3]],
    build: (g, [x]) =>
      softmaxCrossEntropy(g, x, g.constant([0.2, 0.5, 0.3, 0, 0.6, 0.1], [2, 3]), g.constant([3, 1], [2])),
    reference: (x) => {
      const shares = [
        [0.2, 0.5, 0.3],
        [0, 0.6, 0.1],
      ];
      const loss = shares.map((row, b) => -row.reduce((s, t, k) => s + t * logOfSoftmax(x, b, k), 0));
      return nd([], [(3 * loss[0] + loss[1]) / 4]);
    },
  },
  {
    name: 'Fourier magnitude',
    shapes: [[2, 1, 4, 6]],
    build: (g, [x]) => dftMagnitude(g, x, { epsilon: 1e-3 }),
    reference: (x) => sequence.dftMagnitude(x, 6, 1e-3),
  },
  {
    name: 'Fourier magnitude, half',
    shapes: [[1, 2, 5, 6]],
    build: (g, [x]) => dftMagnitude(g, x, { epsilon: 1e-3, half: true }),
    reference: (x) => sequence.dftMagnitude(x, 4, 1e-3),
  },
];

describe('layers and losses', () => {
  it.each(cases)('$name', async (test) => {
    const result = await runMenu(test);
    expect(result.forwardError).toBeLessThan(1e-5);
    for (const error of result.gradientErrors) expect(error).toBeLessThan(1e-4);
  });
});
