/**
 * Results of a whole archive as a table (Parquet), one row a file. While the run goes on, rows are appended to a journal
 * beside it, so that a run that was interrupted goes on where it was: content that is in the journal is not analysed
 * again, under whatever name it comes. Tables of several shards are put together by reading them together.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { type ColumnSource, parquetWriteFile } from 'hyparquet-writer';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import { toRecord } from '../report/index.ts';
import { contractError } from './failure.ts';
import type { Input, NamedInput } from './input.ts';

interface Row {
  readonly file: string;
  readonly sha256: string | null;
  readonly kind: string | null;
  readonly label: string | null;
  readonly probability: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly llr: number | null;
  readonly prior: number | null;
  /** Steps of the stability ladder on the other side of `inconclusive`. */
  readonly flips: number | null;
  /** JSON: log-likelihood ratio by detector; null where it did not apply or failed. */
  readonly evidence: string | null;
  readonly error: string | null;
  readonly version: string;
  /** What the store said of the content; in the journal only. */
  readonly tag?: string;
}

const TEXTS = ['file', 'sha256', 'kind', 'label', 'evidence', 'error', 'version'] as const;
const NUMBERS = ['probability', 'low', 'high', 'llr', 'prior', 'flips'] as const;

/** Which of `of` equal parts of an archive is to be analysed; `part` counts from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** The inputs of one shard, by a hash of their names: every file is in exactly one, in whatever order they come. */
export async function* inShard<Named extends { readonly name: string }>(
  inputs: AsyncIterable<Named>,
  { part, of }: Shard,
): AsyncGenerator<Named> {
  for await (const input of inputs) {
    const hash = createHash('sha256').update(input.name).digest().readUInt32BE(0);
    if (hash % of === part - 1) yield input;
  }
}

export class ResultsTable {
  /** Of what is under way, by name. */
  readonly #tags = new Map<string, string>();

  private constructor(
    readonly path: string,
    private readonly journal: string,
    private readonly handle: FileHandle,
    private readonly rows: Map<string, Row>,
  ) {}

  /** Opens the journal of `path`, or begins one. Throws a contract failure when what is there is no journal. */
  static async open(path: string): Promise<ResultsTable> {
    const journal = `${path}.journal`;
    const rows = new Map<string, Row>();
    let whole = '';
    if (existsSync(journal)) {
      const text = await readFile(journal, 'utf8');
      // The last line of a run that was killed may be cut off.
      whole = text.slice(0, text.lastIndexOf('\n') + 1);
      for (const line of whole.split('\n').slice(0, -1)) {
        const row = rowIn(line);
        if (!row) throw notAJournal(journal);
        rows.set(row.file, row);
      }
    }
    const handle = await open(journal, 'a').catch((cause) => {
      throw cannotWrite(journal, cause);
    });
    await handle.truncate(Buffer.byteLength(whole));
    return new ResultsTable(path, journal, handle, rows);
  }

  /**
   * The inputs without those on a store that are in the table with the content they still have: these are not even fetched
   * again. Files on this machine are left to {@link pending}.
   */
  async *changed(inputs: AsyncIterable<NamedInput>): AsyncGenerator<NamedInput> {
    for await (const input of inputs) {
      if (!('remote' in input)) {
        yield input;
        continue;
      }
      const row = this.rows.get(input.name);
      if (row?.tag && !row.error && row.tag === (await input.remote.tag())) continue;
      yield input;
    }
  }

  /** The inputs whose content is not in the table yet; the others get their row without being analysed. */
  async *pending(inputs: AsyncIterable<Input>): AsyncGenerator<Input> {
    const known = new Map<string, Row>();
    for (const row of this.rows.values()) if (row.sha256 && !row.error) known.set(row.sha256, row);
    for await (const input of inputs) {
      if ('tag' in input && input.tag) this.#tags.set(input.name, input.tag);
      const sha256 = known.size > 0 ? await hashOf(input) : null;
      const row = sha256 === null ? undefined : known.get(sha256);
      if (!row) {
        yield input;
        continue;
      }
      // Also for the same name: the store may call the same content by another tag by now.
      if (this.rows.get(input.name)?.sha256 !== sha256 || this.#tags.has(input.name))
        await this.#keep({ ...row, file: input.name });
      if ('release' in input) await input.release?.();
    }
  }

  async add(analysis: Analysis): Promise<void> {
    await this.#keep(rowOf(analysis));
  }

  /** Writes the table and removes the journal. Returns the number of rows. */
  async finish(): Promise<number> {
    await this.handle.close();
    const rows = [...this.rows.values()];
    const columnData: ColumnSource[] = [
      ...TEXTS.map((name) => ({
        name,
        data: rows.map((row) => row[name]),
        type: 'STRING' as const,
        nullable: true,
      })),
      ...NUMBERS.map((name) => ({
        name,
        data: rows.map((row) => row[name]),
        type: 'DOUBLE' as const,
        nullable: true,
      })),
    ];
    const partial = `${this.path}.partial`;
    parquetWriteFile({ filename: partial, columnData });
    await rename(partial, this.path);
    await rm(this.journal, { force: true });
    return rows.length;
  }

  /** Leaves the journal for the next run. */
  async leave(): Promise<void> {
    await this.handle.close().catch(() => {});
  }

  async #keep({ tag: _, ...found }: Row): Promise<void> {
    const tag = this.#tags.get(found.file);
    this.#tags.delete(found.file);
    const row: Row = tag === undefined ? found : { ...found, tag };
    this.rows.set(row.file, row);
    await this.handle.write(`${JSON.stringify(row)}\n`);
  }
}

function rowOf(analysis: Analysis): Row {
  const record = toRecord(analysis);
  const { file, sha256, producer } = record;
  const common = { file, sha256, version: producer.version };
  if (!('verdict' in record)) {
    const nothing = { kind: null, label: null, probability: null, low: null, high: null, llr: null };
    return { ...common, ...nothing, prior: null, flips: null, evidence: null, error: record.error.code };
  }
  const { label, probability, interval, llr, prior, stability } = record.verdict;
  const evidence = Object.fromEntries(record.evidence.map((one) => [one.detector, one.llr]));
  return {
    ...common,
    kind: record.kind,
    label,
    probability,
    low: interval[0],
    high: interval[1],
    llr,
    prior,
    flips: stability?.flips ?? null,
    evidence: JSON.stringify(evidence),
    error: null,
  };
}

function rowIn(line: string): Row | null {
  try {
    const row = JSON.parse(line);
    return typeof row?.file === 'string' && 'label' in row ? (row as Row) : null;
  } catch {
    return null;
  }
}

/** SHA-256 of the content; null for what cannot be read, which its analysis will tell. */
async function hashOf(input: Input): Promise<string | null> {
  if ('error' in input) return null;
  const hash = createHash('sha256');
  try {
    if (input.bytes) hash.update(input.bytes);
    else for await (const chunk of createReadStream(input.path ?? input.name)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

function cannotWrite(path: string, cause: unknown): HuoyanError {
  return new HuoyanError(
    'permission-denied',
    { en: `"${path}" cannot be written`, zh: `无法写入“${path}”` },
    {
      en: 'name a file in a folder that exists and may be written to',
      zh: '请指定已存在且可写的文件夹中的文件名',
    },
    { cause },
  );
}

function notAJournal(path: string): Error {
  return contractError(
    { en: `"${path}" is not the journal of an earlier run`, zh: `“${path}”不是先前运行的日志` },
    { en: 'remove it to begin anew', zh: '删除它即可重新开始' },
  );
}
