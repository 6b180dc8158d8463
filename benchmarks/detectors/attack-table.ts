/** What noise did to a detector: a row a condition, as it was and behind the defence. */
import { evaluate } from '../../src/bench/measure/evaluate.ts';
import { flipsAgainst } from '../../src/bench/measure/flips.ts';
import type { ScoreTable } from '../../src/bench/scores/row.ts';

/** Both rows of a condition side by side. */
export function attackTable(bare: ScoreTable, guarded: ScoreTable): string {
  const rows = [bare, guarded].map((one) => byCondition(one));
  const lines = [
    '| file | AUC | turned fakes | turned reals | defended: AUC | turned fakes | turned reals |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  for (const [condition, cells] of rows[0]) {
    lines.push(`| ${[condition, ...cells, ...(rows[1].get(condition) ?? ['–', '–', '–'])].join(' | ')} |`);
  }
  return lines.join('\n');
}

function byCondition({ rows, meta }: ScoreTable): Map<string, string[]> {
  // By the score alone: a word such as "inconclusive" would hide what noise does to it.
  const plain = rows.map(({ verdict: _, ...row }) => ({
    ...row,
    status: row.score === null ? row.status : ('ok' as const),
  }));
  const flips = new Map(flipsAgainst(plain, 0, 'clean').map((one) => [one.condition, one]));
  return new Map(
    [...new Set(plain.map((row) => row.condition))].map((condition) => {
      const { figures } = evaluate(
        plain.filter((row) => row.condition === condition),
        meta,
        { rounds: 500 },
      );
      const { value, lo, hi } = figures.auc;
      const turned = flips.get(condition);
      const share = (label: 'fake' | 'real', side: 1 | -1, count: number) => {
        const n = plain.filter(
          (row) =>
            row.condition === 'clean' &&
            row.label === label &&
            row.score !== null &&
            (row.score >= 0 ? 1 : -1) === side,
        ).length;
        return `${count} of ${n}`;
      };
      return [
        condition,
        [
          `${value.toFixed(2)} (${lo.toFixed(2)}–${hi.toFixed(2)})`,
          turned ? share('fake', 1, turned.lostFakes.count) : '–',
          turned ? share('real', -1, turned.condemnedReals.count) : '–',
        ],
      ] as const;
    }),
  );
}
