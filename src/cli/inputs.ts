/**
 * What the user named, as a stream of files to analyse: paths, folders and globs from the command line, a list of
 * paths from a file or from standard input, objects of an S3-compatible store, and standard input itself as one picture. What cannot be found becomes an
 * input with an error, so that the rest go on.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { asHuoyanError } from '../core/errors.ts';
import { readBytes } from '../media/index.node.ts';
import { listFiles } from '../media/list.node.ts';
import { contractError, usageError } from './failure.ts';
import type { Input, NamedInput } from './input.ts';
import { isMedia, namedAsMedia, SNIFF_BYTES } from './media-name.ts';
import { isRemote, RemoteFiles } from './remote.ts';

export interface InputOptions {
  /** A file with one path a line (or NUL after each, as `find -print0` writes); `-` is standard input. */
  readonly filesFrom?: string;
}

/** Longest path accepted in a list, in bytes; a longer "line" means that the file is not a list of paths. */
const MAX_PATH_BYTES = 32_768;

/** Throws a usage failure for combinations that make no sense. */
export function checkInputs(paths: readonly string[], options: InputOptions): void {
  if (paths.length === 0 && options.filesFrom === undefined) {
    throw usageError(
      { en: 'no file given', zh: '没有指定文件' },
      {
        en: 'name files, folders or globs, "-" for standard input, or --files-from FILE',
        zh: '请指定文件、文件夹或通配符，“-”表示标准输入，或用 --files-from 文件',
      },
    );
  }
  const standardInput = paths.filter((path) => path === '-').length + (options.filesFrom === '-' ? 1 : 0);
  if (standardInput > 1) {
    throw usageError(
      { en: 'standard input can be read only once', zh: '标准输入只能读取一次' },
      {
        en: 'use "-" for one picture, or --files-from - for a list, not both',
        zh: '“-”读一张图片，--files-from - 读清单，二者只能选一',
      },
    );
  }
}

/** Every file of this machine that is named, in order; folders and globs are walked as the reader goes along. */
export async function* inputsOf(paths: readonly string[], options: InputOptions): AsyncGenerator<Input> {
  for await (const { path } of namesIn(paths, options)) yield* expand(path);
}

/** The same, and what is named on S3-compatible stores, which is not fetched yet. */
export async function* namedInputsOf(
  paths: readonly string[],
  options: InputOptions & { readonly s3Endpoint?: string },
): AsyncGenerator<NamedInput> {
  const remote = new RemoteFiles(options.s3Endpoint);
  for await (const { path, listed } of namesIn(paths, options)) {
    if (!isRemote(path)) yield* expand(path);
    else yield* listed ? remote.line(path) : remote.expand(path);
  }
}

async function* namesIn(
  paths: readonly string[],
  { filesFrom }: InputOptions,
): AsyncGenerator<{ readonly path: string; readonly listed: boolean }> {
  for (const path of paths) yield { path, listed: false };
  if (filesFrom === undefined) return;
  for await (const path of pathsIn(filesFrom)) yield { path, listed: true };
}

async function* expand(path: string): AsyncGenerator<Input> {
  const walked = path !== '-' && (await isFolder(path));
  for await (const found of listFiles([path])) {
    if (found.status === 'error') yield { name: found.path, error: found.error };
    else if (found.status === 'stdin') yield await standardInput();
    else if (!walked || (await mayBeMedia(found.path))) yield { name: found.path };
  }
}

async function standardInput(): Promise<Input> {
  try {
    return { name: '-', bytes: await readBytes('-') };
  } catch (thrown) {
    return { name: '-', error: asHuoyanError(thrown) };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Whether a file met in a folder is worth a record: its name or its content says that it is media. A file the
 * user named is always worth one.
 */
async function mayBeMedia(path: string): Promise<boolean> {
  if (namedAsMedia(path)) return true;
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      return isMedia(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** The paths listed in `file`, read as they come. Throws a contract failure when it is no list of paths. */
async function* pathsIn(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let separator: string | null = null;
  for await (const chunk of await openList(file)) {
    try {
      rest += decoder.decode(chunk, { stream: true });
    } catch (cause) {
      throw notAList(file, cause);
    }
    separator ??= rest.includes('\0') ? '\0' : rest.includes('\n') ? '\n' : null;
    if (separator) {
      const parts = rest.split(separator);
      rest = parts.pop() as string;
      yield* parts.map(trimmed).filter((path) => path !== '');
    }
    if (rest.length > MAX_PATH_BYTES) throw notAList(file);
  }
  const last = trimmed(rest);
  if (last !== '') yield last;
}

/** A line without the carriage return that Windows puts before the line feed. */
function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

async function openList(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') return process.stdin;
  try {
    if ((await stat(file)).isDirectory())
      throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw contractError(
      {
        en: `the list of files "${file}" cannot be read (${reason})`,
        zh: `无法读取文件清单“${file}”（${reason}）`,
      },
      { en: 'check the path given to --files-from', zh: '请检查 --files-from 后的路径' },
      cause,
    );
  }
  return createReadStream(file);
}

function notAList(file: string, cause?: unknown): Error {
  return contractError(
    { en: `"${file}" is not a list of paths`, zh: `“${file}”不是路径清单` },
    {
      en: 'it must be UTF-8 text with one path a line; to analyse a picture, name it without --files-from',
      zh: '应为 UTF-8 文本，每行一个路径；如要分析图片，请直接写路径，不用 --files-from',
    },
    cause,
  );
}
