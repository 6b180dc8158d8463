/**
 * The trivial rival: a classifier that never looks at a pixel, only at what kind of file it was given. Whatever it
 * reaches is a leak of the collection, not forensics, and a detector has to beat it.
 */
import type { Judged } from '../../recipes/synthesis/judged.ts';
import { balancedWeights, logisticRegression } from '../../recipes/synthesis/logistic.ts';

function facts(item: Judged): number[] {
  return [
    1,
    Math.log2(item.width) - 9,
    Math.log2(item.height) - 9,
    Math.log2((8 * item.bytes) / (item.width * item.height)),
    item.format === 'jpeg' ? 1 : 0,
    item.format === 'png' ? 1 : 0,
    item.quality / 100,
    item.subsampling === '4:2:0' ? 1 : 0,
    item.width === item.height ? 1 : 0,
  ];
}

/** A score for each item, higher for generated, from a model of its own step fitted on the sets its fold may learn from. */
export function formatScores(items: readonly Judged[], training: readonly ReadonlySet<string>[]): number[] {
  const scores = new Array<number>(items.length).fill(0);
  for (const step of new Set(items.map((item) => item.step))) {
    training.forEach((allowed, fold) => {
      const known = items.filter((item) => item.step === step && allowed.has(item.set));
      const weights = logisticRegression(
        known.map(facts),
        known.map((item) => item.label === 'fake'),
        balancedWeights(known),
        1e-3,
      );
      items.forEach((item, i) => {
        if (item.step !== step || item.fold !== fold) return;
        scores[i] = facts(item).reduce((sum, v, j) => sum + v * weights[j], 0);
      });
    });
  }
  return scores;
}
