/** What `huoyan bench score` prints: one block a detector and condition, one line a comparison. */
import type { Language, Text } from '../../core/text.ts';
import { BENCH } from '../locale/bench.ts';
import { plainLine } from '../plain.ts';
import { cutEnd, padEnd } from '../width.ts';
import { type Figure, number, share, shareWithInterval, withInterval } from './numbers.ts';

interface Counted {
  readonly count: number;
  readonly rate: number;
}

interface Probabilities {
  readonly logLoss: Figure;
  readonly brier: Figure;
  readonly calibrationError: number;
}

/** What is shown of an evaluation. */
export interface ShownEvaluation {
  readonly condition: string;
  readonly n: number;
  readonly reals: number;
  readonly fakes: number;
  readonly sources: { readonly real: number; readonly fake: number };
  readonly itemwise: boolean;
  readonly coverage: Readonly<Record<'ok' | 'inconclusive' | 'notApplicable' | 'failed', Counted>>;
  readonly figures: Readonly<
    Record<'auc' | 'averagePrecision' | 'equalErrorRate' | 'tprAt1' | 'tprAt01', Figure>
  >;
  readonly tooFewReals: { readonly at1: boolean; readonly at01: boolean };
  readonly accuracy: {
    readonly fixed: { readonly threshold: number; readonly balanced: Figure };
    readonly calibrated: Figure;
  };
  readonly stated: Probabilities | null;
  readonly calibrated: Probabilities | null;
  readonly generators: readonly { readonly generator: string }[];
  readonly overGenerators: {
    readonly mean: number;
    readonly seen: number | null;
    readonly unseen: number | null;
    readonly gap: number | null;
  };
}

export function evaluationText(name: string, shown: ShownEvaluation, language: Language): string {
  const say = (text: Text) => text[language];
  const { figures, accuracy, coverage, stated, calibrated, overGenerators: over } = shown;
  const few = (is: boolean) => (is ? `  ! ${say(BENCH.tooFewReals)}` : '');
  const lines: [Text, string][] = [
    [BENCH.auc, withInterval(figures.auc)],
    [BENCH.averagePrecision, withInterval(figures.averagePrecision)],
    [BENCH.equalErrorRate, shareWithInterval(figures.equalErrorRate)],
    [BENCH.tprAt1, shareWithInterval(figures.tprAt1) + few(shown.tooFewReals.at1)],
    [BENCH.tprAt01, shareWithInterval(figures.tprAt01) + few(shown.tooFewReals.at01)],
    [BENCH.fixed, `${shareWithInterval(accuracy.fixed.balanced)}  [${accuracy.fixed.threshold}]`],
    [BENCH.fitted, shareWithInterval(accuracy.calibrated)],
  ];
  if (stated) {
    lines.push([BENCH.logLoss, withInterval(stated.logLoss)], [BENCH.brier, withInterval(stated.brier)]);
    lines.push([BENCH.ece, number(stated.calibrationError)]);
  }
  if (calibrated) {
    lines.push([BENCH.logLossCalibrated, withInterval(calibrated.logLoss)]);
    lines.push([BENCH.brierCalibrated, withInterval(calibrated.brier)]);
    lines.push([BENCH.eceCalibrated, number(calibrated.calibrationError)]);
  }
  if (shown.generators.length > 1) lines.push([BENCH.overGenerators, number(over.mean)]);
  if (over.seen !== null) lines.push([BENCH.seen, number(over.seen)]);
  if (over.unseen !== null) lines.push([BENCH.unseen, number(over.unseen)]);
  if (over.gap !== null) lines.push([BENCH.gap, number(over.gap)]);
  const counts = [
    `${shown.n} ${say(BENCH.files)}`,
    `${shown.reals} ${say(BENCH.reals)} (${shown.sources.real} ${say(BENCH.sources)})`,
    `${shown.fakes} ${say(BENCH.fakes)} (${shown.sources.fake} ${say(BENCH.sources)})`,
  ];
  const states = (
    [
      ['ok', BENCH.answered],
      ['inconclusive', BENCH.inconclusive],
      ['notApplicable', BENCH.notApplicable],
      ['failed', BENCH.failed],
    ] as const
  ).flatMap(([status, word]) =>
    coverage[status].count
      ? [`${say(word)} ${coverage[status].count} (${share(coverage[status].rate)})`]
      : [],
  );
  return [
    `${plainLine(name)} · ${plainLine(shown.condition)}`,
    `  ${counts.join(' · ')}`,
    `  ${states.join(' · ')}`,
    ...lines.map(([word, value]) => `  ${padEnd(cutEnd(say(word), 56), 56)} ${value}`),
    ...(shown.itemwise ? [`  ! ${say(BENCH.itemwise)}`] : []),
    '',
  ].join('\n');
}

export interface ShownComparison {
  readonly first: string;
  readonly second: string;
  readonly common: number;
  readonly asked: number;
  readonly delong: {
    readonly first: number;
    readonly second: number;
    readonly difference: number;
    readonly interval: readonly [number, number];
    readonly p: number;
  };
  readonly clustered: Figure;
}

export function comparisonText(shown: ShownComparison, language: Language): string {
  const { first, second, common, delong, clustered } = shown;
  const p = delong.p < 0.001 ? 'p < 0.001' : `p = ${number(delong.p)}`;
  const interval = withInterval({ value: delong.difference, lo: delong.interval[0], hi: delong.interval[1] });
  const names = `${plainLine(first)} – ${plainLine(second)}`;
  return language === 'en'
    ? `${names} (${common} files both answered): AUC ${number(delong.first)} against ${number(delong.second)}, difference ${interval}, DeLong ${p}; sources redrawn ${withInterval(clustered)}\n`
    : `${names}（双方均回答 ${common} 个文件）：AUC ${number(delong.first)} 对 ${number(delong.second)}，差 ${interval}，DeLong ${p}；按来源重抽 ${withInterval(clustered)}\n`;
}

export function flipsText(
  condition: string,
  flips: { readonly flips: Counted & { readonly lo: number; readonly hi: number } },
  language: Language,
): string {
  const { count, rate, lo, hi } = flips.flips;
  const figure = shareWithInterval({ value: rate, lo, hi });
  return `  ${padEnd(cutEnd(plainLine(condition), 24), 24)} ${BENCH.flips[language]} ${count}, ${figure}\n`;
}
