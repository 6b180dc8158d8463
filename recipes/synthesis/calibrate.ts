/**
 * Fits the calibration of the synthesis evidence on scores of pictures whose source the scoring discriminant had not seen
 * (`judge.ts`), and writes `src/evidence/synthesis/fitted.ts`: `tsx recipes/synthesis/calibrate.ts`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import type { Calibration } from '../../src/evidence/synthesis/calibration.ts';
import { type Judged, readJudged } from './judged.ts';
import { balancedWeights, logisticRegression } from './logistic.ts';

const { values } = parseArgs({ options: { cache: { type: 'string', default: '.cache/synthesis' } } });
const judged = readJudged(values.cache).filter((item) => item.role === 'whole' || item.role === 'real');

function fitLine(items: readonly Judged[]): [number, number] {
  const rows = items.map((item) => [item.score, 1]);
  const [slope, offset] = logisticRegression(
    rows,
    items.map((item) => item.label === 'fake'),
    balancedWeights(items),
  );
  return [slope, offset];
}

/** Standard deviation of a picture's score over re-shippings, pooled. */
function unrest(items: readonly Judged[]): number {
  const byPicture = grouped(items, (item) => `${item.set}/${item.file}`);
  let sum = 0;
  let count = 0;
  for (const group of byPicture.values()) {
    const mean = group.reduce((s, item) => s + item.score, 0) / group.length;
    for (const item of group) sum += (item.score - mean) ** 2;
    count += group.length - 1;
  }
  return Math.sqrt(sum / Math.max(1, count));
}

/** Weighted quantiles of the authentic scores, sources counting alike. */
function authenticQuantiles(items: readonly Judged[], count: number): number[] {
  const real = items.filter((item) => item.label === 'real');
  const weights = balancedWeights(real);
  const order = real.map((_, i) => i).sort((a, b) => real[a].score - real[b].score);
  const total = weights.reduce((a, b) => a + b, 0);
  const quantiles: number[] = [];
  let mass = 0;
  let at = 0;
  for (let q = 0; q < count; q++) {
    const wanted = (q / (count - 1)) * total;
    while (at < order.length - 1 && mass + weights[order[at]] < wanted) mass += weights[order[at++]];
    quantiles.push(real[order[at]].score);
  }
  return quantiles;
}

const random = new Random(1);
const sets = [...new Set(judged.map((item) => item.set))];
const bySet = grouped(judged, (item) => item.set);
const redrawn = Array.from({ length: 25 }, () => {
  const drawn = sets.map((_, i) => ({ set: random.pick(sets), copy: i }));
  return fitLine(
    drawn.flatMap(({ set, copy }) =>
      (bySet.get(set) ?? []).map((item) => ({ ...item, set: `${set}#${copy}` })),
    ),
  );
});
const [slope, offset] = fitLine(judged);
const round = (v: number) => Number(v.toFixed(4));
const calibration: Calibration = {
  madeBy: `recipes/synthesis/calibrate.ts on ${judged.length} scores of ${sets.length} sources, none seen by the discriminant that scored it`,
  slope: round(slope),
  offset: round(offset),
  redrawn: redrawn.map(([s, o]) => [round(s), round(o)] as const),
  unrest: round(unrest(judged)),
  authentic: authenticQuantiles(judged, 101).map(round),
};
writeFileSync(
  'src/evidence/synthesis/fitted.ts',
  `/** Written by recipes/synthesis/calibrate.ts; not to be edited. */
import type { Calibration } from './calibration.ts';

export const CALIBRATION: Calibration = ${JSON.stringify(calibration, null, 2)};
`,
);
console.error(`slope ${slope.toFixed(3)}, offset ${offset.toFixed(3)}, unrest ${calibration.unrest}`);
