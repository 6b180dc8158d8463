/**
 * A result as terminal text: one line a file, the reasons behind it, and the sum of a batch. Colour repeats what
 * symbol and word already say, so nothing is lost without it. Everything that comes from a file is written out
 * harmlessly, so that no name or prompt can steer the terminal.
 */
import pc from 'picocolors';
import type { AnalysedFile, Analysis } from '../core/analysis.ts';
import type { Evidence, EvidenceStatus } from '../core/evidence.ts';
import type { Language, Text } from '../core/text.ts';
import { Block, LONGEST_LINE, type Paint, type TerminalOptions } from './block.ts';
import { factsOf } from './facts.ts';
import { duration, group, percent, percentRange, signed } from './locale/format.ts';
import { KIND_WORDS } from './locale/kinds.ts';
import {
  detectorName,
  ERROR_WORD,
  OUTCOME_WORD,
  OUTCOMES,
  type Outcome,
  STATUS_WORD,
  sideWord,
  stepName,
  weightWord,
} from './locale/labels.ts';
import { personLine } from './locale/people.ts';
import { filesWord, flipSentence, priorSentence, speed, TERMINAL } from './locale/terminal.ts';
import { turnLine } from './locale/turns.ts';
import { plainLine } from './plain.ts';
import { clockRange, spansToTell } from './spans.ts';
import { turnPercent, turnsToTell } from './turns.ts';
import {
  contribution,
  decisiveReason,
  inOrderOfWeight,
  isWeighed,
  type OutcomeCounts,
  outcomeOf,
} from './weigh.ts';
import { cutEnd, cutPath, displayWidth, padEnd, padStart, wrap } from './width.ts';

const SYMBOL: Readonly<Record<Outcome, string>> = {
  authentic: '✓',
  inconclusive: '?',
  suspect: '!',
  synthetic: '✦',
  manipulated: '✎',
  unreadable: '✕',
};
const ASCII_SYMBOL: Readonly<Record<Outcome, string>> = {
  authentic: '+',
  inconclusive: '?',
  suspect: '!',
  synthetic: '*',
  manipulated: '~',
  unreadable: 'x',
};
const STATUS_SYMBOL: Readonly<Record<EvidenceStatus, string>> = {
  detected: '!',
  notDetected: '✓',
  notApplicable: '-',
  failed: '✕',
};
const ASCII_STATUS_SYMBOL: Readonly<Record<EvidenceStatus, string>> = {
  detected: '!',
  notDetected: '+',
  notApplicable: '-',
  failed: 'x',
};

/** Below this many columns the interval gives way to the file name. */
const WIDE_ENOUGH_FOR_INTERVAL = 64;
/** Most times told with one piece of evidence. */
const MOST_TIMES = 6;
/** A reason shorter than this says nothing and is left out. */
const LEAST_REASON = 16;
/** One file on one line, without a line feed: symbol, word, probability, interval, file, shortest decisive reason. */
export function terminalLine(analysis: Analysis, options: TerminalOptions): string {
  const { language } = options;
  const outcome = outcomeOf(analysis);
  const paint = painter(outcome, options.colour);
  const symbol = (options.ascii ? ASCII_SYMBOL : SYMBOL)[outcome];
  const word = padEnd(OUTCOME_WORD[outcome][language], wordWidth(language));
  const columns = options.columns ?? Number.POSITIVE_INFINITY;
  const wide = columns >= WIDE_ENOUGH_FOR_INTERVAL;
  const c = pc.createColors(options.colour);

  let figure = padStart('', 5);
  let range = wide ? ' '.repeat(RANGE_WIDTH + 1) : '';
  if (analysis.outcome === 'analysed') {
    figure = padStart(`${percent(analysis.verdict.probability)}${language === 'en' ? ' ' : ''}%`, 5);
    if (wide) range = ` ${c.dim(padEnd(`(${percentRange(analysis.verdict.interval)})`, RANGE_WIDTH))}`;
  }
  const head = `${paint(`${symbol} ${word}`)} ${paint(figure)}${range}`;
  const used = 2 + wordWidth(language) + 6 + (wide ? RANGE_WIDTH + 1 : 0) + 2;

  const name = plainLine(analysis.file);
  const reason = plainLine(shortReason(analysis)[language]);
  const room = columns - used;
  const both = displayWidth(name) + 2 + displayWidth(reason);
  const nameRoom =
    both <= room ? room : Math.max(room - 2 - Math.max(LEAST_REASON, room * 0.55), Math.min(room, 24));
  const shownName = columns === Number.POSITIVE_INFINITY ? name : cutPath(name, Math.floor(nameRoom));
  const reasonRoom = room - displayWidth(shownName) - 2;
  const shownReason =
    reasonRoom >= LEAST_REASON || displayWidth(reason) <= reasonRoom ? cutIfFinite(reason, reasonRoom) : '';
  return `${head}  ${c.bold(shownName)}${shownReason ? `  ${c.dim(shownReason)}` : ''}`;
}

/** Where the values of the list of facts begin: past the longest term. */
const HANG: Readonly<Record<Language, number>> = { en: 17, zh: 16 };

/** Columns of "(<1–>99)", the widest interval. */
const RANGE_WIDTH = 8;

/**
 * The reasons behind one line (`-v`), indented below it, without a final line feed: what the label means, every
 * piece of evidence with its status and weight, stability, the file's facts. For an unreadable file, message and hint.
 */
export function terminalDetails(analysis: Analysis, options: TerminalOptions): string {
  const out = new Block(options);
  const { language } = options;
  if (analysis.outcome === 'unreadable') {
    out.prose(2, analysis.error.text[language]);
    out.prose(2, `${language === 'en' ? 'hint: ' : '提示：'}${analysis.error.hint[language]}`);
    return out.toString();
  }
  out.prose(2, KIND_WORDS[analysis.kind].meaning[outcomeOf(analysis)][language]);
  out.blank();
  evidenceBlock(out, analysis);
  out.blank();
  stabilityBlock(out, analysis);
  fileBlock(out, analysis);
  return out.toString();
}

/** The sum of a batch on one or more lines, without a final line feed. `elapsedMs` is wall-clock time, if known. */
export function terminalSummary(
  counts: OutcomeCounts,
  options: TerminalOptions & { readonly elapsedMs?: number },
): string {
  const { language, elapsedMs } = options;
  const c = pc.createColors(options.colour);
  const total = OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  const pieces: { width: number; text: string }[] = [];
  const push = (text: string, paint: Paint = (t) => t) =>
    pieces.push({ width: displayWidth(text), text: paint(text) });
  push(filesWord(group(total))[language], c.bold);
  for (const outcome of OUTCOMES) {
    if (counts[outcome] === 0) continue;
    const symbol = (options.ascii ? ASCII_SYMBOL : SYMBOL)[outcome];
    push(
      `${symbol} ${group(counts[outcome])} ${OUTCOME_WORD[outcome][language]}`,
      painter(outcome, options.colour),
    );
  }
  if (elapsedMs !== undefined && elapsedMs > 0) {
    const rate = (total * 1000) / elapsedMs;
    push(duration(elapsedMs)[language], c.dim);
    if (total > 1) push(speed(rate < 10 ? rate.toFixed(1) : group(rate))[language], c.dim);
  }
  const lines: string[] = [];
  let width = 0;
  for (const piece of pieces) {
    if (width > 0 && width + 3 + piece.width <= (options.columns ?? Number.POSITIVE_INFINITY)) {
      lines[lines.length - 1] += `   ${piece.text}`;
      width += 3 + piece.width;
    } else {
      lines.push(piece.text);
      width = piece.width;
    }
  }
  if (total > counts.unreadable) {
    const room = Math.min(options.columns ?? Number.POSITIVE_INFINITY, LONGEST_LINE + 10);
    lines.push(...wrap(TERMINAL.percent[language], room).map(c.dim));
  }
  return lines.join('\n');
}

function evidenceBlock(out: Block, analysis: AnalysedFile): void {
  const { language } = out;
  for (const one of inOrderOfWeight(analysis.evidence, analysis.verdict)) {
    const symbol = (out.ascii ? ASCII_STATUS_SYMBOL : STATUS_SYMBOL)[one.status];
    const paint = statusPainter(one.status, out);
    out.raw(`  ${paint(symbol)} ${out.colour.bold(plainLine(detectorName(one.detector)[language]))}`);
    out.prose(4, statusLine(one, analysis)[language], paint);
    out.prose(4, one.summary[language]);
    const times = spansToTell(one, MOST_TIMES).map(clockRange);
    if (times.length > 0) out.prose(4, `${TERMINAL.heardAt[language]} ${times.join(', ')}`, out.colour.dim);
    for (const lane of isWeighed(one) ? (one.people ?? []).slice(0, MOST_TIMES) : []) {
      const odds = percent(1 / (1 + Math.exp(-lane.llr)));
      const unit = language === 'en' ? ' %' : '%';
      const line = personLine(lane.person, clockRange({ ...lane, score: 0 }), `${odds}${unit}`);
      out.prose(4, line[language], out.colour.dim);
    }
    for (const turn of turnsToTell(one).slice(0, MOST_TIMES)) {
      const line = turnLine(turn.speaker, clockRange({ ...turn, score: 0 }), turnPercent(turn));
      out.prose(4, line[language], out.colour.dim);
    }
    if (one.status === 'failed') {
      const mark = language === 'en' ? 'hint: ' : '提示：';
      out.prose(4, `${one.error.message} · ${mark}${one.error.hint}`, out.colour.dim);
    }
  }
  const { prior, llr } = analysis.verdict;
  out.blank();
  out.prose(2, priorSentence(percent(prior), signed(llr))[language], out.colour.dim);
}

/** "detected · +3.4 · strong for …", or the status alone where there is no weight. */
function statusLine(one: Evidence, analysis: AnalysedFile): Text {
  const status = STATUS_WORD[one.status];
  if (one.status === 'notApplicable') {
    return { en: `${status.en} (${one.reason})`, zh: `${status.zh}（${one.reason}）` };
  }
  if (!isWeighed(one))
    return { en: `${status.en} (${one.error.code})`, zh: `${status.zh}（${ERROR_WORD[one.error.code].zh}）` };
  const weight = contribution(one, analysis.verdict);
  const [strength, side] = [
    weightWord(weight),
    sideWord(weight, one.claim, KIND_WORDS[analysis.kind].forReal),
  ];
  const light = Math.abs(weight) < Math.log(2);
  return {
    en: `${status.en} · ${signed(weight)} · ${light ? strength.en : `${side.en} (${strength.en})`}`,
    zh: `${status.zh} · ${signed(weight)} · ${light ? strength.zh : `${side.zh}（${strength.zh}）`}`,
  };
}

function stabilityBlock(out: Block, analysis: AnalysedFile): void {
  const { language } = out;
  const { stability, probability, label } = analysis.verdict;
  const hang = HANG[language];
  const title = TERMINAL.stability[language];
  if (!stability) {
    out.entry(2, hang, title, TERMINAL.notRun[language]);
    return;
  }
  const symbols = out.ascii ? ASCII_SYMBOL : SYMBOL;
  const unit = language === 'en' ? ' %' : '%';
  const steps = [
    `${TERMINAL.asIs[language]} ${symbols[label]} ${percent(probability)}${unit}`,
    ...stability.ladder.map(
      (s) => `${stepName(s.step)[language]} ${symbols[s.label]} ${percent(s.probability)}${unit}`,
    ),
  ];
  out.items(2, hang, title, steps);
  const holds = stability.flips === 0;
  const sentence = holds ? TERMINAL.noFlips : flipSentence(stability.flips, stability.ladder.length);
  out.entry(2, hang, '', sentence[language], holds ? out.colour.dim : out.colour.yellow);
}

function fileBlock(out: Block, analysis: AnalysedFile): void {
  const { language } = out;
  const hang = HANG[language];
  const facts = factsOf(analysis);
  for (const { term, value } of facts) out.entry(2, hang, cutEnd(term[language], hang - 3), value[language]);
  if (analysis.kind === 'image') {
    for (const text of analysis.container.text.slice(0, 4)) {
      out.entry(
        2,
        hang,
        TERMINAL.texts[language],
        `${text.carrier} ${text.key}: ${cutEnd(text.value.slice(0, 200), 120)}`,
      );
    }
  } else {
    for (const [key, value] of Object.entries(analysis.container.tags).slice(0, 4)) {
      out.entry(2, hang, TERMINAL.tag[language], `${key}: ${cutEnd(value.slice(0, 200), 120)}`);
    }
  }
  for (const warning of analysis.container.warnings.slice(0, 6)) {
    out.entry(2, hang, TERMINAL.warning[language], warning[language], out.colour.yellow);
  }
  out.entry(2, hang, 'SHA-256', analysis.sha256);
  const total = analysis.timing.total;
  if (Number.isFinite(total)) out.entry(2, hang, TERMINAL.time[language], duration(total)[language]);
}

function shortReason(analysis: Analysis): Text {
  if (analysis.outcome === 'unreadable') return analysis.error.text;
  return decisiveReason(analysis.verdict, analysis.evidence) ?? { en: '', zh: '' };
}

function cutIfFinite(text: string, columns: number): string {
  return columns === Number.POSITIVE_INFINITY ? text : cutEnd(text, Math.floor(columns));
}

function wordWidth(language: Language): number {
  return Math.max(...OUTCOMES.map((outcome) => displayWidth(OUTCOME_WORD[outcome][language])));
}

function painter(outcome: Outcome, colour: boolean): Paint {
  const c = pc.createColors(colour);
  const paints: Readonly<Record<Outcome, Paint>> = {
    authentic: c.green,
    inconclusive: c.cyan,
    suspect: c.yellow,
    synthetic: c.magenta,
    manipulated: c.red,
    unreadable: c.red,
  };
  return paints[outcome];
}

function statusPainter(status: EvidenceStatus, out: Block): Paint {
  const c = out.colour;
  const paints: Readonly<Record<EvidenceStatus, Paint>> = {
    detected: c.magenta,
    notDetected: c.green,
    notApplicable: c.dim,
    failed: c.red,
  };
  return paints[status];
}
