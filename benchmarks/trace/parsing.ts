/**
 * `npm run bench:trace -- parsing`: the construction of generators that neither network nor parser has seen, from one
 * picture and from several, beside what knows nothing: a random training generator, the mean, the median, the majority.
 */
import { type Estimate, type Estimator, estimateFolds, POOLED } from '../../recipes/fingerprint/folds.ts';
import { fullGenerators, type Generator } from '../../recipes/fingerprint/generators.ts';
import { type Judged, type ParsingScores, scoreParsing } from '../../recipes/fingerprint/parsing-metrics.ts';
import { bestWays, fitInterval } from '../../recipes/fingerprint/validate.ts';
import { CONTINUOUS } from '../../src/core/construction.ts';
import { Random } from '../../src/core/random.ts';
import { VECTOR } from '../../src/trace/parsing/vector.ts';
import { head, mean, percent, row } from './table.ts';

const { full, ranges } = fullGenerators();
const SHOWN: readonly [Estimator, string][] = [
  ['heads', 'the fingerprint network'],
  ['regression', 'regression'],
  ['retrieval', 'retrieval'],
];

/** Middle value of every number; of classes and bits, that is the majority. */
function median(trained: readonly Generator[]): Float32Array {
  const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
  return Float32Array.from({ length: VECTOR }, (_, k) => middle(trained.map(({ vector }) => vector[k])));
}
function average(trained: readonly Generator[]): Float32Array {
  return Float32Array.from({ length: VECTOR }, (_, k) => mean(trained.map(({ vector }) => vector[k])));
}
/** The training generator whose continuous values are nearest: an oracle, it looks at the truth. */
function closest(trained: readonly Generator[], truth: Float32Array): Float32Array {
  const far = (v: Float32Array) => CONTINUOUS.reduce((sum, _, i) => sum + Math.abs(v[i] - truth[i]), 0);
  return trained.reduce((a, b) => (far(b.vector) < far(a.vector) ? b : a)).vector;
}

const cells = (scores: ParsingScores, ofMedian: number) => [
  scores.l1.toFixed(4),
  (scores.l1 / ofMedian).toFixed(2),
  scores.correlation.toFixed(2),
  scores.ownCorrelation.toFixed(2),
  `${percent(scores.discreteF1)} (${percent(scores.discreteAccuracy)})`,
  `${percent(scores.lossF1)}, ${percent(scores.lossWeightedF1)} (${percent(scores.lossAccuracy)})`,
];

console.log('## Model parsing\n');
console.log(
  `${full.length} full generators of the zoo, ${Math.min(...full.map((g) => g.pictures.count))} pictures of 32 by 32 pixels each. L1 of the nine continuous values on 0..1, and as a multiple of the median predictor's; their correlation with the truth, all values together and the mean of each parameter's own; macro F1 (and accuracy) in % of the six discrete parameters; macro F1, weighted F1 (and accuracy) in % of the ten bits of loss, bits that never or always occur left out. Baselines know the training generators of the fold. "The fingerprint network" is what its own heads say, averaged over the pictures; the other two ways are explained in \`src/trace/parsing/parser.ts\`.\n`,
);
for (const protocol of ['configurations', 'families'] as const) {
  const { estimates, folds } = await estimateFolds(protocol, full, ranges);
  const asked = estimates.filter((e) => e.pooled === 100);
  const where = protocol === 'families' ? 'Whole families left out' : 'A quarter of every family left out';
  console.log(`### ${where} (${asked.length} generators)\n`);
  head('predictor', 'pictures', 'L1', '× median', 'correlation', 'own', 'discrete F1', 'loss F1');
  const judge = (of: (e: Estimate) => Float32Array, list: readonly Estimate[]): Judged[] =>
    list.map((e) => ({ truth: e.generator.vector, estimate: of(e) }));
  // What a baseline says does not depend on the picture, and little on the fold: once for every fold.
  const once = <T>(make: (trained: readonly Generator[]) => T) => {
    const made = folds.map(({ trained }) => make(trained));
    return (e: Estimate) => made[e.fold];
  };
  const random = new Random(2);
  const medianOf = once(median);
  const ofMedian = scoreParsing(judge(medianOf, asked)).l1;
  const show = (name: string, pictures: number | string, judged: Judged[]) =>
    row([name, pictures, ...cells(scoreParsing(judged), ofMedian)]);
  const drawn = Array.from({ length: 20 }, () => asked).flat();
  const anyOf = (e: Estimate) => random.pick(folds[e.fold].trained as Generator[]).vector;
  show('random generator', '–', judge(anyOf, drawn));
  show('mean', '–', judge(once(average), asked));
  show('median, majority', '–', judge(medianOf, asked));
  for (const [way, name] of SHOWN) {
    for (const pooled of POOLED) {
      const own = estimates.filter((e) => e.pooled === pooled && e.by[way]);
      if (own.length > 0)
        show(
          name,
          pooled,
          judge((e) => e.by[way]!, own),
        );
    }
  }
  const oracle = (e: Estimate) => closest(folds[e.fold].trained, e.generator.vector);
  show('oracle: nearest generator', '–', judge(oracle, asked));
  const covered = folds.map(({ fold }) => {
    const rest = estimates.filter((e) => e.fold !== fold);
    const { continuous: way } = bestWays(rest);
    const { base, slope } = fitInterval(rest, way);
    return estimates
      .filter((e) => e.fold === fold)
      .flatMap((e) =>
        CONTINUOUS.map((_, i) => {
          const value = Math.max(0, Math.min(1, e.by[way][i]));
          return Math.abs(value - e.generator.vector[i]) <= base + slope * e.spread[i] ? 1 : 0;
        }),
      );
  });
  console.log(
    `\nIntervals that are to hold nine of ten true values, their width fitted on the other folds, hold ${percent(mean(covered.flat()))} % of them. Chosen by validation over all folds: ${JSON.stringify(bestWays(estimates))}.\n`,
  );
}
