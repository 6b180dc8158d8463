/**
 * Detectors side by side, as Markdown for a repository and as one HTML page that needs nothing else. Ordered by area,
 * but told with intervals: where two overlap the order is no finding, and the page says so.
 */
import type { Language, Text } from '../../core/text.ts';
import { t } from '../html/bilingual.ts';
import { type Html, html } from '../html/escape.ts';
import { ending, opening } from '../html/frame.ts';
import { plainLine } from '../plain.ts';
import { type Figure, number, share, shareWithInterval, withInterval } from './numbers.ts';

interface GeneratorFigure extends Figure {
  readonly generators: number;
}

export interface LeaderboardRow {
  readonly detector: string;
  readonly files: number;
  /** Share 0..1 of files that got an answer that can be ranked. */
  readonly answered: number;
  readonly auc: Figure;
  readonly equalErrorRate: Figure;
  readonly tprAt1: Figure;
  readonly balanced: Figure;
  readonly logLoss: Figure | null;
  readonly calibrationError: number | null;
  /** Lowest area over the other conditions and its name; null when judged as stored only. */
  readonly worst: { readonly condition: string; readonly auc: Figure } | null;
  /** Share of verdicts that turned to their opposite over all other conditions; null as above. */
  readonly flips: number | null;
  /** Every condition, the first one first, with the share of verdicts that turned against the first. */
  readonly conditions: readonly {
    readonly condition: string;
    readonly auc: Figure;
    readonly flips: { readonly count: number; readonly n: number } | null;
  }[];
  /** Mean area over generators it was fitted on, and over others. */
  readonly seen: GeneratorFigure | null;
  readonly unseen: GeneratorFigure | null;
  /** A class comes from too few sources. */
  readonly itemwise: boolean;
}

export interface LeaderboardTable {
  readonly name: string;
  readonly reals: number;
  readonly fakes: number;
  readonly sources: { readonly real: number; readonly fake: number };
  readonly condition: string;
  /** Best first. */
  readonly rows: readonly LeaderboardRow[];
  /** One detector against each other one, on the files both answered. */
  readonly comparisons: readonly {
    readonly first: string;
    readonly second: string;
    readonly common: number;
    /** First minus second, with whole sources redrawn. */
    readonly clustered: Figure;
    readonly delong: { readonly p: number };
  }[];
}

const TITLE: Text = { en: 'Leaderboard', zh: '排行榜' };
const NOTES: readonly Text[] = [
  {
    en: 'Intervals are 95 % and redraw whole sources. Where two overlap, the order of two rows is no finding: compare them with "huoyan bench score --compare".',
    zh: '区间为 95 %，按整个来源重抽。区间重叠时先后次序不说明问题，请用 huoyan bench score --compare 比较。',
  },
  {
    en: 'format-only sees no pixel, only what kind of file it was given: whoever does not beat it has shown nothing on this data.',
    zh: 'format-only 不看像素，只看文件种类：未超过它者，在此数据上什么也没有证明。',
  },
  {
    en: 'Seen and unseen: mean AUC over generators that the detector was fitted on and over others, each generator counting once. A figure over seen generators is in sample and no promise.',
    zh: '见过与未见：对检测器训练用过的与其他生成器分别求 AUC 均值，每个生成器计一次。见过的生成器上的数字属样本内结果，不作保证。',
  },
  {
    en: 'Flipped: verdicts that turned to their opposite, of those that had a side as stored; "inconclusive" has none.',
    zh: '翻转：相对原样送检时已有倾向的结论，变为相反者所占比例；“无法判定”不算倾向。',
  },
  {
    en: 'An asterisk: a class comes from so few sources that files were redrawn instead, and the interval is too narrow.',
    zh: '星号：某类来源过少，只能按文件重抽，区间偏窄。',
  },
];

/** The page as Markdown. */
export function leaderboardMarkdown(tables: readonly LeaderboardTable[], command: string): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cell = (text: string) => plainLine(text).replaceAll('|', '\\|');
  const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
    [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  const called = (row: LeaderboardRow) => cell(row.detector) + (row.itemwise ? ' *' : '');
  const over = (one: GeneratorFigure | null) => (one ? `${withInterval(one)} of ${one.generators}` : '–');
  const parts = tables.map((one) => {
    const { rows, comparisons } = one;
    const conditions = [...new Set(rows.flatMap((row) => row.conditions.map(({ condition }) => condition)))];
    const sections = [
      `## ${cell(one.name)}`,
      `${one.reals} real files of ${one.sources.real} sources, ${one.fakes} fakes of ${one.sources.fake}; ${cell(one.condition)}.`,
      table(
        [
          ...['detector', 'answered', 'AUC', 'over seen generators', 'over unseen generators'],
          ...['equal error rate', 'fakes found at 1 % false alarms', 'balanced accuracy'],
          'log loss (calibrated on other sources where scores are no probabilities)',
          ...['calibration error', 'worst condition', 'verdicts flipped'],
        ],
        rows.map((row) => [
          ...[called(row), share(row.answered), withInterval(row.auc), over(row.seen), over(row.unseen)],
          ...[shareWithInterval(row.equalErrorRate), shareWithInterval(row.tprAt1)],
          shareWithInterval(row.balanced),
          row.logLoss ? withInterval(row.logLoss) : '–',
          number(row.calibrationError),
          row.worst ? `${cell(row.worst.condition)}: ${withInterval(row.worst.auc)}` : '–',
          row.flips === null ? '–' : share(row.flips),
        ]),
      ),
    ];
    if (conditions.length > 1) {
      sections.push(
        'AUC in each condition; in brackets verdicts flipped, of those that had a side.',
        table(
          ['detector', ...conditions.map(cell)],
          rows.map((row) => [
            called(row),
            ...conditions.map((name) => {
              const found = row.conditions.find(({ condition }) => condition === name);
              if (!found) return '–';
              const { auc, flips } = found;
              return flips ? `${number(auc.value)} (${flips.count} of ${flips.n})` : number(auc.value);
            }),
          ]),
        ),
      );
    }
    if (comparisons.length > 0) {
      sections.push(
        `AUC of ${cell(comparisons[0].first)} less that of the other, on the files both answered: sources redrawn, and DeLong's p, which takes files as independent.`,
        table(
          ['other', 'files', 'difference', "DeLong's p"],
          comparisons.map(({ second, common, clustered, delong }) => [
            ...[cell(second), String(common), withInterval(clustered)],
            delong.p < 0.001 ? '< 0.001' : number(delong.p),
          ]),
        ),
      );
    }
    return `${sections.join('\n\n')}\n`;
  });
  return `# ${TITLE.en} · ${TITLE.zh}\n\nPrinted by \`${command}\`.\n\n${NOTES.flatMap(({ en, zh }) => [`- ${en}`, `- ${zh}`]).join('\n')}\n\n${parts.join('\n')}`;
}

/** Figures that are drawn, and from where to where. */
const DRAWN: readonly {
  readonly title: Text;
  readonly from: number;
  readonly to: number;
  readonly percent: boolean;
  readonly of: (row: LeaderboardRow) => Figure | null;
}[] = [
  {
    title: { en: 'Area under the ROC curve', zh: 'ROC 曲线下面积' },
    from: 0,
    to: 1,
    percent: false,
    of: (row) => row.auc,
  },
  {
    ...{
      title: { en: 'Fakes found at 1 % false alarms', zh: '误报 1 % 时检出率' },
      from: 0,
      to: 1,
      percent: true,
    },
    of: (row) => row.tprAt1,
  },
  {
    ...{
      title: { en: 'Equal error rate (lower is better)', zh: '等错误率（越低越好）' },
      from: 0,
      to: 1,
      percent: true,
    },
    of: (row) => row.equalErrorRate,
  },
  {
    title: { en: 'Area in its worst condition', zh: '最差条件下的面积' },
    ...{ from: 0, to: 1, percent: false, of: (row) => row.worst?.auc ?? null },
  },
  {
    title: { en: 'Mean area over generators it was fitted on', zh: '训练用过的生成器上的平均面积' },
    ...{ from: 0, to: 1, percent: false, of: (row) => row.seen },
  },
  {
    title: { en: 'Mean area over generators it never met', zh: '未见过的生成器上的平均面积' },
    ...{ from: 0, to: 1, percent: false, of: (row) => row.unseen },
  },
];

export interface LeaderboardPageOptions {
  readonly language?: Language;
  readonly generatedAt?: Date;
}

/** The page as HTML, in both languages. */
export function leaderboardHtml(
  tables: readonly LeaderboardTable[],
  options: LeaderboardPageOptions = {},
): string {
  const language = options.language ?? 'en';
  const body = html`<h1 class="unseen">${t(TITLE)}</h1>${boards(tables)}<section class="guide"><div><h2>${t({ en: 'How to read it', zh: '如何阅读' })}</h2><ul>${NOTES.map((note) => html`<li>${t(note)}</li>`)}</ul></div></section>`;
  return [
    opening({
      title: { en: `${TITLE.en} · Huoyan`, zh: `${TITLE.zh} · 火眼` },
      subtitle: TITLE,
      language,
      store: html``,
    }).text,
    body.text,
    ending(options.generatedAt ?? new Date()).text,
  ].join('\n');
}

/** What the page has within its frame, for a page that brings its own frame and style sheet. */
export function leaderboardFragment(tables: readonly LeaderboardTable[]): string {
  const notes = html`<section class="guide"><ul>${NOTES.map((note) => html`<li>${t(note)}</li>`)}</ul></section>`;
  return html`<div class="board">${boards(tables)}${notes}</div>`.text;
}

function boards(tables: readonly LeaderboardTable[]): Html {
  return html`${tables.map(
    (table) => html`<article class="card inconclusive"><h2>${plainLine(table.name)}</h2>
<p class="quiet">${t({
      en: `${table.reals} real files of ${table.sources.real} sources, ${table.fakes} fakes of ${table.sources.fake}; ${plainLine(table.condition)}`,
      zh: `真实文件 ${table.reals} 个（${table.sources.real} 个来源），伪造 ${table.fakes} 个（${table.sources.fake} 个来源）；${plainLine(table.condition)}`,
    })}</p>
<div class="columns even">${DRAWN.map((drawn) => drawnTable(table, drawn))}</div></article>`,
  )}`;
}

function drawnTable(
  { rows }: LeaderboardTable,
  { title, from, to, percent, of }: (typeof DRAWN)[number],
): Html | null {
  const shown = rows.flatMap((row) => {
    const figure = of(row);
    return figure ? [{ row, figure }] : [];
  });
  if (shown.length === 0) return null;
  const bound = (value: number) => (percent ? (100 * value).toFixed(1) : number(value));
  const at = (value: number) =>
    `${Math.round((1000 * (Math.min(to, Math.max(from, value)) - from)) / (to - from)) / 10}%`;
  const width = (lo: number, hi: number) =>
    `${Math.max(0.4, Math.round((1000 * (hi - lo)) / (to - from)) / 10)}%`;
  return html`<section class="stability"><h3>${t(title)}</h3><table class="ladder"><tbody>${shown.map(
    ({ row, figure }) => {
      const known = Number.isFinite(figure.lo) && Number.isFinite(figure.hi);
      const value = percent ? share(figure.value) : number(figure.value);
      return html`<tr><td><bdi>${plainLine(row.detector)}${row.itemwise ? ' *' : ''}</bdi></td><td class="ladder-bar"><svg width="100%" height="16" aria-hidden="true"><rect class="bar-track" x="0" y="6" width="100%" height="4" rx="2"/>${known && html`<rect class="bar-interval" x="${at(figure.lo)}" y="3" width="${width(figure.lo, figure.hi)}" height="10" rx="3"/>`}<line class="bar-mark" x1="${at(figure.value)}" x2="${at(figure.value)}" y1="1" y2="15"/></svg></td><td class="figure">${value}</td><td class="figure quiet">${known ? `${bound(figure.lo)}–${bound(figure.hi)}` : ''}</td></tr>`;
    },
  )}</tbody></table></section>`;
}
