/**
 * Any program as a detector: called once a file, without a shell, with a limit on time and on what it may say. It prints
 * a number, or JSON objects of which the last counts.
 */
import { spawn } from 'node:child_process';
import { HuoyanError } from '../../core/errors.ts';
import { type BenchDetector, Hopeless, type Opinion } from './detector.ts';
import { malformed, tookTooLong } from './failures.ts';

export interface CommandDescription {
  readonly kind: 'command';
  readonly name: string;
  readonly version?: string;
  /** Program and arguments; `{file}` stands for the path, which is added at the end where it is missing. */
  readonly command: string | readonly string[];
  readonly polarity?: 'higher-is-fake' | 'higher-is-real';
  readonly scale?: 'probability' | 'logit' | 'unbounded';
  readonly threshold?: number;
  readonly timeoutMs?: number;
}

/** Most bytes read of an answer. */
const MOST_OUTPUT = 1 << 20;
const TIMEOUT_MS = 60_000;

export function commandDetector(description: CommandDescription): BenchDetector {
  const { name, version, command, polarity = 'higher-is-fake', scale = 'probability' } = description;
  const words = typeof command === 'string' ? splitWords(command) : [...command];
  if (words.length === 0) throw wrongCommand('');
  if (!words.some((word) => word.includes('{file}'))) words.push('{file}');
  const timeoutMs = description.timeoutMs ?? TIMEOUT_MS;
  const turn = (score: number) =>
    polarity === 'higher-is-fake' ? score : scale === 'probability' ? 1 - score : -score;
  return {
    ...{ name, version, scale, settings: { command: words, polarity } },
    threshold: description.threshold === undefined ? undefined : turn(description.threshold),
    async judge(sample, signal) {
      const file = await sample.file();
      const [program, ...args] = words.map((word) => word.replaceAll('{file}', file));
      const opinion = understand(await run(name, program, args, timeoutMs, signal), name);
      return 'score' in opinion && opinion.score !== null
        ? ({ ...opinion, score: turn(opinion.score) } as Opinion)
        : opinion;
    },
    async close() {},
  };
}

/** Words of a command line: separated by blanks, quotes of both kinds hold them together, a backslash takes the next sign as it is. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    if (quote) {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\]/.test(line[i + 1] ?? '')) word += line[++i];
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '\\' && i + 1 < line.length) word = (word ?? '') + line[++i];
    else word = (word ?? '') + char;
  }
  if (quote) throw wrongCommand(line);
  if (word !== null) words.push(word);
  return words;
}

function wrongCommand(line: string): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `"${line}" is no command`, zh: `“${line}”不是命令` },
    { en: "write it as: 'program --option {file}'", zh: "请写作：'程序 --选项 {file}'" },
  );
}

/** Standard output of the program. Throws HuoyanError when it fails, says too much or takes too long. */
function run(
  name: string,
  program: string,
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it started ends with it.
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    let out = '';
    let complaint = '';
    const end = (error: Error) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      try {
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      reject(error);
    };
    const aborted = () => end(tookTooLong(name, timeoutMs));
    const timer = setTimeout(aborted, timeoutMs);
    signal.addEventListener('abort', aborted, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
      if (out.length > MOST_OUTPUT) end(malformed(name, `more than ${MOST_OUTPUT} characters`));
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint = (complaint + text).slice(-500);
    });
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const missing = new HuoyanError(
        'component-missing',
        { en: `"${program}" cannot be started (${cause.code})`, zh: `无法启动“${program}”（${cause.code}）` },
        { en: 'check the program after --command', zh: '请检查 --command 后的程序' },
        { cause },
      );
      end(new Hopeless(missing));
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (code === 0) resolve(out);
      else {
        const last = complaint.trim().split('\n').at(-1) ?? '';
        reject(malformed(name, `exit code ${code}${last ? `, ${last}` : ''}`));
      }
    });
  });
}

const FAKE_WORDS = /^(fake|synthetic|manipulated|suspect|ai|ai-generated|spoof)$/i;

/** A last line that is a number, or the last JSON object: `{score}` or `{probability}`, `{status}`, `{verdict}`. */
export function understand(output: string, name: string): Opinion {
  const lines = output.trim().split(/\r?\n/);
  const last = lines.at(-1)?.trim() ?? '';
  if (last !== '' && Number.isFinite(Number(last))) return { status: 'ok', score: Number(last) };
  const object = lines
    .toReversed()
    .map((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
      } catch {
        return null;
      }
    })
    .find((value) => value !== null) as Record<string, unknown> | undefined;
  if (!object) throw malformed(name, last.slice(0, 80) || 'nothing');
  const { status, reason, verdict } = object;
  const given = object.score ?? object.probability;
  const word = typeof verdict === 'string' ? { verdict } : {};
  if (status === 'notApplicable')
    return { status: 'notApplicable', reason: typeof reason === 'string' ? reason : 'not-applicable' };
  const score = given === null || given === undefined ? Number.NaN : Number(given);
  if (status === 'inconclusive') return { status, score: Number.isFinite(score) ? score : null, ...word };
  if (Number.isFinite(score)) return { status: 'ok', score, ...word };
  if (typeof verdict === 'string' && given === undefined)
    return { status: 'ok', score: FAKE_WORDS.test(verdict) ? 1 : 0, verdict };
  throw malformed(name, last.slice(0, 80));
}
