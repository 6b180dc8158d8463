import { describe, expect, it } from 'vitest';
import { Graph } from '../graph.ts';
import { sigmoidCrossEntropy } from './cross-entropy.ts';
import { runGraph, runMenu } from './menu.node.ts';
import { nd } from './reference/array.ts';

const plain = (x: number, t: number) => {
  const p = 1 / (1 + Math.exp(-x));
  return -t * Math.log(p) - (1 - t) * Math.log(1 - p);
};

describe('sigmoid cross-entropy', () => {
  it('matches its definition', async () => {
    const result = await runMenu({
      name: 'mean',
      shapes: [[4, 2]],
      build: (g, [x]) => sigmoidCrossEntropy(g, x, g.constant([0, 1, 0.3, 1, 0, 1, 1, 0], [4, 2])),
      reference: (x) => {
        const t = [0, 1, 0.3, 1, 0, 1, 1, 0];
        return nd([], [x.data.reduce((s, v, i) => s + plain(v, t[i]), 0) / 8]);
      },
    });
    expect(result.forwardError).toBeLessThan(1e-6);
    expect(result.gradientErrors[0]).toBeLessThan(1e-6);
  });
  it('weighs samples', async () => {
    const w = [1, 0, 2, 0.5];
    const t = [0, 1, 0.3, 1];
    const result = await runMenu({
      name: 'weighed',
      shapes: [[4, 1]],
      build: (g, [x]) => sigmoidCrossEntropy(g, x, g.constant(t, [4]), g.constant(w, [4])),
      reference: (x) => nd([], [x.data.reduce((s, v, i) => s + w[i] * plain(v, t[i]), 0) / 3.5]),
    });
    expect(result.forwardError).toBeLessThan(1e-6);
    expect(result.gradientErrors[0]).toBeLessThan(1e-6);
  });
  it('stays finite for huge logits and is right at zero', async () => {
    const g = new Graph(true);
    const x = g.input('x', [4], 'float32', true);
    const loss = sigmoidCrossEntropy(g, x, g.constant([0, 1, 1, 1], [4]));
    const [gradient] = g.backward(loss, [x]);
    const data = Float32Array.of(200, -200, 0, 1000);
    const out = await runGraph(g, [x], [loss, gradient!], { x: { dims: [4], data } });
    expect(out.out0.data[0]).toBeCloseTo((200 + 200 + Math.log(2)) / 4, 3);
    expect([...(out.out1.data as Float32Array)]).toEqual([0.25, -0.25, -0.125, 0]);
  });
});
