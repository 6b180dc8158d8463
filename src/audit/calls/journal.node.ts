/**
 * What was asked and answered, line by line, on the disk before anything else happens: whoever pulls the plug loses at
 * most the call under way. One file for one audit; a second process is kept out. The last line may be torn by a crash
 * and is then cut off.
 */
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';

export interface Entry {
  /** SHA-256 of recogniser, settings and act. */
  readonly key: string;
  readonly recogniser: string;
  readonly operation: string;
  readonly answer?: Json;
  /** Of a picture that will never be answered. */
  readonly refused?: { readonly en: string; readonly zh: string };
}

export class Journal {
  readonly #entries = new Map<string, Entry>();
  readonly #file: FileHandle;
  readonly #lock: string;
  #writing: Promise<void> = Promise.resolve();
  /** Bytes of a torn last line that were cut off. */
  readonly torn: number;

  private constructor(file: FileHandle, lock: string, entries: Iterable<Entry>, torn: number) {
    this.#file = file;
    this.#lock = lock;
    this.torn = torn;
    for (const entry of entries) this.#entries.set(entry.key, entry);
  }

  /** Opens or begins the journal at `path`. Throws HuoyanError when it is in use, not a journal, or not writable. */
  static async open(path: string): Promise<Journal> {
    const lock = `${path}.lock`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await takeLock(lock, path);
    } catch (thrown) {
      throw asFailure(path, thrown);
    }
    let file: FileHandle | null = null;
    try {
      file = await open(path, 'a+');
      const bytes = await readFile(path);
      const whole = bytes.lastIndexOf(0x0a) + 1;
      const entries = parse(bytes.subarray(0, whole).toString('utf8'), path);
      if (whole < bytes.length) {
        await file.truncate(whole);
        await file.sync();
      }
      return new Journal(file, lock, entries, bytes.length - whole);
    } catch (thrown) {
      await file?.close();
      await rm(lock, { force: true });
      throw asFailure(path, thrown);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /**
   * Resolves once the entry is on the disk, whatever happens to the power; an entry that cost nothing is handed to the
   * system only, which a killed process survives too.
   */
  add(entry: Entry, paid = true): Promise<void> {
    this.#entries.set(entry.key, entry);
    // One after the other, whoever asks: lines never mix.
    this.#writing = this.#writing.then(async () => {
      await this.#file.appendFile(`${JSON.stringify(entry)}\n`);
      if (paid) await this.#file.datasync();
    });
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close();
    await rm(this.#lock, { force: true });
  }
}

function parse(text: string, path: string): Entry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      try {
        const entry: unknown = JSON.parse(line);
        if (isEntry(entry)) return entry;
      } catch {
        // told below, as is a line of another kind
      }
      throw new HuoyanError(
        'corrupt',
        {
          en: `line ${i + 1} of "${path}" is no record of a call`,
          zh: `“${path}”第 ${i + 1} 行不是调用记录`,
        },
        {
          en: 'name another --journal, or remove the file to ask everything again',
          zh: '请用 --journal 指定其他文件，或删除该文件后重新询问',
        },
      );
    });
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry?.key === 'string' && ('answer' in entry || 'refused' in entry);
}

/** A lock names the process that holds it; that of a process which is gone is taken over. */
async function takeLock(lock: string, path: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw thrown;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (Number.isInteger(holder) && holder > 0 && alive(holder)) {
        throw new HuoyanError(
          'permission-denied',
          { en: `"${path}" is in use by process ${holder}`, zh: `“${path}”正被进程 ${holder} 使用` },
          { en: 'wait for it, or name another --journal', zh: '请等待其结束，或用 --journal 指定其他文件' },
        );
      }
      await rm(lock, { force: true });
    }
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function asFailure(path: string, thrown: unknown): HuoyanError {
  if (thrown instanceof HuoyanError) return thrown;
  const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
  return new HuoyanError(
    'permission-denied',
    {
      en: `the journal "${path}" cannot be written (${reason})`,
      zh: `无法写入记录文件“${path}”（${reason}）`,
    },
    { en: 'name a writable file with --journal', zh: '请用 --journal 指定可写的文件' },
    { cause: thrown },
  );
}
