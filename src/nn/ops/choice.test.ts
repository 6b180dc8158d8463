import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { compileTraining, exportInference, network, sgd } from '../index.ts';
import { nodeRuntime } from '../runtime.node.ts';
import { Trainer } from '../trainer.node.ts';

/** x [B, 2, 4]: which of four is largest in each row, and what a table says about it. */
const net = network({
  ...{ name: 'choice', seed: 2, inputs: { x: [2, 4] } },
  build(b, { x }) {
    const table = b.parameter('table', [4, 3], { normal: 1 }, false);
    const place = b.argMax(b.mul(x, b.parameter('gain', [1], 'ones')));
    return { place, row: b.rows(table, place) };
  },
});
const random = new Random(9);
const data = Float32Array.from({ length: 3 * 2 * 4 }, () => random.normal());
data.set([7, 1, 7, 2], 8);
const largest = Array.from({ length: 6 }, (_, i) => {
  const row = [...data.subarray(i * 4, i * 4 + 4)];
  return row.indexOf(Math.max(...row));
});

describe('the place of the largest, and rows by their numbers', () => {
  it('agree with the obvious; the first of equals counts', async () => {
    const trainer = await Trainer.create(
      compileTraining(net, {
        ...{ batch: 3, targets: {}, optimiser: sgd({ rate: 1 }) },
        loss: (b, { row }) => b.sum(b.square(row)),
      }),
      { threads: 1, progress: null },
    );
    const before = trainer.weights();
    const session = await (await nodeRuntime()).load(exportInference(net, before, { half: false }));
    const { place, row } = await session.run({ x: { dims: [3, 2, 4], data } });
    await session.release();
    expect(place.dims).toEqual([3, 2]);
    expect([...place.data].map(Number)).toEqual(largest);
    expect(largest[2]).toBe(0);
    expect(row.dims).toEqual([3, 2, 3]);
    const table = before.table.data;
    expect([...row.data]).toEqual(largest.flatMap((k) => [...table.subarray(k * 3, k * 3 + 3)]));

    // Gradients reach the rows that were taken, as often as they were, and not what chose them.
    await trainer.train({ x: data });
    const after = trainer.weights();
    expect(after.gain.data).toEqual(before.gain.data);
    table.forEach((v, i) => {
      const takers = largest.filter((k) => k === Math.floor(i / 3)).length;
      expect(after.table.data[i]).toBeCloseTo(v - 2 * v * takers, 5);
    });
    await trainer.release();
  });
});
