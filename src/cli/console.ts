/**
 * The two streams of a command. Standard output carries data and nothing else, and is written with back-pressure, so
 * that a slow reader slows the analysis down instead of filling the memory; standard error carries progress, warnings
 * and errors, each error with a hint. A reader that goes away ends the command quietly.
 */
import type { HuoyanError } from '../core/errors.ts';
import type { Language, Text } from '../core/text.ts';
import { plainLine } from '../report/plain.ts';
import { cutEnd } from '../report/width.ts';
import { EXIT } from './exit.ts';

export interface ConsoleOptions {
  readonly language: Language;
  /** No progress and no closing line; errors are still told. */
  readonly quiet: boolean;
  /** `--no-color` was given. */
  readonly noColor: boolean;
}

/** What standard output's reader going away is told as; `main` turns it into exit code 141. */
export class BrokenPipe extends Error {
  readonly exitCode = EXIT.brokenPipe;
}

export class Console {
  readonly language: Language;
  readonly quiet: boolean;
  /** Whether standard output may carry colour codes. */
  readonly color: boolean;
  readonly #stdout: NodeJS.WriteStream;
  readonly #stderr: NodeJS.WriteStream;
  /** Whether standard error may carry colour codes. */
  readonly colorStderr: boolean;
  #broken: Error | null = null;
  #statusShown = false;
  #statusAt = 0;

  constructor(options: ConsoleOptions, stdout = process.stdout, stderr = process.stderr, env = process.env) {
    this.language = options.language;
    this.quiet = options.quiet;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.color = colorWanted(options, stdout, env);
    this.colorStderr = colorWanted(options, stderr, env);
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.#broken = error.code === 'EPIPE' ? new BrokenPipe('standard output was closed') : error;
    });
    stderr.on('error', () => {});
  }

  /** Columns of the terminal standard output goes to; undefined for a file or pipe, where nothing is cut. */
  get columns(): number | undefined {
    return this.#stdout.isTTY ? this.#stdout.columns : undefined;
  }

  /** Columns of the terminal standard error goes to; undefined for a file or pipe. */
  get columnsStderr(): number | undefined {
    return this.#stderr.isTTY ? this.#stderr.columns : undefined;
  }

  say(text: Text): string {
    return text[this.language];
  }

  /** Writes data to standard output and waits while its reader is behind. Throws BrokenPipe when there is none left. */
  async write(data: string): Promise<void> {
    if (this.#broken) throw this.#broken;
    this.clearStatus();
    const more = this.#stdout.write(data);
    if (!more && !this.#broken) {
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#stdout.off('drain', done);
          this.#stdout.off('error', done);
          this.#stdout.off('close', done);
          resolve();
        };
        this.#stdout.on('drain', done);
        this.#stdout.on('error', done);
        this.#stdout.on('close', done);
      });
    }
    if (this.#broken) throw this.#broken;
  }

  /** Waits until everything written has been taken over by the system; needed before `process.exit`. */
  async flush(): Promise<void> {
    for (const stream of [this.#stdout, this.#stderr]) {
      if (stream.writableLength === 0 || stream.destroyed) continue;
      await new Promise<void>((resolve) => {
        stream.write('', () => resolve());
        stream.once('error', () => resolve());
        stream.once('close', () => resolve());
      });
    }
    if (this.#broken) throw this.#broken;
  }

  /** Words on standard error that quiet runs do not want; a line feed is added. */
  note(text: Text | string): void {
    if (this.quiet) return;
    this.clearStatus();
    this.#stderr.write(`${typeof text === 'string' ? text : this.say(text)}\n`);
  }

  /** An error and what to do about it, on standard error, always. */
  error(error: HuoyanError, file?: string): void {
    this.clearStatus();
    const red = this.colorStderr ? ['\x1b[31m', '\x1b[39m'] : ['', ''];
    const where = file === undefined ? '' : `${plainLine(file)}: `;
    const word = this.say({ en: 'error:', zh: '错误：' });
    const hint = this.say({ en: 'hint:', zh: '提示：' });
    const gap = this.language === 'en' ? ' ' : '';
    this.#stderr.write(
      `${red[0]}${word}${red[1]}${gap}${where}${plainLine(this.say(error.text))}\n  ${hint}${gap}${this.say(error.hint)}\n`,
    );
  }

  /** One line that is overwritten by the next, on a terminal only and at most ten times a second. */
  status(text: () => Text): void {
    if (this.quiet || !this.#stderr.isTTY) return;
    const now = performance.now();
    if (now - this.#statusAt < 100) return;
    this.#statusAt = now;
    const width = Math.max(20, (this.#stderr.columns ?? 80) - 1);
    this.#stderr.write(`\r\x1b[2K${cutEnd(this.say(text()), width)}`);
    this.#statusShown = true;
  }

  clearStatus(): void {
    if (!this.#statusShown) return;
    this.#stderr.write('\r\x1b[2K');
    this.#statusShown = false;
    this.#statusAt = 0;
  }
}

/** NO_COLOR (no-color.org) and --no-color say no, FORCE_COLOR says yes, otherwise a terminal gets colour. */
function colorWanted(
  options: ConsoleOptions,
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (options.noColor || env.NO_COLOR || env.TERM === 'dumb') return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true;
}
