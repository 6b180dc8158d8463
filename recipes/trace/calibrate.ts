/**
 * Turns similarities into probabilities: `npm run recipe:trace -- calibrate` writes `src/trace/fitted.ts`.
 *
 * Fold by fold: sources of the other folds are known (by half of their pictures), and pictures are asked about of known
 * sources, of photographs from unknown cameras, and of unknown generators. Three numbers are fitted so that the
 * likelihood of the truth is largest, the three kinds weighing alike. Pairs of pictures of unknown sources, of one or
 * of two, give the likelihood ratio that clustering goes by.
 */
import { writeFileSync } from 'node:fs';
import { Random } from '../../src/core/random.ts';
import { Gallery, type Source } from '../../src/trace/gallery.ts';
import { type DescribedPicture, readDescribed } from './described.ts';
import { type Asked, ask, knownSource, splitSources } from './evaluate.ts';
import { fitCalibration, fitPairs, loss, type Pair, type Question } from './likelihood.ts';
import { fitMetric } from './metric.ts';

const FOLDS = [0, 1, 2, 3];

/** Questions and pairs of one fold, all of sources that its metric has not seen, or of known ones' other pictures. */
function examine(all: readonly DescribedPicture[], fold: number): { questions: Question[]; pairs: Pair[] } {
  const background = all.filter((p) => p.fold !== fold);
  const data = fitMetric(background);
  const known = splitSources(background, fold + 1, 14);
  const kind = (set: string): Source['kind'] => (set.startsWith('real_') ? 'photograph' : 'generator');
  const sources = [...known].map(([set, { enrolled }]) => knownSource(data, set, kind(set), enrolled));
  const gallery = new Gallery(data, background.length, sources);
  const indexOf = new Map(sources.map((source, i) => [source.name, i]));
  const strangers = all.filter((p) => p.fold === fold && p.role !== 'part');
  const truthOf = (p: Asked) => (p.set.startsWith('real_') ? -2 : (indexOf.get(p.set) ?? -1));
  const asked = ask(gallery, [...[...known.values()].flatMap((split) => split.asked), ...strangers]);
  const questions = asked.map((a) => ({ ...a, truth: truthOf(a), sources }));

  const random = new Random(fold);
  const prepared = strangers.map((p) => ({ ...p, ready: gallery.prepare(p.description) }));
  const pairs: Pair[] = [];
  for (const a of prepared) {
    const alike = prepared.filter((b) => b.set === a.set && b.step === a.step && b.file !== a.file);
    const others = prepared.filter((b) => b.set !== a.set && b.step === a.step);
    if (alike.length === 0 || others.length === 0) continue;
    for (const b of [random.pick(alike), random.pick(others)])
      pairs.push({ similarity: gallery.metric.similarity(a.ready, b.ready), same: a.set === b.set });
  }
  return { questions, pairs };
}

const all = readDescribed();
const questions: Question[] = [];
const pairs: Pair[] = [];
for (const fold of FOLDS) {
  const examined = examine(all, fold);
  questions.push(...examined.questions);
  pairs.push(...examined.pairs);
  console.error(`fold ${fold}: ${examined.questions.length} questions, ${examined.pairs.length} pairs`);
}
const { sharpness, unknown, photographBias } = fitCalibration(questions);
const { slope, offset } = fitPairs(pairs);
const lines = [
  '/** Written by `npm run recipe:trace -- calibrate`; not to be edited. docs/measured/trace.md says on what. */',
  `export const SHARPNESS = ${sharpness.toFixed(3)};`,
  `export const UNKNOWN = ${unknown.toFixed(3)};`,
  `export const PHOTOGRAPH_BIAS = ${photographBias.toFixed(3)};`,
  '/** Log-likelihood ratio of "one source" against "two" for a pair: PAIR_SLOPE * similarity + PAIR_OFFSET. */',
  `export const PAIR_SLOPE = ${slope.toFixed(3)};`,
  `export const PAIR_OFFSET = ${offset.toFixed(3)};`,
];
writeFileSync('src/trace/fitted.ts', `${lines.join('\n')}\n`);
console.error(lines.join('\n'));
console.error(
  `loss ${loss(questions, { sharpness, unknown, photographBias }).toFixed(3)}, chance ${Math.log(3).toFixed(3)} and more`,
);
