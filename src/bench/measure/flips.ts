/** How often a verdict turns to its opposite when the same file arrives in another condition. */
import { grouped } from '../../core/group.ts';
import { type Rate, wilsonRate } from '../intervals.ts';
import { isAnswered, type ScoreRow } from '../scores/row.ts';

const SIDES: Readonly<Record<string, number>> = {
  ...{ authentic: -1, real: -1, inconclusive: 0, suspect: 1, synthetic: 1, manipulated: 1, fake: 1 },
};

/** -1 for real, 1 for fake, 0 for neither: by the detector's word where it gave one, else by `threshold`. */
export function sideOf(row: ScoreRow, threshold: number): number {
  if (row.status === 'inconclusive') return 0;
  if (row.verdict !== undefined && row.verdict in SIDES) return SIDES[row.verdict];
  return isAnswered(row) ? (row.score >= threshold ? 1 : -1) : 0;
}

export interface Flips {
  readonly condition: string;
  /** Of files that had a side as they were stored. */
  readonly flips: Rate;
  /** How many those were. */
  readonly asked: number;
  /** Fakes that became real, and reals that became fake. */
  readonly lostFakes: Rate;
  readonly condemnedReals: Rate;
}

/** Flips of every condition against `from`. */
export function flipsAgainst(rows: readonly ScoreRow[], threshold: number, from = 'stored'): Flips[] {
  const byCondition = grouped(rows, (row) => row.condition);
  const start = new Map((byCondition.get(from) ?? []).map((row) => [row.key, sideOf(row, threshold)]));
  byCondition.delete(from);
  return [...byCondition].map(([condition, arrived]) => {
    const among = (label: ScoreRow['label'] | null, side: number | null) =>
      arrived.filter((row) => {
        const before = start.get(row.key) ?? 0;
        return (label === null || row.label === label) && (side === null ? before !== 0 : before === side);
      });
    const moved = (label: ScoreRow['label'] | null, side: number | null) => {
      const counted = among(label, side);
      return wilsonRate({
        count: counted.filter((row) => (start.get(row.key) ?? 0) * sideOf(row, threshold) < 0).length,
        n: counted.length,
      });
    };
    return {
      condition,
      flips: moved(null, null),
      asked: among(null, null).length,
      lostFakes: moved('fake', 1),
      condemnedReals: moved('real', -1),
    };
  });
}
