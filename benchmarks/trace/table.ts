/** Markdown tables and the figures in them. */
import { auc, bootstrap } from '../../src/bench/metrics.ts';

export const row = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);

export const head = (...cells: string[]): void => {
  row(cells);
  row(cells.map(() => '---'));
};

export const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;

export const percent = (v: number): string => (Number.isFinite(v) ? (100 * v).toFixed(1) : '–');

/** Mean of shares in %, with its 95 % bootstrap interval over them. */
export const interval = (values: readonly number[]): string => {
  const [low, high] = bootstrap(values, mean, { seed: 1 });
  return `${percent(mean(values))} (${percent(low)}–${percent(high)})`;
};

/** Mean with its 95 % bootstrap interval. */
export const spread = (values: readonly number[]): string => {
  const [low, high] = bootstrap(values, mean, { seed: 1 });
  return `${mean(values).toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
};

/** AUC of two lists of scores, the first of which should be higher. */
export const separation = (positive: readonly number[], negative: readonly number[]): number =>
  auc([...positive, ...negative], [...positive.map(() => true), ...negative.map(() => false)]);
