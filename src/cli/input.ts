/** One file on its way to a verdict: where its bytes are, and what it is called, which need not be the same. */
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import type { AnalyseOptions, Engine } from '../evidence/analyse.node.ts';

/** A file that can be read from this machine: at its name, at `path`, or as `bytes`. */
export interface LocalFile {
  readonly name: string;
  readonly bytes?: Uint8Array;
  /** A copy that was made for this run. */
  readonly path?: string;
  /** What the store said of its content: changes with it. */
  readonly tag?: string;
  /** Lets go of that copy. */
  readonly release?: () => Promise<void>;
}

/** A file to analyse, or one that was already found to be unreadable. */
export type Input = LocalFile | { readonly name: string; readonly error: HuoyanError };

/** A file on another machine, not fetched yet. */
export interface RemoteFile {
  readonly name: string;
  readonly remote: {
    /** What changes with the content, as the store tells it; null where it does not, or the file is not there. */
    tag(): Promise<string | null>;
    /** Copies the file to the new file `to`, and says its tag. Rejects with HuoyanError. */
    download(to: string): Promise<string | null>;
  };
}

/** What the user named, before anything was fetched. */
export type NamedInput = Input | RemoteFile;

/** The analysis of a file that is here, under the name it has. */
export async function analyseLocal(
  engine: Engine,
  { name, bytes, path }: LocalFile,
  options: AnalyseOptions,
): Promise<Analysis> {
  if (bytes) return engine.analyseBytes(bytes, name, options);
  if (path === undefined) return engine.analyseFile(name, options);
  const analysis = await engine.analyseFile(path, options);
  if (analysis.outcome === 'analysed') return { ...analysis, file: name };
  const { code, text, hint, cause } = analysis.error;
  const called = { en: text.en.replaceAll(path, name), zh: text.zh.replaceAll(path, name) };
  return { ...analysis, file: name, error: new HuoyanError(code, called, hint, { cause }) };
}
