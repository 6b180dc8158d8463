/**
 * Fits the few numbers of the splice detector and writes them to src/evidence/splice/fitted.ts.
 *
 *   npx tsx recipes/splice/main.ts
 *
 * Needs the picture corpus (HUOYAN_DATA, or shared/data beside the checkout). Seeded: the same corpus gives the same
 * numbers. Three steps, on sources kept apart by folder: window weights and picture weights on the fitting side; the
 * curve to log-likelihood ratios and the threshold of `detected` on the calibration side. The test side is not read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dataFolder } from '../../src/bench/corpus.ts';
import { auc } from '../../src/bench/metrics.ts';
import { Random } from '../../src/core/random.ts';
import type { Calibration } from '../../src/evidence/splice/calibration.ts';
import { pictureScore, pictureTerms, scoreCells, WINDOW_TERMS } from '../../src/evidence/splice/fuse.ts';
import { FEATURE_COUNT, RADII } from '../../src/evidence/splice/windows.ts';
import { fitCurve, redrawCurves, type Scored } from './curve.ts';
import { fitLogistic } from './logistic.ts';
import { makeSamples, realSources, type Sample, storedSamples } from './samples.ts';

const SEED = 20;
const WINDOWS_PER_PICTURE = 30;
const REGION_THRESHOLD = 0;
/** Share of untouched calibration pictures (any save) that may be called `detected`. */
const FALSE_ALARMS = 0.004;

const folder = dataFolder();
if (!folder) {
  console.error('splice recipe: no picture corpus (set HUOYAN_DATA); nothing done');
  process.exit(0);
}

const started = Date.now();
const sources = realSources(folder);
const say = (line: string) => console.error(`[${((Date.now() - started) / 1000).toFixed(0)} s] ${line}`);

async function collect(side: 'fit' | 'calibrate', seed: number, allSaves: boolean): Promise<Sample[]> {
  const sets = sources.filter((s) => s.side === side).map((s) => s.set);
  const samples: Sample[] = [];
  const onProgress = (done: number, of: number) => {
    if (done % 50 === 0) say(`${side}: ${done} of ${of} pictures, ${samples.length} samples`);
  };
  for await (const sample of makeSamples(sets, {
    seed,
    perHost: allSaves ? 1 : 2,
    saves: allSaves ? 5 : 2,
    onProgress,
  })) {
    samples.push(sample);
  }
  for await (const sample of storedSamples(sets)) samples.push(sample);
  return samples;
}

/** Logistic weights of one window size: windows well inside a paste against windows of untouched pictures. */
function fitWindows(samples: readonly Sample[], size: number): number[] {
  const rows: number[] = [];
  const positive: number[] = [];
  for (const sample of samples) {
    const { values } = sample.windows[size];
    const usable: number[] = [];
    for (let cell = 0; cell < values.length / FEATURE_COUNT; cell++) {
      if (Number.isNaN(values[cell * FEATURE_COUNT])) continue;
      if (sample.donor && sample.donor[cell] < 0.8) continue;
      usable.push(cell);
    }
    const step = Math.max(1, usable.length / WINDOWS_PER_PICTURE);
    for (let i = 0; i < Math.min(WINDOWS_PER_PICTURE, usable.length); i++) {
      const at = usable[Math.floor(i * step)] * FEATURE_COUNT;
      for (let f = 0; f < FEATURE_COUNT; f++) rows.push(values[at + f]);
      for (let f = 0; f < FEATURE_COUNT; f++) rows.push(values[at + f] ** 2);
      positive.push(sample.spliced ? 1 : 0);
    }
  }
  return fitLogistic(Float64Array.from(rows), WINDOW_TERMS, positive, evenly(positive), 1e-3);
}

/** Weights that make the two classes count alike. */
function evenly(positive: readonly number[]): Float64Array {
  const ones = positive.reduce((a, b) => a + b, 0);
  return Float64Array.from(positive, (p) => (p ? 500 / ones : 500 / (positive.length - ones)));
}

const rounded = (values: readonly number[]) => values.map((v) => Number(v.toPrecision(5)));

const fit = await collect('fit', SEED, false);
say(`fit: ${fit.length} samples`);
const windows = RADII.map((_, size) => rounded(fitWindows(fit, size)));
const termsOf = (sample: Sample) =>
  pictureTerms(scoreCells(sample.cells, sample.windows, { windows }), REGION_THRESHOLD);
const described = fit.flatMap((sample) => {
  const terms = termsOf(sample);
  return terms ? [{ terms, positive: sample.spliced ? 1 : 0 }] : [];
});
const labels = described.map((d) => d.positive);
const picture = rounded(
  fitLogistic(
    Float64Array.from(described.flatMap((d) => d.terms)),
    described[0].terms.length,
    labels,
    evenly(labels),
    1e-3,
  ),
);

const held = await collect('calibrate', SEED + 1, true);
say(`calibrate: ${held.length} samples`);
const scored: Scored[] = held.flatMap((sample) => {
  const terms = termsOf(sample);
  return terms
    ? [{ source: sample.source, score: pictureScore(terms, picture), spliced: sample.spliced }]
    : [];
});
say(
  `calibrate: AUC ${auc(
    scored.map((s) => s.score),
    scored.map((s) => s.spliced),
  ).toFixed(3)}`,
);
const untouched = scored
  .filter((s) => !s.spliced)
  .map((s) => s.score)
  .sort((a, b) => b - a);
for (const { source, score } of scored
  .filter((s) => !s.spliced)
  .sort((a, b) => b.score - a.score)
  .slice(0, 12)) {
  say(`strangest untouched: ${source} ${score.toFixed(2)}`);
}
const detectFrom = untouched[Math.floor(FALSE_ALARMS * untouched.length)] + 1e-3;
const curve = fitCurve(scored);
const redrawn = redrawCurves(scored, 40, new Random(SEED + 2));

const calibration: Calibration = {
  madeBy: `npx tsx recipes/splice/main.ts, seed ${SEED}, ${fit.length} pictures to fit and ${held.length} to calibrate, from ${sources.filter((s) => s.side === 'fit').length} and ${sources.filter((s) => s.side === 'calibrate').length} sources of real photographs`,
  windows,
  regionThreshold: REGION_THRESHOLD,
  picture,
  curve: roundCurve(curve),
  redrawn: redrawn.map(roundCurve),
  detectFrom: Number(detectFrom.toPrecision(4)),
};

function roundCurve(c: Calibration['curve']): Calibration['curve'] {
  const [share, slope, offset] = rounded([c.share, c.slope, c.offset]);
  return { share, slope, offset };
}

const target = new URL('../../src/evidence/splice/fitted.ts', import.meta.url);
const head = readFileSync(target, 'utf8').split('export const')[0];
writeFileSync(
  target,
  `${head}export const CALIBRATION: Calibration = ${JSON.stringify(calibration, null, 2)};\n`,
);
say(
  `wrote fitted.ts: detect from ${detectFrom.toFixed(2)}; format it with: npx biome check --write ${'src/evidence/splice'}`,
);
