/**
 * From what a user names (paths, folders, patterns, `-`, a list in a file) to the files to analyse, one at a time and
 * in a stable order. What cannot be found becomes a record with its error, so that one wrong name does not end a batch.
 */
import { createReadStream, type Dirent } from 'node:fs';
import { opendir, readdir, stat } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { createInterface } from 'node:readline';
import type { HuoyanError } from '../core/errors.ts';
import { fromFileSystem, notAFile, notFound } from './failures.ts';
import { expandBraces, isPattern, matchSegment } from './glob.ts';

export type ListedFile =
  | { readonly status: 'file'; readonly path: string }
  /** Standard input, to be read with the path `-`. */
  | { readonly status: 'stdin'; readonly path: '-' }
  | { readonly status: 'error'; readonly path: string; readonly error: HuoyanError };

export interface ListOptions {
  /** A file with one path, folder or pattern a line (`-`: the list itself comes from standard input). */
  readonly filesFrom?: string;
  /** Where `filesFrom: '-'` reads; the process's standard input by default. */
  readonly stdin?: NodeJS.ReadableStream;
}

/** Folders nested deeper than this are not entered (a loop of links would never end). */
const MAX_DEPTH = 64;

/** By name, as code units: the same order on every machine. */
const byName = (a: Dirent, b: Dirent) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/**
 * The files meant by `inputs`, lazily: folders are read one at a time, recursively and sorted, without hidden entries;
 * a pattern that is itself an existing file means that file. Every yield is a file, standard input or a typed error.
 */
export async function* listFiles(
  inputs: readonly string[],
  options: ListOptions = {},
): AsyncGenerator<ListedFile, void, undefined> {
  for (const input of inputs) yield* listOne(input);
  if (options.filesFrom !== undefined) yield* listFrom(options.filesFrom, options.stdin ?? process.stdin);
}

async function* listOne(input: string): AsyncGenerator<ListedFile> {
  if (input === '-') {
    yield { status: 'stdin', path: '-' };
    return;
  }
  try {
    const found = await stat(input);
    if (found.isDirectory()) yield* walk(input, 0);
    else if (found.isFile()) yield { status: 'file', path: input };
    else yield { status: 'error', path: input, error: notAFile(input) };
  } catch (thrown) {
    if (!isPattern(input)) {
      yield { status: 'error', path: input, error: fromFileSystem(input, thrown) };
      return;
    }
    let any = false;
    for await (const file of matching(input)) {
      any = true;
      yield file;
    }
    if (!any) yield { status: 'error', path: input, error: notFound(input, thrown) };
  }
}

/** Lines of a list; blank lines and lines that start with `#` are skipped. */
async function* listFrom(source: string, stdin: NodeJS.ReadableStream): AsyncGenerator<ListedFile> {
  const input = source === '-' ? stdin : createReadStream(source, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const path = line.replace(/^\ufeff/, '').trim();
      if (path !== '' && !path.startsWith('#')) yield* listOne(path);
    }
  } catch (thrown) {
    yield { status: 'error', path: source, error: fromFileSystem(source, thrown) };
  }
}

/** Entries of a folder, sorted; hidden ones only when asked for. */
async function entries(folder: string, hidden = false): Promise<Dirent[]> {
  const all = await readdir(folder, { withFileTypes: true });
  return all.filter((entry) => hidden || !entry.name.startsWith('.')).sort(byName);
}

/** What an entry is, looking through links: `file`, `folder` or neither. A link to a folder is not entered. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch {
    return 'file'; // a dangling link: reading it gives the typed error
  }
}

async function* walk(folder: string, depth: number): AsyncGenerator<ListedFile> {
  let found: Dirent[];
  try {
    found = await entries(folder);
  } catch (thrown) {
    yield { status: 'error', path: folder, error: fromFileSystem(folder, thrown) };
    return;
  }
  for (const entry of found) {
    const path = join(folder, entry.name);
    const kind = await kindOf(entry, path);
    if (kind === 'file') yield { status: 'file', path };
    else if (kind === 'folder' && depth < MAX_DEPTH) yield* walk(path, depth + 1);
  }
}

/** Files that match a pattern, each once. */
async function* matching(pattern: string): AsyncGenerator<ListedFile> {
  const seen = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    const { root } = parse(plain);
    const segments = plain
      .slice(root.length)
      .split(sep === '\\' ? /[\\/]+/ : /\/+/)
      .filter((s) => s !== '' && s !== '.');
    for await (const path of descend(root, segments, 0)) {
      if (seen.has(path)) continue;
      seen.add(path);
      yield { status: 'file', path };
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    await (await opendir(path)).close();
    return true;
  } catch {
    return false;
  }
}

/** Paths below `folder` that match the rest of the segments. */
async function* descend(folder: string, segments: readonly string[], depth: number): AsyncGenerator<string> {
  if (segments.length === 0 || depth > MAX_DEPTH) return;
  const [head, ...rest] = segments;
  const last = rest.length === 0;
  if (!isPattern(head)) {
    const path = join(folder, head);
    if (!last) yield* descend(path, rest, depth + 1);
    else {
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile()) yield path;
      else if (found?.isDirectory())
        for await (const file of walk(path, 0)) if (file.status === 'file') yield file.path;
    }
    return;
  }
  const across = head === '**';
  const found = await entries(folder === '' ? '.' : folder, head.startsWith('.')).catch(() => []);
  if (across && !last) yield* descend(folder, rest, depth + 1);
  for (const entry of found) {
    const path = join(folder, entry.name);
    const kind = await kindOf(entry, path);
    if (across) {
      if (kind === 'folder') yield* descend(path, segments, depth + 1);
      else if (last && kind === 'file') yield path;
    } else if (matchSegment(head, entry.name)) {
      if (last && kind === 'file') yield path;
      else if (last && kind === 'folder') {
        for await (const file of walk(path, 0)) if (file.status === 'file') yield file.path;
      } else if (!last && (kind === 'folder' || (await isFolder(path))))
        yield* descend(path, rest, depth + 1);
    }
  }
}
