/** What commands of several groups take, each written once, so that it reads and works the same everywhere. */
import type { Argument, Flag } from './declaration.ts';
import { integer } from './values.ts';

const PICTURES = { en: 'files, folders, globs', zh: '文件、文件夹、通配符' };

/** The input of `analyze` and `trace`; standard input too. */
export const ANY_INPUT: Argument = {
  name: '[paths...]',
  text: { en: 'files, folders, globs; "-" is standard input', zh: '文件、文件夹、通配符；“-”表示标准输入' },
};

export const ANY_PICTURES: Argument = { name: '[paths...]', text: PICTURES };

/** At least one of them. */
export const SOME_PICTURES: Argument = { name: '<paths...>', text: PICTURES };

export const FILES_FROM: Flag = {
  flags: '--files-from <file>',
  text: { en: 'also read paths from FILE, or "-"', zh: '另从文件（或“-”）读取路径清单' },
};

/** Where all results become one document, and `--ndjson` is the other choice. */
export const JSON_DOCUMENT: Flag = {
  flags: '--json',
  text: { en: 'one JSON document on standard output', zh: '向标准输出写一个 JSON 文档' },
  conflicts: 'ndjson',
};

export const AS_JSON: Flag = { flags: '--json', text: { en: 'as JSON', zh: '以 JSON 输出' } };

export const HTML: Flag = {
  flags: '--html <file>',
  text: { en: 'write a self-contained report', zh: '写出自包含的 HTML 报告' },
};

/** Where it stays unset, the command itself takes 1. */
export const SEED: Flag = {
  flags: '--seed <n>',
  text: { en: 'seed (default: 1)', zh: '种子（默认：1）' },
  parse: integer(0, 1_000_000_000),
};
