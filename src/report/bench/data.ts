/** What `huoyan bench data` prints of a data set and of what it gives away. */
import type { Language, Text } from '../../core/text.ts';
import { plainLine } from '../plain.ts';
import { type Figure, withInterval } from './numbers.ts';

export interface ShownData {
  readonly layout: string;
  readonly missing: number;
  readonly files: number;
  readonly reals: number;
  readonly fakes: number;
  readonly sources: { readonly real: number; readonly fake: number };
  readonly people: number;
  readonly media: Readonly<Record<string, number>>;
  readonly splits: Readonly<Record<string, number>>;
  readonly variants: Readonly<Record<string, number>>;
  readonly generators: Readonly<Record<string, number>>;
}

/** Names listed before the rest is counted. */
const MOST_LISTED = 12;

export function dataText(shown: ShownData, language: Language): string {
  const say = (text: Text) => text[language];
  const list = (counts: Readonly<Record<string, number>>) => {
    const names = Object.entries(counts);
    const rest = names.length - MOST_LISTED;
    return [
      ...names.slice(0, MOST_LISTED).map(([name, n]) => `${plainLine(name)} ${n}`),
      ...(rest > 0 ? [say({ en: `and ${rest} more`, zh: `另有 ${rest} 个` })] : []),
    ].join(', ');
  };
  const rows: [Text, string][] = [
    [{ en: 'layout', zh: '布局' }, shown.layout],
    [
      { en: 'real', zh: '真' },
      `${shown.reals} (${shown.sources.real} ${say({ en: 'sources', zh: '来源' })})`,
    ],
    [
      { en: 'fake', zh: '假' },
      `${shown.fakes} (${shown.sources.fake} ${say({ en: 'sources', zh: '来源' })})`,
    ],
    [{ en: 'media', zh: '媒体' }, list(shown.media)],
  ];
  if (shown.people) rows.push([{ en: 'people', zh: '人物' }, String(shown.people)]);
  if (Object.keys(shown.splits).length) rows.push([{ en: 'split', zh: '划分' }, list(shown.splits)]);
  if (Object.keys(shown.variants).length) rows.push([{ en: 'variants', zh: '版本' }, list(shown.variants)]);
  if (Object.keys(shown.generators).length)
    rows.push([{ en: 'generators', zh: '生成器' }, list(shown.generators)]);
  if (shown.missing)
    rows.push([{ en: 'named in its lists but not there', zh: '清单所列但缺失' }, String(shown.missing)]);
  return `${rows.map(([word, value]) => `${say(word)}: ${value}`).join('\n')}\n`;
}

export interface ShownLeakage {
  readonly examined: number;
  readonly of: number;
  readonly unreadable: number;
  readonly copies: {
    readonly pairs: number;
    readonly exact: number;
    readonly acrossLabels: number;
    readonly acrossSources: number;
    readonly acrossSplits: number;
    readonly examples: readonly (readonly [string, string])[];
  };
  readonly formatOnly: { readonly auc: Figure; readonly itemwise: boolean } | null;
}

/** An area from which the file format alone tells too much. */
const SUSPICIOUS = 0.6;

export function leakageText(
  { examined, of, unreadable, copies, formatOnly }: ShownLeakage,
  language: Language,
): string {
  const say = (text: Text) => text[language];
  const lines = [
    say({
      en: `leakage: ${examined} of ${of} files looked at${unreadable ? `, ${unreadable} unreadable` : ''}`,
      zh: `泄漏检查：查看 ${examined}/${of} 个文件${unreadable ? `，${unreadable} 个无法读取` : ''}`,
    }),
    say({
      en: `  copies: ${copies.pairs} pairs (${copies.exact} byte for byte); ${copies.acrossLabels} across real and fake, ${copies.acrossSources} across sources, ${copies.acrossSplits} across parts of the split`,
      zh: `  副本：${copies.pairs} 对（字节相同 ${copies.exact} 对）；跨真假 ${copies.acrossLabels}，跨来源 ${copies.acrossSources}，跨划分 ${copies.acrossSplits}`,
    }),
    ...copies.examples.map(([a, b]) => `    ${plainLine(a)} = ${plainLine(b)}`),
  ];
  if (formatOnly) {
    const { auc, itemwise } = formatOnly;
    const warned = Math.max(auc.value, 1 - auc.value) >= SUSPICIOUS;
    lines.push(
      say({
        en: `  format alone (no pixel seen${itemwise ? '; folds by file, too few sources' : ''}): AUC ${withInterval(auc)}${warned ? '  ! a detector has to beat this, or re-encode both classes alike' : ''}`,
        zh: `  仅凭文件格式（不看像素${itemwise ? '；来源过少，按文件分折' : ''}）：AUC ${withInterval(auc)}${warned ? '  ! 检测器须超过此值，或将两类同样重编码' : ''}`,
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
