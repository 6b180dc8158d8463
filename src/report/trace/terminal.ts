/**
 * A trace as terminal text: one line a file, and the candidates behind it. An answer is named only where it is
 * likelier than all others together; names from files and of generators are written out harmlessly.
 */
import pc from 'picocolors';
import type { Trace, Traced } from '../../core/trace.ts';
import { Block, type Paint, type TerminalOptions } from '../block.ts';
import { duration, percent } from '../locale/format.ts';
import {
  candidateName,
  candidateShare,
  heardInShort,
  ORIGIN_WORD,
  SAME_SOURCE,
  sameSourceAs,
  TRACE,
  UNTRACEABLE_HINT,
  untraceable,
} from '../locale/trace.ts';
import { CONSTRUCTION, constructionInShort } from '../locale/trace-construction.ts';
import { plainLine } from '../plain.ts';
import { cutEnd, cutPath, displayWidth, padEnd, padStart } from '../width.ts';
import { type AnswerKind, answerKind, candidatesOf } from './answer.ts';

const SYMBOL: Readonly<Record<AnswerKind, string>> = {
  generator: '✦',
  unknown: '✧',
  unclear: '?',
  photograph: '○',
  recording: '○',
  untraceable: '-',
  unreadable: '✕',
};
const ASCII_SYMBOL: Readonly<Record<AnswerKind, string>> = {
  generator: '*',
  unknown: '%',
  unclear: '?',
  photograph: 'o',
  recording: 'o',
  untraceable: '-',
  unreadable: 'x',
};

/** Share of the terminal that the names of files get, so that the answers stand below each other. */
const NAME_SHARE = 0.42;
const LONGEST_NAME = 60;
/** Candidates in the details. */
const MOST_CANDIDATES = 5;
/** Candidates in the line of a file that has no clear answer. */
const MOST_UNCLEAR = 2;
/** Where the names of candidates and neighbours begin. */
const HANG = 11;
/** Where the values of the list of facts begin. */
const FACTS_HANG = 13;

/** One file on one line, without a line feed: symbol, file, most likely source, how many pictures share it. */
export function traceLine(trace: Trace, options: TerminalOptions): string {
  const { language, columns } = options;
  const kind = answerKind(trace);
  const paint = painter(kind, options.colour);
  const c = pc.createColors(options.colour);
  const symbol = paint((options.ascii ? ASCII_SYMBOL : SYMBOL)[kind]);
  const name = plainLine(trace.file);
  const answer = plainLine(answerOf(trace, language));
  const count = trace.outcome === 'traced' ? trace.neighbours.length : 0;
  const company = count > 0 ? sameSourceAs(String(count))[language] : '';
  if (columns === undefined) {
    return `${symbol} ${c.bold(name)}  ${paint(answer)}${company && `  ${c.dim(company)}`}`;
  }
  const nameRoom = Math.max(4, Math.min(LONGEST_NAME, Math.floor((columns - 4) * NAME_SHARE)));
  const answerRoom = Math.max(0, columns - 4 - nameRoom);
  const shown = cutEnd(answer, answerRoom);
  const left = answerRoom - displayWidth(shown) - 2;
  const tail = company && displayWidth(company) <= left ? `  ${c.dim(company)}` : '';
  return `${symbol} ${c.bold(padEnd(cutPath(name, nameRoom), nameRoom))}  ${paint(shown)}${tail}`;
}

/**
 * What is behind one line (`-v`), indented below it, without a final line feed: the first five candidates, how the
 * generator is likely built, the files of likely the same source, size or length, time and hash; for a file that could
 * not be traced or read, why and what to do.
 */
export function traceDetails(trace: Trace, options: TerminalOptions): string {
  const out = new Block(options);
  const { language } = out;
  if (trace.outcome === 'unreadable') {
    out.prose(2, trace.error.text[language]);
    out.prose(2, `${TRACE.hint[language]}${trace.error.hint[language]}`);
    return out.toString();
  }
  if (trace.outcome === 'notApplicable') {
    out.prose(2, untraceable(trace)[language]);
    out.prose(2, `${TRACE.hint[language]}${UNTRACEABLE_HINT[trace.kind][language]}`);
    return out.toString();
  }
  candidatesBlock(out, trace);
  constructionBlock(out, trace);
  neighboursBlock(out, trace);
  if (trace.kind === 'image')
    out.entry(2, FACTS_HANG, TRACE.measured[language], `${trace.width} × ${trace.height}`);
  else out.entry(2, FACTS_HANG, TRACE.heard[language], heardInShort(trace.heard)[language]);
  out.entry(2, FACTS_HANG, 'SHA-256', trace.sha256);
  if (Number.isFinite(trace.elapsedMs)) {
    out.entry(2, FACTS_HANG, TRACE.time[language], duration(trace.elapsedMs)[language]);
  }
  return out.toString();
}

function answerOf(trace: Trace, language: TerminalOptions['language']): string {
  if (trace.outcome === 'unreadable') return trace.error.text[language];
  if (trace.outcome === 'notApplicable') return untraceable(trace)[language];
  const candidates = candidatesOf(trace).map((one) => candidateShare(one)[language]);
  if (answerKind(trace) !== 'unclear') return candidates[0];
  const comma = language === 'en' ? ', ' : '，';
  return TRACE.notClear[language] + candidates.slice(0, MOST_UNCLEAR).join(comma);
}

function candidatesBlock(out: Block, trace: Traced): void {
  const { language, colour } = out;
  out.prose(2, TRACE.origin[language], colour.bold);
  const unit = language === 'en' ? ' %' : '%';
  for (const one of candidatesOf(trace).slice(0, MOST_CANDIDATES)) {
    const name = candidateName(one)[language];
    const origin = one.kind === 'generator' ? ORIGIN_WORD[one.origin][language] : '';
    const [open, close] = language === 'en' ? [' (', ')'] : ['（', '）'];
    const value = origin ? `${name}${open}${origin}${close}` : name;
    out.entry(4, HANG, padStart(`${percent(one.probability)}${unit}`, 5), value);
  }
  if (answerKind(trace) === 'unclear') out.prose(4, TRACE.noAnswer[language], colour.yellow);
  out.prose(4, TRACE.amongCompared[language], colour.dim);
}

/** Only what is said with some confidence, and nothing of a photograph, which has no generator. */
function constructionBlock(out: Block, trace: Traced): void {
  if (trace.kind !== 'image' || !trace.construction || answerKind(trace) === 'photograph') return;
  const { built, trained } = constructionInShort(trace.construction);
  const said = [built, trained].filter((one) => one !== null);
  out.prose(2, CONSTRUCTION.title[out.language], out.colour.bold);
  for (const text of said.length > 0 ? said : [CONSTRUCTION.nothing]) out.prose(4, text[out.language]);
  out.prose(4, CONSTRUCTION.short[out.language], out.colour.dim);
}

function neighboursBlock(out: Block, trace: Traced): void {
  if (trace.neighbours.length === 0) return;
  out.prose(2, SAME_SOURCE[trace.kind][out.language], out.colour.bold);
  for (const { file, similarity } of trace.neighbours) {
    out.entry(4, HANG, padStart(Number.isFinite(similarity) ? similarity.toFixed(2) : '–', 5), file);
  }
}

function painter(kind: AnswerKind, colour: boolean): Paint {
  const c = pc.createColors(colour);
  const paints: Readonly<Record<AnswerKind, Paint>> = {
    generator: c.magenta,
    unknown: c.yellow,
    unclear: c.cyan,
    photograph: c.green,
    recording: c.green,
    untraceable: c.dim,
    unreadable: c.red,
  };
  return paints[kind];
}
