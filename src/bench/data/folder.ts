/** A folder as layouts look at it: what lies where, by paths with `/`, and small files as text or JSON. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import type { Media } from './item.ts';

const KINDS: readonly (readonly [Media, RegExp])[] = [
  ['image', /\.(jpe?g|jpe|jfif|png|webp|avif|gif|tiff?|bmp)$/i],
  ['video', /\.(mp4|avi|mov|mkv|webm|m4v)$/i],
  ['audio', /\.(flac|wav|mp3|m4a|ogg|opus)$/i],
];
/** Folders of folders deeper than this are not looked into. */
const DEEPEST = 8;

/** What kind of media a name promises; null for lists, notes and the like. */
export function mediaOf(name: string): Media | null {
  return KINDS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

export class Folder {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** Absolute path of `key`. */
  path(key: string): string {
    return key === '' ? this.root : join(this.root, ...key.split('/'));
  }

  /** Names of folders directly in `key`, sorted; none when it is not there. */
  folders(key = ''): string[] {
    return this.#entries(key)
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  }

  /** Names of files directly in `key`, sorted; none when it is not there. */
  files(key = ''): string[] {
    return this.#entries(key)
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .sort();
  }

  #entries(key: string) {
    try {
      return readdirSync(this.path(key), { withFileTypes: true });
    } catch {
      return [];
    }
  }

  /** Keys of all media files below `key`, with their kind. */
  *media(key = '', depth = 0): Generator<{ readonly key: string; readonly media: Media }> {
    const prefix = key === '' ? '' : `${key}/`;
    for (const name of this.files(key)) {
      const media = mediaOf(name);
      if (media) yield { key: prefix + name, media };
    }
    if (depth >= DEEPEST) return;
    for (const name of this.folders(key)) yield* this.media(prefix + name, depth + 1);
  }

  has(key: string): boolean {
    return existsSync(this.path(key));
  }

  hasFolder(key: string): boolean {
    return this.has(key) && statSync(this.path(key)).isDirectory();
  }

  /** Throws HuoyanError `corrupt` when it cannot be read. */
  text(key: string): string {
    try {
      return readFileSync(this.path(key), 'utf8');
    } catch (cause) {
      throw unreadable(this.path(key), { en: 'it cannot be read', zh: '无法读取' }, cause);
    }
  }

  /** Throws HuoyanError `corrupt` when it is no JSON. */
  json(key: string): unknown {
    try {
      return JSON.parse(this.text(key));
    } catch (cause) {
      if (cause instanceof HuoyanError) throw cause;
      throw unreadable(this.path(key), { en: 'it is not JSON', zh: '不是 JSON' }, cause);
    }
  }

  /** The key of a path that a list names, whichever slashes it was written with; null when it leaves the folder. */
  key(named: string): string | null {
    const parts = named.replaceAll('\\', '/').split('/');
    const clean = parts.filter((part) => part !== '' && part !== '.');
    if (clean.includes('..')) return null;
    const joined = clean.join('/');
    const own = this.root.split(sep).join('/').replace(/^\//, '');
    return joined.startsWith(`${own}/`) ? joined.slice(own.length + 1) : joined;
  }
}

export function unreadable(path: string, what: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `${path}: ${what.en}`, zh: `${path}：${what.zh}` },
    {
      en: 'the layouts that are understood are listed in docs/bench.md',
      zh: '可识别的目录布局见 docs/bench.zh-CN.md',
    },
    { cause },
  );
}
