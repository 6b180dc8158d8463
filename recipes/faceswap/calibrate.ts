/**
 * Fits how logits become likelihood ratios, on held-out faces as stored and re-shipped, every source counting the same
 * (`judge.ts`), and writes `src/evidence/faceswap/fitted.ts`.
 */
import { writeFileSync } from 'node:fs';
import { grouped } from '../../src/core/group.ts';
import { Random } from '../../src/core/random.ts';
import type { FaceswapCalibration } from '../../src/evidence/faceswap/calibration.ts';
import { balancedWeights, logisticRegression } from '../synthesis/logistic.ts';
import { type JudgedFace, readJudged } from './judge.ts';

interface Row {
  readonly set: string;
  readonly label: 'real' | 'fake';
  readonly logit: number;
}

function fitLine(rows: readonly Row[]): [number, number] {
  const [slope, offset] = logisticRegression(
    rows.map((row) => [row.logit, 1]),
    rows.map((row) => row.label === 'fake'),
    balancedWeights(rows),
  );
  return [slope, offset];
}

/** The value that a share `q` of the weight lies below. */
function weightedQuantile(values: readonly number[], weights: readonly number[], q: number): number {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const total = weights.reduce((a, b) => a + b, 0);
  let mass = 0;
  for (const i of order) {
    mass += weights[i];
    if (mass >= q * total) return values[i];
  }
  return values[order[order.length - 1]];
}

const ROUNDS = 25;
/** Share of authentic faces that may be called swapped. */
const FALSE_ALARMS = 0.01;

export function calibrate(cache: string): FaceswapCalibration {
  const judged: JudgedFace[] = readJudged(cache).filter((row) => row.role !== 'generated');
  const rows: Row[] = judged.map(({ set, role, logit }) => ({
    set,
    label: role === 'real' ? 'real' : 'fake',
    logit,
  }));
  const [slope, offset] = fitLine(rows);
  const random = new Random(1);
  const bySet = grouped(rows, (row) => row.set);
  const sets = [...bySet.keys()];
  const redrawn = Array.from({ length: ROUNDS }, () => {
    // Both classes must be there, whatever is drawn.
    for (;;) {
      const drawn = sets.flatMap((_, copy) => {
        const set = random.pick(sets);
        return (bySet.get(set) ?? []).map((row) => ({ ...row, set: `${set}#${copy}` }));
      });
      if (new Set(drawn.map((row) => row.label)).size === 2) return fitLine(drawn);
    }
  });
  const real = rows.filter((row) => row.label === 'real');
  const bar = weightedQuantile(
    real.map((row) => offset + slope * row.logit),
    balancedWeights(real),
    1 - FALSE_ALARMS,
  );
  const round = (v: number) => Number(v.toFixed(4));
  const calibration: FaceswapCalibration = {
    madeBy: `npm run recipe:faceswap -- calibrate, on ${rows.length} looks at faces of ${sets.length} sources that the network has not seen`,
    slope: round(slope),
    offset: round(offset),
    redrawn: redrawn.map(([s, o]) => [round(s), round(o)] as const),
    detectFrom: round(Math.max(1, bar)),
  };
  writeFileSync(
    'src/evidence/faceswap/fitted.ts',
    `/** Written by recipes/faceswap/calibrate.ts; not to be edited. */
import type { FaceswapCalibration } from './calibration.ts';

export const CALIBRATION: FaceswapCalibration = ${JSON.stringify(calibration, null, 2)};
`,
  );
  return calibration;
}
