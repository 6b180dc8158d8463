/**
 * Every file on every named road judged by a network that has not heard its page. A fold that was judged is kept in
 * `.cache/voice`, so that an interrupted run goes on with the next. Nothing is published: docs/measured/voice.md has what
 * it came to.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { exportInference, type Network, type Weights } from '../../../src/nn/index.ts';
import { nodeRuntime } from '../../../src/nn/runtime.node.ts';
import { type Fold, quarterFolds } from '../validate.ts';
import { spectroTemporalAttention } from './attention.ts';
import { FRAMES, lightConvolution } from './network.ts';
import { BANDS, readSpectra } from './spectra.ts';
import { CELLS, type Prepared, prepare, put, train } from './train.ts';

const FOLDER = '.cache/voice/convolution';
/** Of 32 views. */
export const STEPS = 8000;

/** What is tried. */
export const TRIALS = {
  attention: spectroTemporalAttention,
  light: lightConvolution,
} as const satisfies Readonly<Record<string, (name: string, seed: number) => Network>>;
export type TrialName = keyof typeof TRIALS;

/** Most parts of a clip that are looked at. */
const MOST_PARTS = 5;

export interface ConvolutionScore {
  readonly set: string;
  readonly file: string;
  readonly road: string;
  /** Mean logit on all bands, and on those that a telephone lets through. */
  readonly wide: number;
  readonly narrow: number;
}

const pathOf = (trial: TrialName, fold: Fold) =>
  join(FOLDER, trial, `${fold.name.replaceAll(' ', '-')}.json`);

async function judge(
  views: readonly Prepared[],
  net: Network,
  weights: Weights,
): Promise<ConvolutionScore[]> {
  const session = await (await nodeRuntime()).load(exportInference(net, weights));
  const out: ConvolutionScore[] = [];
  for (const view of views) {
    const parts = Math.max(1, Math.min(MOST_PARTS, Math.round(view.frames / FRAMES)));
    const data = new Float32Array(2 * parts * CELLS);
    for (let i = 0; i < 2 * parts; i++) {
      const room = Math.max(0, view.frames - FRAMES);
      const from = parts === 1 ? room >> 1 : Math.round((room * (i >> 1)) / (parts - 1));
      put(data, i * CELLS, view, from, i % 2 === 1);
    }
    const { logit } = await session.run({ spectrum: { dims: [2 * parts, 1, FRAMES, BANDS], data } });
    const mean = (side: number) => {
      let sum = 0;
      for (let i = side; i < 2 * parts; i += 2) sum += Number(logit.data[i]) / parts;
      return sum;
    };
    const { set, file, road } = view.spectrum;
    out.push({ set, file, road, wide: mean(0), narrow: mean(1) });
  }
  await session.release();
  return out;
}

/** Trains on the collection and the pool, and judges, the folds that are not there yet, those of the most clips first. */
export async function judgeConvolution(
  name: TrialName,
  sets: readonly SpeechSet[],
  pool: readonly SpeechSet[],
): Promise<void> {
  mkdirSync(join(FOLDER, name), { recursive: true });
  const byName = new Map([...sets, ...pool].map((set) => [set.name, set]));
  const all = readSpectra(sets).map(prepare);
  const beside = readSpectra(pool).map(prepare);
  const own = (v: Prepared) => byName.get(v.spectrum.set) as SpeechSet;
  const clips = (fold: Fold) => all.filter((v) => fold.judged(own(v), v.spectrum.file)).length;
  for (const fold of quarterFolds(sets).toSorted((a, b) => clips(b) - clips(a))) {
    const path = pathOf(name, fold);
    if (existsSync(path)) continue;
    const views = [...all, ...beside].filter((v) => fold.learned(own(v), v.spectrum.file));
    const plan = { steps: STEPS, seed: 1, declare: TRIALS[name] };
    const { net, weights } = await train({ views, sets: byName }, plan);
    const asked = all.filter((v) => v.spectrum.road !== 'random' && fold.judged(own(v), v.spectrum.file));
    const scores = await judge(asked, net, weights);
    writeFileSync(`${path}.partial`, JSON.stringify(scores));
    renameSync(`${path}.partial`, path);
    const { user, system } = process.cpuUsage();
    console.error(
      `${name}, ${fold.name}: ${scores.length} views, ${((user + system) / 1e6).toFixed(0)} s of processor time so far`,
    );
  }
}

/** What was judged, of the folds whose turn has come. */
export function convolutionScores(name: TrialName, sets: readonly SpeechSet[]): ConvolutionScore[] {
  const paths = quarterFolds(sets)
    .map((fold) => pathOf(name, fold))
    .filter((path) => existsSync(path));
  return paths.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as ConvolutionScore[]);
}
