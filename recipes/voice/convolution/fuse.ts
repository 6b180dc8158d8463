/**
 * Discriminant and convolutional network together: a logistic regression on their scores for pages that neither had
 * heard, fitted for each page on all the others, so that how much the network counts is chosen without the page it is
 * measured on.
 */
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { balancedWeights, logisticRegression } from '../../synthesis/logistic.ts';
import { CONDITIONS, isNarrowRoad } from '../channel.ts';
import type { Judged } from '../validate.ts';
import { convolutionScores, type TrialName } from './judge.ts';

/** A file on a road with the scores the detector would go by. */
export interface Fused {
  readonly set: SpeechSet;
  readonly file: string;
  readonly road: string;
  readonly fake: boolean;
  readonly network: number;
  readonly both: number;
}

/** `judged`: the discriminant, page left out. Files of the pages that the network was tried on. */
export function fusedScores(
  trial: TrialName,
  sets: readonly SpeechSet[],
  judged: readonly Judged[],
  scoreOn: (one: Judged) => number,
): Fused[] {
  const found = convolutionScores(trial, sets);
  const byView = new Map(found.map((one) => [`${one.set}/${one.file}/${one.road}`, one]));
  const rows = judged
    .filter(({ road }) => CONDITIONS.some((one) => one === road))
    .flatMap((one) => {
      const seen = byView.get(`${one.set.name}/${one.file}/${one.road}`);
      if (!seen) return [];
      const network = isNarrowRoad(one.road) ? seen.narrow : (seen.wide + seen.narrow) / 2;
      return [{ one, network, discriminant: scoreOn(one) }];
    });
  const pages = [...new Set(rows.map(({ one }) => one.set.page))];
  return pages.flatMap((page) => {
    const others = rows.filter(({ one }) => one.set.page !== page);
    const [a, b, offset] = logisticRegression(
      others.map(({ discriminant, network }) => [discriminant, network, 1]),
      others.map(({ one }) => one.fake),
      balancedWeights(others.map(({ one }) => ({ set: one.set.name, label: one.set.label }))),
    );
    return rows
      .filter(({ one }) => one.set.page === page)
      .map(({ one, network, discriminant }) => ({
        ...{ set: one.set, file: one.file, road: one.road, fake: one.fake, network },
        both: a * discriminant + b * network + offset,
      }));
  });
}
