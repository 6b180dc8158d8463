/** Logistic regression over sources: what a clip's numbers say about a camera, honest about how few sources there are. */
import { writeFileSync } from 'node:fs';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import {
  CLIP_FEATURES,
  type GeneratedCalibration,
  standardised,
} from '../../src/evidence/generated/calibration.ts';
import { balancedWeights, logisticRegression } from '../synthesis/logistic.ts';
import { readWatched, type WatchedClip } from './watched.ts';

const RIDGE = 0.05;
const ROUNDS = 25;
/** Share of real clips that may be called generated. */
const FALSE_ALARMS = 0.05;

export type FittedLine = Pick<GeneratedCalibration, 'mean' | 'spread' | 'weights' | 'offset'>;

export interface ClipRow {
  readonly set: string;
  readonly label: 'real' | 'fake';
  readonly features: readonly number[];
}

/** Real and generated clips as rows of {@link CLIP_FEATURES}; the other fakes are not this evidence's question. */
export function clipRows(watched: readonly WatchedClip[]): ClipRow[] {
  return watched.flatMap(({ set, role, synthesis, motion }) =>
    role === 'face' || synthesis === null || motion === null
      ? []
      : [
          {
            set,
            label: role === 'real' ? ('real' as const) : ('fake' as const),
            features: [synthesis, motion.memory],
          },
        ],
  );
}

/** Sources count alike, and both classes half. */
export function fitLine(rows: readonly ClipRow[]): FittedLine {
  const weights = balancedWeights(rows);
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = CLIP_FEATURES.map((_, k) =>
    rows.reduce((sum, { features }, i) => sum + (weights[i] / total) * features[k], 0),
  );
  const spread = CLIP_FEATURES.map(
    (_, k) =>
      Math.sqrt(
        rows.reduce((sum, { features }, i) => sum + (weights[i] / total) * (features[k] - mean[k]) ** 2, 0),
      ) + 1e-3,
  );
  const solved = logisticRegression(
    rows.map(({ features }) => standardised(features, { mean, spread })),
    rows.map(({ label }) => label === 'fake'),
    weights,
    RIDGE,
  );
  return { mean, spread, weights: solved.slice(0, -1), offset: solved[solved.length - 1] };
}

export const scoreWith = (features: readonly number[], line: FittedLine) =>
  standardised(features, line).reduce((sum, v, i) => sum + v * [...line.weights, line.offset][i], 0);

/** Each row's score by a line that was fitted without its source. */
export function leaveSourceOut(rows: readonly ClipRow[]): number[] {
  const lines = new Map(
    [...new Set(rows.map(({ set }) => set))].map((set) => [
      set,
      fitLine(rows.filter((row) => row.set !== set)),
    ]),
  );
  return rows.map((row) => scoreWith(row.features, lines.get(row.set) as FittedLine));
}

export function fitGenerated(cache: string): GeneratedCalibration {
  const rows = clipRows(readWatched(cache));
  const line = fitLine(rows);
  const random = new Random(1);
  const bySet = grouped(rows, ({ set }) => set);
  const sets = [...bySet.keys()];
  const redrawn: number[][] = [];
  while (redrawn.length < ROUNDS) {
    const drawn = sets.flatMap((_, copy) => {
      const set = random.pick(sets);
      return (bySet.get(set) ?? []).map((row) => ({ ...row, set: `${set}#${copy}` }));
    });
    if (new Set(drawn.map(({ label }) => label)).size < 2) continue;
    const weights = balancedWeights(drawn);
    redrawn.push(
      logisticRegression(
        drawn.map(({ features }) => standardised(features, line)),
        drawn.map(({ label }) => label === 'fake'),
        weights,
        RIDGE,
      ),
    );
  }
  const out = leaveSourceOut(rows);
  const real = rows.flatMap((row, i) => (row.label === 'real' ? [out[i]] : [])).sort((a, b) => b - a);
  const round = (v: number) => Number(v.toFixed(4));
  const calibration: GeneratedCalibration = {
    madeBy: `npm run recipe:generated, on ${rows.length} looks at clips of ${sets.length} sources`,
    mean: line.mean.map(round),
    spread: line.spread.map(round),
    weights: line.weights.map(round),
    offset: round(line.offset),
    redrawn: redrawn.map((w) => w.map(round)),
    detectFrom: round(Math.max(1, real[Math.floor(FALSE_ALARMS * real.length)] ?? 1)),
  };
  writeFileSync(
    'src/evidence/generated/fitted.ts',
    `/** Written by recipes/generated/fit.ts; not to be edited. */
import type { GeneratedCalibration } from './calibration.ts';

export const CALIBRATION: GeneratedCalibration = ${JSON.stringify(calibration, null, 2)};
`,
  );
  return calibration;
}
