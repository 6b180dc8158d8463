/** `huoyan audit recognition`: how a face recogniser answered, or answers, to deepfakes. */
import { readFile } from 'node:fs/promises';
import { measure } from '../../audit/measure/sets.ts';
import { type NameRule, parseAliases } from '../../audit/names.ts';
import { readRecorded } from '../../audit/recorded/read.node.ts';
import type { Audit } from '../../core/audit.ts';
import { fromFileSystem } from '../../media/failures.ts';
import { auditCsv, auditHtmlParts, auditText, toAuditRecord } from '../../report/index.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { WholeFile } from '../whole-file.ts';

export interface AuditFlags {
  readonly recorded?: readonly string[];
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
  if (!flags.recorded?.length) {
    throw usageError(
      { en: 'nothing to audit', zh: '没有审计对象' },
      {
        en: 'name recorded answers: --recorded FILE…',
        zh: '请指定应答记录：--recorded 文件…',
      },
    );
  }
  const outputs = await openOutputs(flags);
  try {
    const audit = await recordedAudit(flags, flags.recorded);
    await print(audit, flags, outputs, io);
    if (audit.total.n === 0) return EXIT.failure;
    return audit.problems.length > 0 || audit.total.failed > 0 ? EXIT.partial : EXIT.ok;
  } finally {
    await outputs.csv?.discard();
    await outputs.html?.discard();
  }
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
