/** How results leave on standard output: lines for people, one JSON document, or one JSON record a line. */
import type { Analysis } from '../core/analysis.ts';
import {
  type OutcomeCounts,
  PRODUCER,
  type TerminalOptions,
  terminalDetails,
  terminalLine,
  toNdjsonLine,
  toRecord,
} from '../report/index.ts';
import type { Console } from './console.ts';

export interface Sum {
  readonly counts: OutcomeCounts;
  readonly elapsedMs: number;
  /** False when the run was stopped before its end. */
  readonly complete: boolean;
}

export interface Printer {
  /** Whether people read it. */
  readonly human: boolean;
  begin(): Promise<void>;
  print(analysis: Analysis): Promise<void>;
  end(sum: Sum): Promise<void>;
}

export interface PrinterFlags {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly maps?: boolean;
  readonly verbose?: boolean;
}

/** The printer the flags ask for. */
export function printerFor(flags: PrinterFlags, io: Console): Printer {
  const { language } = io;
  const options = { language, maps: flags.maps ?? false };
  if (flags.ndjson) {
    return {
      human: false,
      begin: async () => {},
      print: (analysis) => io.write(toNdjsonLine(analysis, options)),
      end: async () => {},
    };
  }
  if (flags.json) return new DocumentPrinter(io, options);
  return new LinePrinter(io, flags.verbose ?? false);
}

/** `{ "schema", "producer", "records": [...], "summary": {...} }`, written piece by piece. */
class DocumentPrinter implements Printer {
  readonly human = false;
  #first = true;

  constructor(
    private readonly io: Console,
    private readonly options: Parameters<typeof toRecord>[1],
  ) {}

  async begin(): Promise<void> {
    await this.io.write(`{"schema":"huoyan.analyses/1","producer":${JSON.stringify(PRODUCER)},"records":[`);
  }

  async print(analysis: Analysis): Promise<void> {
    const separator = this.#first ? '\n' : ',\n';
    this.#first = false;
    await this.io.write(separator + JSON.stringify(toRecord(analysis, this.options)));
  }

  async end({ counts, elapsedMs, complete }: Sum): Promise<void> {
    const summary = { counts, elapsedMs: Math.round(elapsedMs), complete };
    await this.io.write(`\n],"summary":${JSON.stringify(summary)}}\n`);
  }
}

/** One line a file, with the reasons below it when asked; errors are told with their hint on standard error too. */
class LinePrinter implements Printer {
  readonly human = true;
  readonly #options: TerminalOptions;

  constructor(
    private readonly io: Console,
    private readonly verbose: boolean,
  ) {
    this.#options = { language: io.language, columns: io.columns, colour: io.color };
  }

  async begin(): Promise<void> {}

  async print(analysis: Analysis): Promise<void> {
    const line = terminalLine(analysis, this.#options);
    const details = this.verbose ? `\n${terminalDetails(analysis, this.#options)}\n` : '';
    await this.io.write(`${line}${details}\n`);
    if (analysis.outcome !== 'unreadable' || this.verbose) return;
    // on one screen the line above has said it already; only what to do about it is new
    const oneScreen = this.io.columns !== undefined && this.io.columnsStderr !== undefined;
    const { en, zh } = analysis.error.hint;
    if (oneScreen) this.io.note({ en: `  hint: ${en}`, zh: `  提示：${zh}` });
    else this.io.error(analysis.error, analysis.file);
  }

  async end(): Promise<void> {}
}
