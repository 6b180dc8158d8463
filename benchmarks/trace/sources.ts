/**
 * `npm run bench:trace -- sources`: how well generators that nothing was fitted on are recognised from a handful of their
 * pictures, told from each other, from unknown ones and from photographs. Prints Markdown.
 *
 * Fold by fold (by source and by generator, as `recipes/synthesis/splits.ts` has it): the metric is fitted on the other
 * folds. Reads the descriptions that `npm run recipe:trace -- describe describe-zoo` wrote; about five minutes on two
 * cores.
 */
import {
  type DescribedPicture,
  readDescribed,
  readDescribedWays,
  readDescribedZoo,
} from '../../recipes/trace/described.ts';
import { ask, enrolment, knownSource, splitSources } from '../../recipes/trace/evaluate.ts';
import { fitMetric } from '../../recipes/trace/metric.ts';
import { scoreClustering } from '../../src/bench/clustering.ts';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import type { Attribution } from '../../src/core/trace.ts';
import { pairLlr } from '../../src/trace/calibration.ts';
import { clusterSources } from '../../src/trace/cluster/cluster.ts';
import { Pairs } from '../../src/trace/cluster/pairs.ts';
import { Gallery, type Source } from '../../src/trace/gallery.ts';
import type { MetricData } from '../../src/trace/metric.ts';
import { head, interval, mean, percent, row, separation, spread } from './table.ts';

const FOLDS = [0, 1, 2, 3];
const STEPS = ['stored', 'jpeg75'] as const;
type Step = (typeof STEPS)[number];
const ENROLLED = [5, 10, 20];
const DRAWS = 3;
/** Enrolled at most where pictures are asked about after every re-saving. */
const ASKED_EVERY_WAY = 20;

/** Similarity to the generator most alike. */
const nearest = ({ generators }: Attribution) => Math.max(...generators.map((g) => g.similarity));

interface Fold {
  readonly fold: number;
  readonly data: MetricData;
  readonly background: readonly DescribedPicture[];
  /** Of this fold: generators and photographs the metric has not seen. */
  readonly strangers: readonly DescribedPicture[];
}

const corpus = readDescribed();
const zoo = readDescribedZoo();
const folds: Fold[] = FOLDS.map((fold) => {
  const background = corpus.filter((p) => p.fold !== fold);
  console.error(`fold ${fold}: fitting on ${background.length} pictures`);
  return {
    ...{ fold, background, data: fitMetric(background) },
    strangers: corpus.filter((p) => p.fold === fold && p.role !== 'part'),
  };
});

/** Share of each generator's remaining pictures that go to it, after enrolling `count` of its pictures. */
function enrolled(step: Step, count: number): { real: number[]; zoo: number[]; among: number[] } {
  const real: number[] = [];
  const made: number[] = [];
  const among: number[] = [];
  for (const { data, background, strangers } of folds) {
    for (let draw = 0; draw < DRAWS; draw++) {
      const pictures = [...strangers.filter((p) => p.label === 'fake'), ...zoo].filter(
        (p) => p.step === step,
      );
      const sources = splitSources(pictures, draw + 1, count);
      const gallery = new Gallery(
        data,
        background.length,
        [],
        [...sources].map(([name, split]) => enrolment(name, split.enrolled)),
      );
      const names = gallery.sources.map((source) => source.name);
      const asked = ask(
        gallery,
        [...sources.values()].flatMap((split) => split.asked),
      );
      for (const [set, group] of grouped(asked, (a) => a.set)) {
        const right = group.filter(
          ({ similarities }) => names[similarities.indexOf(Math.max(...similarities))] === set,
        );
        (set.startsWith('shallow') ? made : real).push(right.length / group.length);
      }
      among.push(names.length);
    }
  }
  return { real, zoo: made, among };
}

console.log('## Enrolment of generators never seen in training\n');
const counts = (values: readonly number[]) => `${Math.min(...values)}–${Math.max(...values)}`;
console.log(
  `Share of the remaining pictures that are attributed to their generator, in % (95 % interval over generators), among all generators enrolled beside it. ${DRAWS} draws in each of ${FOLDS.length} folds; of a generator with few pictures at least five are left to be asked about.\n`,
);
head(
  'pictures enrolled, at most',
  're-saving (enrolled and asked)',
  'real generators',
  'zoo generators',
  'among',
  'chance',
);
for (const count of ENROLLED) {
  for (const step of STEPS) {
    const result = enrolled(step, count);
    const chance = mean(result.among.map((n) => 1 / n));
    row([count, step, interval(result.real), interval(result.zoo), counts(result.among), percent(chance)]);
  }
}

console.log('\n## Asked after another re-saving\n');
console.log(
  `Share of the remaining pictures that are attributed to their generator, in % (95 % interval over generators), when the examples are enrolled as stored and after JPEG 75, and as \`huoyan trace enrol\` does it, which re-saves them in every way of this table by itself. Real generators among those of their fold; ${DRAWS} draws, at most ${ASKED_EVERY_WAY} enrolled.\n`,
);
head('asked after', 'enrolled in two ways', 'in every way', 'among');
const ways = readDescribedWays();
const WAYS = ['stored', 'jpeg96', 'jpeg75', 'jpeg50', 'half'];
const byWay = new Map(WAYS.map((way) => [way, { two: [] as number[], every: [] as number[] }]));
const among: number[] = [];
for (const { fold, data, background, strangers } of folds) {
  const generators = [...strangers, ...ways.filter((p) => p.fold === fold && p.role !== 'part')].filter(
    (p) => p.label === 'fake',
  );
  for (let draw = 0; draw < DRAWS; draw++) {
    const sources = splitSources(generators, draw + 1, ASKED_EVERY_WAY);
    if (draw === 0) among.push(sources.size);
    const asked = [...sources.values()].flatMap((split) => split.asked);
    for (const [how, steps] of [
      ['two', STEPS],
      ['every', WAYS],
    ] as const) {
      const enrolments = [...sources].map(([name, split]) => enrolment(name, split.enrolled, steps));
      const gallery = new Gallery(data, background.length, [], enrolments);
      const names = gallery.sources.map((source) => source.name);
      for (const group of grouped(ask(gallery, asked), (a) => `${a.set} ${a.step}`).values()) {
        const right = group.filter(
          ({ set, similarities }) => names[similarities.indexOf(Math.max(...similarities))] === set,
        );
        byWay.get(group[0].step)?.[how].push(right.length / group.length);
      }
    }
  }
}
for (const [way, { two, every }] of byWay) row([way, interval(two), interval(every), counts(among)]);

console.log('\n## Detected as synthetic after enrolment\n');
console.log(
  'AUC of "is it by an enrolled generator" (largest similarity to one, less that to the nearest known kind of photograph): pictures of the enrolled generator against photographs of sources the metric has not seen. Mean over generators.\n',
);
head('re-saving', 'AUC (95 % interval over generators)', 'generators', 'photographs');
for (const step of STEPS) {
  const values: number[] = [];
  let photographs = 0;
  for (const { data, background, strangers } of folds) {
    const known = [
      ...grouped(
        background.filter((p) => p.label === 'real'),
        (p) => p.set,
      ),
    ]
      .filter(([, group]) => group.length >= 8)
      .map(([set, group]) => knownSource(data, set, 'photograph', group));
    const sources = splitSources(
      strangers.filter((p) => p.label === 'fake' && p.step === step),
      1,
    );
    const photos = strangers.filter((p) => p.label === 'real' && p.step === step);
    photographs += photos.length;
    for (const [name, split] of sources) {
      const gallery = new Gallery(data, background.length, known, [enrolment(name, split.enrolled)]);
      const score = (asked: { similarities: readonly number[] }) =>
        asked.similarities[known.length] - Math.max(...asked.similarities.slice(0, known.length));
      values.push(separation(ask(gallery, split.asked).map(score), ask(gallery, photos).map(score)));
    }
  }
  row([step, spread(values), values.length, photographs]);
}

console.log('\n## None of the known ones\n');
console.log(
  'Known: all generators and kinds of photographs of the other folds, by half of their pictures. AUROC of the probability `unknown`: pictures of generators that are not among them against other pictures of those that are; and how often the most likely answer is right.\n',
);
head(
  're-saving',
  'AUROC known / unknown generator',
  'known generator named',
  'photograph of an unknown camera called a photograph',
  'unknown generator called unknown',
);
for (const step of STEPS) {
  const unknown: number[] = [];
  const familiar: number[] = [];
  const named: number[] = [];
  const photo: number[] = [];
  const called: number[] = [];
  for (const { fold, data, background, strangers } of folds) {
    const known = splitSources(background, fold + 1, 14);
    const kind = (set: string): Source['kind'] => (set.startsWith('real_') ? 'photograph' : 'generator');
    const sources = [...known].map(([set, split]) => knownSource(data, set, kind(set), split.enrolled));
    const gallery = new Gallery(data, background.length, sources);
    const names = new Set(sources.map((source) => source.name));
    const answers = (pictures: readonly DescribedPicture[]) =>
      ask(
        gallery,
        pictures.filter((p) => p.step === step),
      ).map((asked) => ({
        set: asked.set,
        ...gallery.attributeFrom(asked.similarities),
      }));
    for (const answer of answers([...known.values()].flatMap((split) => split.asked))) {
      const best = answer.generators[0];
      if (kind(answer.set) !== 'generator') continue;
      familiar.push(nearest(answer));
      named.push(
        best.generator === answer.set && best.probability > Math.max(answer.unknown, answer.photograph)
          ? 1
          : 0,
      );
    }
    for (const answer of answers(strangers.filter((p) => !names.has(p.set)))) {
      const best = Math.max(answer.unknown, answer.photograph, answer.generators[0].probability);
      if (kind(answer.set) === 'photograph') photo.push(answer.photograph === best ? 1 : 0);
      else {
        unknown.push(nearest(answer));
        called.push(answer.unknown === best ? 1 : 0);
      }
    }
  }
  row([
    step,
    separation(familiar, unknown).toFixed(3),
    `${percent(mean(named))} % of ${named.length}`,
    `${percent(mean(photo))} % of ${photo.length}`,
    `${percent(mean(called))} % of ${called.length}`,
  ]);
}

console.log('\n## Same source or not, for sources never seen\n');
console.log(
  'Balanced accuracy in % at a log-likelihood ratio of 0; as many pairs of one source as of two, both re-saved alike.\n',
);
head('re-saving', 'real generators and cameras', 'zoo generators', 'AUC, real', 'AUC, zoo', 'pairs');
for (const step of STEPS) {
  const cells: Record<'real' | 'zoo', { same: number[]; other: number[] }> = {
    real: { same: [], other: [] },
    zoo: { same: [], other: [] },
  };
  for (const { fold, data, background, strangers } of folds) {
    const gallery = new Gallery(data, background.length, []);
    for (const [part, pictures] of [
      ['real', strangers],
      ['zoo', zoo],
    ] as const) {
      const random = new Random(fold + 1);
      const ready = pictures
        .filter((p) => p.step === step)
        .map((p) => ({ set: p.set, file: p.file, prepared: gallery.prepare(p.description) }));
      for (const a of random.shuffle([...ready]).slice(0, 400)) {
        const alike = ready.filter((b) => b.set === a.set && b.file !== a.file);
        const others = ready.filter((b) => b.set !== a.set);
        if (alike.length === 0) continue;
        cells[part].same.push(gallery.metric.similarity(a.prepared, random.pick(alike).prepared));
        cells[part].other.push(gallery.metric.similarity(a.prepared, random.pick(others).prepared));
      }
    }
  }
  const balanced = ({ same, other }: { same: number[]; other: number[] }) =>
    percent(
      (mean(same.map((s) => (pairLlr(s) > 0 ? 1 : 0))) + mean(other.map((s) => (pairLlr(s) > 0 ? 0 : 1)))) /
        2,
    );
  row([
    step,
    balanced(cells.real),
    balanced(cells.zoo),
    separation(cells.real.same, cells.real.other).toFixed(3),
    separation(cells.zoo.same, cells.zoo.other).toFixed(3),
    cells.real.same.length + cells.zoo.same.length,
  ]);
}

console.log('\n## A folder sorted into its sources\n');
console.log(
  "Pictures of sources never seen, shuffled: up to 20 of each of a fold's generators and cameras with at least five.\n",
);
head(
  're-saving',
  'sources',
  'pictures',
  'clusters found',
  'purity',
  'NMI',
  'adjusted Rand',
  'left unclustered',
);
for (const step of STEPS) {
  const scores = folds.map(({ data, background, strangers }) => {
    const gallery = new Gallery(data, background.length, []);
    const chosen = [
      ...grouped(
        strangers.filter((p) => p.step === step),
        (p) => p.set,
      ).values(),
    ]
      .filter((group) => group.length >= 5)
      .flatMap((group) => group.slice(0, 20));
    const prepared = chosen.map((p) => gallery.prepare(p.description));
    const similarities = new Pairs(prepared.length, (i, j) =>
      gallery.metric.similarity(prepared[i], prepared[j]),
    );
    const { clusters, unclustered } = clusterSources(similarities, { llr: (s) => pairLlr(s) });
    const truth = chosen.map((p) => p.set);
    const score = scoreClustering(
      clusters.map((c) => c.members),
      truth,
    );
    return {
      ...score,
      sources: new Set(truth).size,
      found: clusters.length,
      left: unclustered.length / truth.length,
    };
  });
  const over = (key: 'purity' | 'normalisedMutualInformation' | 'adjustedRand' | 'left') =>
    percent(mean(scores.map((s) => s[key])));
  row([
    step,
    counts(scores.map((s) => s.sources)),
    counts(scores.map((s) => s.items)),
    counts(scores.map((s) => s.found)),
    over('purity'),
    over('normalisedMutualInformation'),
    over('adjustedRand'),
    `${over('left')} %`,
  ]);
}
console.log(
  `\n${corpus.length} described pictures of ${new Set(corpus.map((p) => p.set)).size} sources, ${zoo.length} of ${new Set(zoo.map((p) => p.set)).size} zoo generators.`,
);
