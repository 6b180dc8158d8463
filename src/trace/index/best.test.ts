import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Best } from './best.ts';

test('the best are those that sorting finds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 })),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: -1000, max: 1000 }),
      (scores, limit, floor) => {
        const best = new Best(limit, floor);
        for (const [key, score] of scores.entries()) best.offer(score, key);
        const sorted = scores.filter((s) => s > floor).sort((a, b) => b - a);
        expect(best.keys().map((key) => scores[key])).toEqual(sorted.slice(0, limit));
      },
    ),
  );
});
