import { describe, expect, it } from 'vitest';
import type { Random } from '../../core/random.ts';
import type { Graph, Value } from '../graph.ts';
import * as act from './activation.ts';
import * as arithmetic from './arithmetic.ts';
import { type OperatorCase, runMenu } from './menu.node.ts';
import { map } from './reference/array.ts';
import { binary } from './reference/elementwise.ts';

/** Away from zero, where corners and poles lie. */
const apart = (r: Random) => (r.chance(0.5) ? 1 : -1) * r.uniform(0.1, 2);
const positive = (r: Random) => r.uniform(0.3, 3);

type Unary = [string, (g: Graph, x: Value) => Value, (v: number) => number, ((r: Random) => number)?];
const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
/** Error function by its Taylor series, enough for |v| < 3. */
const erf = (v: number) => {
  let sum = 0;
  let term = v;
  for (let n = 0; n < 60; n++) {
    sum += term / (2 * n + 1);
    term *= (-v * v) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
};

const unary: Unary[] = [
  ['relu', act.relu, (v) => Math.max(v, 0), apart],
  ['leakyRelu', (g, x) => act.leakyRelu(g, x, 0.2), (v) => (v > 0 ? v : 0.2 * v), apart],
  ['elu', (g, x) => act.elu(g, x, 0.7), (v) => (v > 0 ? v : 0.7 * (Math.exp(v) - 1)), apart],
  ['sigmoid', act.sigmoid, sigmoid],
  ['silu', act.silu, (v) => v * sigmoid(v)],
  ['gelu', act.gelu, (v) => v * 0.5 * (1 + erf(v / Math.SQRT2)), apart],
  ['tanh', act.tanh, Math.tanh],
  ['softplus', act.softplus, (v) => Math.log1p(Math.exp(v))],
  ['exp', act.exp, Math.exp],
  ['log', act.log, Math.log, positive],
  ['sqrt', act.sqrt, Math.sqrt, positive],
  ['square', act.square, (v) => v * v],
  ['abs', act.abs, Math.abs, apart],
  ['neg', act.neg, (v) => -v],
  [
    'clip',
    (g, x) => act.clip(g, x, -0.9, 1.1),
    (v) => Math.min(1.1, Math.max(-0.9, v)),
    (r) => r.pick([-2, -0.5, 0.3, 1.7]),
  ],
];

const binaries: [string, (g: Graph, a: Value, b: Value) => Value, (a: number, b: number) => number][] = [
  ['add', arithmetic.add, (a, b) => a + b],
  ['sub', arithmetic.sub, (a, b) => a - b],
  ['mul', arithmetic.mul, (a, b) => a * b],
  ['div', arithmetic.div, (a, b) => a / b],
  ['maximum', arithmetic.maximum, Math.max],
  ['minimum', arithmetic.minimum, Math.min],
];
const shapes: [number[], number[]][] = [
  [
    [3, 4],
    [3, 4],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [[4], [2, 3, 4]],
  [
    [2, 1, 4],
    [2, 3, 1],
  ],
  [[2, 3], []],
];

async function check(test: OperatorCase) {
  const result = await runMenu(test);
  expect(result.forwardError).toBeLessThan(1e-5);
  for (const error of result.gradientErrors) expect(error).toBeLessThan(3e-5);
}

describe('functions of one tensor', () => {
  it.each(unary)('%s', async (name, build, f, sample) => {
    await check({
      name,
      shapes: [[2, 3, 4]],
      build: (g, [x]) => build(g, x),
      reference: (a) => map(a, f),
      sample,
    });
  });
});

describe('functions of two tensors, broadcast', () => {
  it.each(binaries.flatMap(([name, build, f]) => shapes.map(([a, b]) => ({ name, build, f, a, b }))))(
    '$name $a $b',
    async ({ name, build, f, a, b }) => {
      await check({
        name,
        shapes: [a, b],
        build: (g, [x, y]) => build(g, x, y),
        reference: (x, y) => binary(x, y, f),
        sample: apart,
      });
    },
  );
  it('refuses shapes that do not broadcast', () => {
    expect(() => arithmetic.broadcastShape([2, 3], [4])).toThrow(TypeError);
  });
});
