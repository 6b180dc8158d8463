/**
 * `npm run bench:synthesis`: how well the synthesis evidence tells generated pictures from photographs of sources that
 * the scoring discriminant had not seen, per generator and per re-encoding, with the format-only baseline beside it.
 *
 * Prints Markdown. Reads the scores that `recipes/synthesis/judge.ts` wrote; makes them first when they are absent
 * (about ten minutes on two cores) or when `--fresh` is given.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Judged, readJudged } from '../../recipes/synthesis/judged.ts';
import { balancedWeights } from '../../recipes/synthesis/logistic.ts';
import { place, trainingSets } from '../../recipes/synthesis/splits.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import {
  auc,
  balancedAccuracy,
  bootstrap,
  calibrationError,
  truePositiveRateAt,
  wilson,
} from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import type { VerdictLabel } from '../../src/core/verdict.ts';
import { llrInterval, llrOf } from '../../src/evidence/synthesis/calibration.ts';
import { CALIBRATION } from '../../src/evidence/synthesis/fitted.ts';
import { FOLDS } from '../../src/evidence/synthesis/score.ts';
import { countFlips, weigh } from '../../src/evidence/verdict.ts';
import { formatScores } from './format-only.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    fresh: { type: 'boolean', default: false },
  },
});
const folder = dataFolder();
if (!folder) {
  console.error('skipped: no picture corpus (set HUOYAN_DATA to its folder)');
  process.exit(0);
}
const scored = existsSync(values.cache)
  ? readdirSync(values.cache).filter((f) => f.startsWith('scores-'))
  : [];
if (values.fresh || scored.length === 0) {
  for (const file of scored) rmSync(join(values.cache, file));
  const made = spawnSync('npx', ['tsx', 'recipes/synthesis/judge.ts', '--out', values.cache], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (made.status !== 0) process.exit(made.status ?? 1);
}

interface Result extends Judged {
  readonly llr: number;
  readonly verdict: VerdictLabel;
  readonly probability: number;
  readonly formatScore: number;
}

/** The verdict that the synthesis evidence alone leads to, at the default prior. */
function verdictOf(score: number) {
  const llr = llrOf(score, CALIBRATION);
  const text = { en: '', zh: '' };
  return weigh([
    {
      status: llr > 0 ? 'detected' : 'notDetected',
      detector: 'synthesis',
      version: '1',
      claim: 'synthetic',
      summary: text,
      details: {},
      regions: [],
      llr,
      llrInterval: llrInterval(score, CALIBRATION),
    },
  ]);
}

const sets = imageSets(folder).map(place);
const training = Array.from(
  { length: FOLDS },
  (_, fold) => new Set(trainingSets(sets, fold).map((set) => set.name)),
);
const judged = readJudged(values.cache);
const format = formatScores(judged, training);
const results: Result[] = judged.map((item, i) => {
  const { label, probability } = verdictOf(item.score);
  return {
    ...item,
    llr: llrOf(item.score, CALIBRATION),
    verdict: label,
    probability,
    formatScore: format[i],
  };
});
const steps = [...new Set(results.map((r) => r.step))];
const byStep = grouped(results, (r) => r.step);

const f = (v: number, digits = 3) => (Number.isFinite(v) ? v.toFixed(digits) : '–');
const percent = (v: number) => (Number.isFinite(v) ? `${(100 * v).toFixed(1)} %` : '–');
const isFake = (r: Result) => r.label === 'fake';
const row = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const head = (cells: readonly string[]) => {
  row(cells);
  row(cells.map(() => '---'));
};

interface PerGenerator {
  readonly set: string;
  readonly n: number;
  readonly auc: number;
  readonly format: number;
  readonly tpr: number;
}

/** Each generator against all real pictures of its fold, which the same discriminant scored, after the same step. */
function perGenerator(step: string, role: 'whole' | 'part'): PerGenerator[] {
  const all = byStep.get(step as Judged['step']) ?? [];
  return [
    ...grouped(
      all.filter((r) => r.role === role),
      (r) => r.set,
    ),
  ].map(([set, fakes]) => {
    const pool = [...fakes, ...all.filter((r) => r.role === 'real' && r.fold === fakes[0].fold)];
    const positive = pool.map(isFake);
    return {
      set,
      n: fakes.length,
      auc: auc(
        pool.map((r) => r.score),
        positive,
      ),
      format: auc(
        pool.map((r) => r.formatScore),
        positive,
      ),
      tpr: truePositiveRateAt(
        0.01,
        pool.map((r) => r.score),
        positive,
      ),
    };
  });
}

const average = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
const whole = results.filter((r) => r.role === 'whole');
const real = results.filter((r) => r.role === 'real');
const pictures = (list: readonly Result[]) => new Set(list.map((r) => `${r.set}/${r.file}`)).size;
const sources = (list: readonly Result[]) => new Set(list.map((r) => r.set)).size;

console.log('# Synthesis evidence, measured\n');
console.log('Printed by `npm run bench:synthesis`.\n');
console.log(
  `Data: ${pictures(whole)} generated pictures of ${sources(whole)} generators, ${pictures(real)} photographs of ${sources(real)} sources (at most 24 pictures of a set), sides of at least 96 pixels. Split: ${FOLDS} folds by source (gallery, repository, data set); each picture is scored by the discriminant that was fitted without its fold and without any other set of the same generator. Both classes go through the same re-encoding. AUC of a generator is against all photographs of its fold; the mean is over generators, its 95 % interval from re-drawing generators. Calibration was fitted on these very out-of-fold scores (three numbers), so the calibration error is slightly flattering; the discriminant that ships is fitted on all folds and cannot be measured on them.\n`,
);
console.log('## By re-encoding\n');
head([
  'step',
  'mean AUC',
  '95 %',
  'format-only AUC',
  'TPR at 1 % FPR',
  'balanced accuracy (llr > 0)',
  'calibration error',
  'inconclusive',
  'photos called synthetic',
  '95 %',
  'photos called suspect',
]);
for (const step of steps) {
  const generators = perGenerator(step, 'whole');
  const items = (byStep.get(step) ?? []).filter((r) => r.role === 'whole' || r.role === 'real');
  const photos = items.filter((r) => !isFake(r));
  const weights = balancedWeights(items);
  const condemned = photos.filter((r) => r.verdict === 'synthetic' || r.verdict === 'manipulated').length;
  const suspect = photos.filter((r) => r.verdict === 'suspect').length;
  const interval = bootstrap(
    generators.map((g) => g.auc),
    average,
  );
  const [low, high] = wilson(condemned, photos.length);
  row([
    step,
    f(average(generators.map((g) => g.auc))),
    `${f(interval[0])}–${f(interval[1])}`,
    f(average(generators.map((g) => g.format))),
    percent(average(generators.map((g) => g.tpr))),
    percent(
      balancedAccuracy(
        items.map((r) => r.llr),
        items.map(isFake),
        0,
      ),
    ),
    f(
      calibrationError(
        items.map((r) => r.probability),
        items.map(isFake),
        weights,
      ),
    ),
    percent(items.filter((r) => r.verdict === 'inconclusive').length / items.length),
    `${condemned} of ${photos.length} (${percent(condemned / photos.length)})`,
    `${percent(low)}–${percent(high)}`,
    percent(suspect / photos.length),
  ]);
}
console.log(
  '\nBaselines: always "photograph" has balanced accuracy 50 % and AUC 0.5; format-only is a logistic regression on format, size, bytes per pixel, JPEG quality and sub-sampling of the file as it arrived, fitted on the same folds.\n',
);

const LADDER = new Set(['jpeg75', 'jpeg50', 'half', 'crop']);
let flips = 0;
let rungs = 0;
for (const group of grouped(
  results.filter((r) => r.role === 'whole' || r.role === 'real'),
  (r) => `${r.set}/${r.file}`,
).values()) {
  const stored = group.find((r) => r.step === 'stored');
  const ladder = group
    .filter((r) => LADDER.has(r.step))
    .map((r) => ({ step: r.step, label: r.verdict, probability: r.probability }));
  if (!stored) continue;
  flips += countFlips(stored.verdict, ladder);
  rungs += ladder.length;
}
console.log(
  `Stability: ${flips} of ${rungs} re-encodings (${percent(flips / rungs)}) landed on the other side of inconclusive.\n`,
);

for (const [role, title] of [
  ['whole', 'By generator'],
  ['part', 'Partly synthetic and restored pictures (not trained on, not in the mean)'],
] as const) {
  console.log(`## ${title}: AUC\n`);
  head(['set', 'n', ...steps]);
  const tables = new Map(
    steps.map((step) => [step, new Map(perGenerator(step, role).map((g) => [g.set, g]))]),
  );
  for (const set of [...new Set(results.filter((r) => r.role === role).map((r) => r.set))]) {
    const n = Math.max(...steps.map((step) => tables.get(step)?.get(set)?.n ?? 0));
    row([
      set.replace('fake_', ''),
      n,
      ...steps.map((step) => f(tables.get(step)?.get(set)?.auc ?? Number.NaN, 2)),
    ]);
  }
  console.log('');
}

console.log('## By real source: share of photographs called synthetic or suspect, all steps together\n');
head(['source', 'pictures', 'called synthetic', 'called suspect', 'called authentic', 'mean llr']);
for (const [set, items] of grouped(real, (r) => r.set)) {
  const share = (label: VerdictLabel) =>
    percent(items.filter((r) => r.verdict === label).length / items.length);
  row([
    set.replace('real_', ''),
    pictures(items),
    share('synthetic'),
    share('suspect'),
    share('authentic'),
    f(average(items.map((r) => r.llr)), 2),
  ]);
}
