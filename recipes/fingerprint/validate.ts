/**
 * Decides by generators left out which way answers for which kind of parameter, and how wide intervals must be:
 * `npm run recipe:fingerprint -- validate` writes `recipes/fingerprint/validated.json`, which `fit.ts` ships.
 */
import { writeFileSync } from 'node:fs';
import { CONTINUOUS } from '../../src/core/construction.ts';
import type { Kind, ParserData, Way } from '../../src/trace/parsing/parser.ts';
import { type Estimate, estimateFolds } from './folds.ts';
import { fullGenerators } from './generators.ts';
import { type ParsingScores, scoreParsing } from './parsing-metrics.ts';

export const VALIDATED = 'recipes/fingerprint/validated.json';
/** An interval is to hold the true value this often. */
const COVERAGE = 0.9;
/** Spreads by which an interval may grow, per unit of spread among the references blended. */
const SLOPES = [0, 0.5, 1, 1.5];

export type Validated = Pick<ParserData, 'ways' | 'interval'>;

const WAYS: readonly Way[] = ['retrieval', 'regression'];
/** What says which way is better; the larger the better. */
const MERIT: Readonly<Record<Kind, (scores: ParsingScores) => number>> = {
  continuous: (scores) => -scores.l1,
  discrete: (scores) => scores.discreteF1,
  losses: (scores) => scores.lossF1,
};

export function bestWays(estimates: readonly Estimate[]): Record<Kind, Way> {
  const scores = Object.fromEntries(
    WAYS.map((way) => [
      way,
      scoreParsing(estimates.map((e) => ({ truth: e.generator.vector, estimate: e.by[way] }))),
    ]),
  ) as Record<Way, ParsingScores>;
  const best = (kind: Kind) =>
    WAYS.reduce((a, b) => (MERIT[kind](scores[b]) > MERIT[kind](scores[a]) ? b : a));
  return { continuous: best('continuous'), discrete: best('discrete'), losses: best('losses') };
}

/** The narrowest intervals, on average, that hold the true values as often as wanted. */
export function fitInterval(estimates: readonly Estimate[], way: Way): ParserData['interval'] {
  const points = estimates.flatMap(({ generator, by, spread }) =>
    CONTINUOUS.map((_, i) => ({
      error: Math.abs(Math.max(0, Math.min(1, by[way][i])) - generator.vector[i]),
      spread: spread[i],
    })),
  );
  const meanSpread = points.reduce((sum, p) => sum + p.spread, 0) / points.length;
  const candidates = SLOPES.map((slope) => {
    const rest = points.map((p) => p.error - slope * p.spread).sort((a, b) => a - b);
    const base = Math.max(0, rest[Math.ceil(COVERAGE * rest.length) - 1]);
    return { base, slope, width: base + slope * meanSpread };
  });
  const { base, slope } = candidates.reduce((a, b) => (b.width < a.width ? b : a));
  return { base: Number(base.toFixed(4)), slope };
}

if (process.argv[1]?.endsWith('fingerprint/validate.ts')) {
  const { full, ranges } = fullGenerators();
  const { estimates } = await estimateFolds('configurations', full, ranges);
  const ways = bestWays(estimates);
  const validated: Validated = { ways, interval: fitInterval(estimates, ways.continuous) };
  writeFileSync(VALIDATED, `${JSON.stringify(validated, null, 2)}\n`);
  console.error(JSON.stringify(validated));
}
