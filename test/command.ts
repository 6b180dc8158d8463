/**
 * The real command for contract tests: bundled from the sources as they are (not whatever lies in `dist/`), and run as
 * a process of its own.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** One bundle for each test process, so that two that run side by side do not build over each other. */
export const BUNDLE = join(ROOT, '.cache', `contract-${process.pid}`);

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Bundles the command and the library; call once, in `beforeAll`. */
export function build(): void {
  const tsdown = join(ROOT, 'node_modules', 'tsdown', 'dist', 'run.mjs');
  const built = spawnSync(
    process.execPath,
    [tsdown, '--no-dts', '--out-dir', BUNDLE, '--log-level', 'error'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  if (built.status !== 0 || !existsSync(join(BUNDLE, 'cli', 'main.js'))) {
    throw new Error(`the bundle could not be built:\n${built.stdout}\n${built.stderr}`);
  }
}

/** The environment of a plain shell in English, without colour settings of whoever runs the tests. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, LC_ALL, LC_MESSAGES, NODE_OPTIONS, ...rest } = process.env;
  return { ...rest, LANG: 'C.UTF-8', ...more };
}

/** Starts `huoyan ARGS` and hands the process over. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [join(BUNDLE, 'cli', 'main.js'), ...args], {
    cwd: options.cwd ?? ROOT,
    env: environment(options.env),
  });
}

/** Runs `huoyan ARGS` to its end. */
export function huoyan(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = start(args, options);
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
