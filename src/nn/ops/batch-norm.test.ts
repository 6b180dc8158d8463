import { describe, expect, it } from 'vitest';
import { batchNormTraining } from './batch-norm.ts';
import { runMenu } from './menu.node.ts';
import { normalise } from './reference/pool.ts';

describe('batch normalisation while training', () => {
  it.each([[[4, 3, 5, 6]], [[6, 4]], [[2, 1, 3, 3]]])('%j', async (shape) => {
    const c = shape[1];
    const result = await runMenu({
      name: 'batchNorm',
      shapes: [shape, [c], [c]],
      build: (g, [x, gamma, beta]) => batchNormTraining(g, x, gamma, beta, 1e-3).output,
      reference: (x, gamma, beta) =>
        normalise(
          x,
          gamma,
          beta,
          1e-3,
          (i) => i[1],
          (i) => i[1],
        ),
    });
    expect(result.forwardError).toBeLessThan(1e-5);
    for (const error of result.gradientErrors) expect(error).toBeLessThan(1e-4);
  });
});
