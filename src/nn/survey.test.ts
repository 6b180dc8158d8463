import { expect, it } from 'vitest';
import { network, survey } from './index.ts';

const net = network({
  ...{ name: 'surveyed', seed: 1, inputs: { x: [3, 8, 8] } },
  build(b, { x }) {
    const h = b.scope('down', () => b.relu(b.batchNorm(b.conv(x, 4, { stride: 2, bias: false }))));
    return {
      picture: b.scope('up', () => b.tanh(b.convTranspose(h, 3))),
      score: b.scope('judge', () => b.linear(b.globalMean(h), 1)),
    };
  },
});

it('names every operator by the scopes it stands in, with strides, unfolded', () => {
  const { operators } = survey(net);
  const paths = operators.map(({ path }) => path);
  expect(paths).toContain('down/conv1/Conv');
  expect(paths).toContain('down/batchNorm1/BatchNormalization');
  expect(paths.some((path) => /:\d/.test(path))).toBe(false);
  const strides = Object.fromEntries(operators.filter((o) => o.strides).map((o) => [o.path, o.strides]));
  expect(strides['down/conv1/Conv']).toEqual([2, 2]);
  expect(strides['up/convTranspose1/ConvTranspose']).toEqual([2, 2]);
  expect(operators.findIndex((o) => o.op === 'Conv')).toBeLessThan(
    operators.findIndex((o) => o.op === 'Tanh'),
  );
});

it('leaves out what the asked outputs do not depend on', () => {
  const ops = (outputs?: string[]) => survey(net, outputs).operators.map(({ path }) => path.split('/')[0]);
  expect(new Set(ops())).toEqual(new Set(['down', 'up', 'judge']));
  expect(new Set(ops(['picture']))).toEqual(new Set(['down', 'up']));
  expect(new Set(ops(['score']))).toEqual(new Set(['down', 'judge']));
});

it('lists the parameters with their shapes', () => {
  expect(survey(net).parameters).toEqual([
    { name: 'down/conv1/weight', shape: [4, 3, 3, 3] },
    { name: 'down/batchNorm1/scale', shape: [4] },
    { name: 'down/batchNorm1/shift', shape: [4] },
    { name: 'up/convTranspose1/weight', shape: [4, 3, 4, 4] },
    { name: 'up/convTranspose1/bias', shape: [3] },
    { name: 'judge/linear1/weight', shape: [1, 4] },
    { name: 'judge/linear1/bias', shape: [1] },
  ]);
});
