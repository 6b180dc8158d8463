/** `huoyan audit recognition`: how a face recogniser answered, or answers, to deepfakes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal } from '../../audit/calls/journal.node.ts';
import { type Gate, huoyanGate } from '../../audit/gates/huoyan.node.ts';
import { type ScoreFile, scoreFile } from '../../audit/gates/scored.node.ts';
import { auditLive } from '../../audit/live.node.ts';
import { readFakes } from '../../audit/material/fakes.node.ts';
import { readGallery } from '../../audit/material/gallery.node.ts';
import { measure } from '../../audit/measure/sets.ts';
import { NameBook, type NameRule, parseAliases } from '../../audit/names.ts';
import type { Recogniser } from '../../audit/recogniser.ts';
import { openRecognisers, readConfiguration } from '../../audit/recognisers/manifest.node.ts';
import { readRecorded } from '../../audit/recorded/read.node.ts';
import { type Estimate, estimate, type Material, questionsFor } from '../../audit/run.node.ts';
import type { Audit } from '../../core/audit.ts';
import type { Text } from '../../core/text.ts';
import { fromFileSystem } from '../../media/failures.ts';
import { auditCsv, auditHtmlParts, auditText, toAuditRecord } from '../../report/index.ts';
import { huoyanHome } from '../../trace/home.node.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { WholeFile } from '../whole-file.ts';

export interface AuditFlags {
  readonly recorded?: readonly string[];
  readonly gallery?: readonly string[];
  readonly fakes?: readonly string[];
  /** Frames of each clip among them. */
  readonly frames?: number;
  /** Names with commas between. */
  readonly recogniser?: string;
  /** `huoyan`, or score files. */
  readonly gate?: readonly string[];
  /** File with addresses and keys of services. */
  readonly config?: string;
  readonly journal?: string;
  readonly maxCalls?: number;
  readonly dryRun?: boolean;
  readonly service?: string;
  readonly names?: NameRule;
  readonly aliases?: string;
  readonly json?: boolean;
  readonly csv?: string;
  readonly html?: string;
}

/** Problems that are told one by one; the record has them all. */
const MOST_TOLD = 20;

/** Runs the command and returns its exit code. */
export async function auditRecognition(flags: AuditFlags, io: Console): Promise<number> {
  checkFlags(flags);
  if (flags.dryRun) return dryRun(flags, io);
  const outputs = await openOutputs(flags);
  try {
    const audit = flags.recorded ? await recordedAudit(flags, flags.recorded) : await liveAudit(flags, io);
    await print(audit, flags, outputs, io);
    if (audit.total.n === 0 && audit.accuracy.length === 0) return EXIT.failure;
    return audit.problems.length > 0 || audit.total.failed > 0 ? EXIT.partial : EXIT.ok;
  } finally {
    await outputs.csv?.discard();
    await outputs.html?.discard();
  }
}

function checkFlags({ recorded, gallery, fakes, dryRun }: AuditFlags): void {
  if (recorded?.length && !gallery?.length && !fakes?.length && !dryRun) return;
  if (recorded?.length) {
    throw usageError(
      {
        en: 'recorded answers need no gallery, no fakes and no dry run',
        zh: '应答记录不需要图库、伪造图片或试算',
      },
      {
        en: 'give --recorded alone, or --gallery with --fakes',
        zh: '请单独使用 --recorded，或使用 --gallery 与 --fakes',
      },
    );
  }
  if (gallery?.length || fakes?.length) return;
  throw usageError(
    { en: 'nothing to audit', zh: '没有审计对象' },
    {
      en: 'name recorded answers (--recorded FILE…), or a gallery and fakes (--gallery FOLDER --fakes FOLDER…)',
      zh: '请指定应答记录（--recorded 文件…），或图库与伪造图片（--gallery 文件夹 --fakes 文件夹…）',
    },
  );
}

interface Outputs {
  readonly csv: WholeFile | null;
  readonly html: WholeFile | null;
}

/** Opened before the work begins, so that a run is not lost to a report that cannot be written. */
async function openOutputs({ csv, html }: AuditFlags): Promise<Outputs> {
  const page = html === undefined ? null : await WholeFile.open(html);
  try {
    return { html: page, csv: csv === undefined ? null : await WholeFile.open(csv) };
  } catch (thrown) {
    await page?.discard();
    throw thrown;
  }
}

async function recordedAudit(flags: AuditFlags, files: readonly string[]): Promise<Audit> {
  const aliases = await aliasesIn(flags.aliases);
  const read = [];
  for (const file of files) read.push(await readRecorded(file, { service: flags.service }));
  const answers = read.flatMap((one) => one.answers);
  const problems = read.flatMap((one) => one.problems);
  return { ...measure(answers, { rule: flags.names, aliases }), accuracy: [], gates: [], problems };
}

interface Prepared {
  readonly material: Material;
  readonly recognisers: readonly Recogniser[];
  readonly aliases: readonly (readonly string[])[];
}

async function prepare(flags: AuditFlags): Promise<Prepared> {
  const aliases = await aliasesIn(flags.aliases);
  const names = (flags.recogniser ?? '').split(',').map((name) => name.trim());
  const configuration = await readConfiguration(flags.config);
  const recognisers = await openRecognisers(
    names.filter((name) => name !== ''),
    configuration,
  );
  const book = new NameBook({ rule: flags.names, aliases });
  const gallery = flags.gallery?.length ? await readGallery(flags.gallery, book) : null;
  const sets = [];
  for (const folder of flags.fakes ?? []) sets.push(await readFakes(folder, book, { frames: flags.frames }));
  return { material: { gallery, sets, book }, recognisers, aliases };
}

const journalOf = ({ journal }: AuditFlags) => journal ?? join(huoyanHome(), 'audit', 'answers.ndjson');

/** What the run would ask and cost; nothing is asked. */
async function dryRun(flags: AuditFlags, io: Console): Promise<number> {
  const { material, recognisers } = await prepare(flags);
  const journal = await Journal.open(journalOf(flags));
  try {
    const all = recognisers.map((one) => estimate(one, questionsFor(one, material), journal));
    if (flags.json) await io.write(`${JSON.stringify({ estimates: all })}\n`);
    else for (const one of all) await io.write(`${io.say(estimateText(one))}\n`);
    return EXIT.ok;
  } finally {
    await journal.close();
  }
}

function estimateText({ recogniser, calls, dollars, seconds }: Estimate): Text {
  const open = calls.reduce((sum, { all, remembered }) => sum + all - remembered, 0);
  const parts = calls.map(({ operation, all }) => `${operation} ${all}`).join(', ');
  const remembered = calls.reduce((sum, one) => sum + one.remembered, 0);
  const cost = dollars === null ? null : dollars.toFixed(2);
  const minutes = Math.ceil(seconds / 60);
  return {
    en: `${recogniser}: ${open} calls to make (${parts}; ${remembered} answered already)${cost === null ? '' : `, about US$ ${cost}`}${minutes > 0 ? `, at least ${minutes} min` : ''}`,
    zh: `${recogniser}：需调用 ${open} 次（${parts}；已有应答 ${remembered} 次）${cost === null ? '' : `，约 ${cost} 美元`}${minutes > 0 ? `，至少 ${minutes} 分钟` : ''}`,
  };
}

async function liveAudit(flags: AuditFlags, io: Console): Promise<Audit> {
  const { material, recognisers, aliases } = await prepare(flags);
  const gates: (Gate | ScoreFile)[] = [];
  const journal = await Journal.open(journalOf(flags));
  try {
    for (const gate of flags.gate ?? [])
      gates.push(gate === 'huoyan' ? await huoyanGate() : await scoreFile(gate));
    for (const one of recognisers) io.note(estimateText(estimate(one, questionsFor(one, material), journal)));
    const { audit, calls } = await auditLive(recognisers, material, {
      memory: journal,
      names: { rule: flags.names, aliases },
      mostCalls: flags.maxCalls,
      gates,
      progress: (what, done, of) =>
        io.status(() => ({ en: `${what}: ${done} of ${of}`, zh: `${what}：${done} / ${of}` })),
    });
    for (const { recogniser, counts } of calls) {
      const { made, remembered, throttled } = counts;
      io.note({
        en: `${recogniser}: ${made} calls made, ${remembered} answers remembered${throttled > 0 ? `, throttled ${throttled} times` : ''}`,
        zh: `${recogniser}：实际调用 ${made} 次，沿用已有应答 ${remembered} 次${throttled > 0 ? `，被限流 ${throttled} 次` : ''}`,
      });
    }
    return audit;
  } finally {
    await journal.close();
    for (const gate of gates) if ('close' in gate) await gate.close();
  }
}

async function aliasesIn(file: string | undefined): Promise<string[][]> {
  if (file === undefined) return [];
  const json = await readFile(file, 'utf8').catch((thrown) => {
    throw fromFileSystem(file, thrown);
  });
  return parseAliases(json, file);
}

async function print(audit: Audit, flags: AuditFlags, outputs: Outputs, io: Console): Promise<void> {
  const { language } = io;
  for (const { file, line, error } of audit.problems.slice(0, MOST_TOLD))
    io.error(error, line === undefined ? file : `${file}:${line}`);
  if (audit.problems.length > MOST_TOLD) {
    const more = audit.problems.length - MOST_TOLD;
    io.note({ en: `… and ${more} more`, zh: `……另有 ${more} 处` });
  }
  if (flags.json) await io.write(`${JSON.stringify(toAuditRecord(audit, language))}\n`);
  else if (audit.total.n > 0 || audit.accuracy.length > 0)
    await io.write(`${auditText(audit, { language, columns: io.columns, colour: io.color })}\n`);
  if (outputs.csv) {
    await outputs.csv.finish(auditCsv(audit));
    io.note({ en: `table written: ${outputs.csv.path}`, zh: `表格已写出：${outputs.csv.path}` });
  }
  if (outputs.html) {
    await outputs.html.finish(auditHtmlParts(audit, { language, generatedAt: new Date() }));
    io.note({ en: `report written: ${outputs.html.path}`, zh: `报告已写出：${outputs.html.path}` });
  }
}
