import { expect, it } from 'vitest';
import { type OperatorCase, runMenu } from './menu.node.ts';
import { at, generate } from './reference/array.ts';
import { takeAlong } from './take-along.ts';

const PLACES = [
  [4, 0, 4],
  [1, 2, 2],
];

const cases: OperatorCase[] = [
  {
    name: 'numbers of each row by their places, some twice and some never',
    shapes: [[2, 5]],
    build: (g, [x]) => takeAlong(g, x, g.constant(BigInt64Array.from(PLACES.flat(), BigInt), [2, 3])),
    reference: (x) => generate([2, 3], ([row, i]) => at(x, row, PLACES[row][i])),
  },
];

for (const one of cases) {
  it(`${one.name}: forward and gradient agree with the reference`, async () => {
    const { forwardError, gradientErrors } = await runMenu(one);
    expect(forwardError).toBeLessThan(one.tolerance ?? 2e-4);
    for (const error of gradientErrors) expect(error).toBeLessThan(one.tolerance ?? 2e-4);
  });
}
