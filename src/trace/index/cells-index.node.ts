/**
 * The index whose searches run in this process: a record in SQL and cells in memory that follow it. For a folder the
 * cells are kept in a file beside the record; for a server that others write to as well, every search first takes in
 * what they changed.
 */
import { rm } from 'node:fs/promises';
import { asHuoyanError } from '../../core/errors.ts';
import { Cells } from './cells.ts';
import { loadCells, saveCells } from './cells-file.node.ts';
import { closed, full } from './failures.ts';
import {
  checkedItems,
  checkedVector,
  checkSearch,
  type Fingerprint,
  type FingerprintIndex,
  type Match,
  type SearchOptions,
} from './fingerprint.ts';
import { ranked } from './ranking.ts';
import type { LastingRecord } from './record.ts';

/** Numbers a search compares at most (40,000 rows of 64): exact below, and about 1 ms of one core (`npm run bench:index`). */
export const EFFORT = 2.56e6;
/** So many changes, and half as many as there are fingerprints, make the file of cells worth writing anew. */
const SAVE_AFTER = 100_000;
/** A search is repeated when others deleted what it found before it could be read. */
const ATTEMPTS = 5;

export interface CellsIndexOptions {
  /** The file of cells; without it they are made from the record whenever the index is opened. */
  readonly file?: string;
  /** True if other processes may write to the record. */
  readonly shared: boolean;
  /** True to compare with everything in every search. */
  readonly exact: boolean;
}

export class CellsIndex implements FingerprintIndex {
  readonly engine = 'cells';
  #cells: Cells;
  /** The serial up to which the cells follow the record. */
  #last = 0;
  #unsaved = 0;
  #isClosed = false;
  /** The writing under way; the next waits for it. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly record: LastingRecord,
    readonly options: CellsIndexOptions,
  ) {
    this.#cells = new Cells(record.dimensions);
  }

  /** The index over a record; opening reads what the file of cells does not hold. */
  static async open(record: LastingRecord, options: CellsIndexOptions): Promise<CellsIndex> {
    const index = new CellsIndex(record, options);
    if (options.file) await index.#resume(options.file);
    await index.#follow();
    return index;
  }

  get dimensions(): number {
    return this.record.dimensions;
  }

  async add(items: readonly Fingerprint[]): Promise<void> {
    const checked = checkedItems(items, this.dimensions);
    if (checked.length === 0) return;
    await this.#alone(async () => {
      if (!this.#cells.hasRoomFor(checked.length)) throw full(checked.length);
      const first = await this.record.add(checked);
      if (first !== this.#last + 1) await this.#follow();
      else {
        for (const [i, item] of checked.entries()) this.#cells.add(first + i, item.vector);
        this.#advance(first + checked.length - 1, checked.length);
      }
      await this.#saveIfWorthIt();
    });
  }

  async delete(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return this.#alone(async () => {
      const { gone, first, last } = await this.record.delete(ids);
      if (first !== this.#last + 1) await this.#follow();
      else {
        for (const serial of gone) this.#cells.delete(serial);
        this.#advance(last, gone.length);
      }
      return gone.length;
    });
  }

  async search(vector: Float32Array, k: number, options: SearchOptions = {}): Promise<Match[]> {
    checkSearch(k, options);
    const query = checkedVector(vector, this.dimensions, 'the vector');
    const { minSimilarity = -1, exact = this.options.exact } = options;
    if (this.#isClosed) throw closed();
    for (let attempt = 1; ; attempt++) {
      if (this.options.shared || attempt > 1) await this.#alone(() => this.#follow());
      const serials = this.#cells.search(query, k, minSimilarity, exact ? Number.POSITIVE_INFINITY : EFFORT);
      const found = serials.length ? await this.record.find(serials).catch(rethrow) : [];
      if (found.length === serials.length || attempt === ATTEMPTS)
        return ranked(query, found, k, minSimilarity);
    }
  }

  async count(): Promise<number> {
    return this.#alone(async () => {
      if (this.options.shared) await this.#follow();
      return this.#cells.count;
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#alone(async () => {
      this.#isClosed = true;
      try {
        if (this.#unsaved) await this.#save();
      } finally {
        await this.record.database.close();
      }
    });
  }

  /** Runs what writes after what was asked for before it. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(() => {
      if (this.#isClosed) throw closed();
      return work();
    });
    this.#writing = result.catch(() => {});
    return result.catch(rethrow);
  }

  /** Begins with the file of cells, unless it knows more than the record, which was then put back from a copy. */
  async #resume(file: string): Promise<void> {
    const saved = await loadCells(file, this.record.identity, this.dimensions);
    if (!saved) return;
    if (saved.last > (await this.record.head())) {
      await rm(file);
      return;
    }
    this.#cells = saved.cells;
    this.#last = saved.last;
  }

  /** Takes in what the record has and the cells have not. */
  async #follow(): Promise<void> {
    for (let more = true; more; ) {
      const changes = await this.record.changes(this.#last);
      if (!this.#cells.hasRoomFor(changes.added.length)) throw full(changes.added.length);
      for (const { serial, vector } of changes.added) this.#cells.add(serial, vector);
      for (const serial of changes.gone) this.#cells.delete(serial);
      this.#advance(changes.last, changes.added.length + changes.gone.length);
      more = changes.more;
    }
  }

  #advance(last: number, changes: number): void {
    this.#last = last;
    this.#unsaved += changes;
  }

  /** What was added is safe in the record; a file of cells that cannot be written now is written later. */
  async #saveIfWorthIt(): Promise<void> {
    if (this.#unsaved >= Math.max(SAVE_AFTER, this.#cells.count / 2)) await this.#save().catch(() => {});
  }

  async #save(): Promise<void> {
    if (!this.options.file) return;
    await saveCells(this.options.file, this.#cells, this.record.identity, this.#last);
    if (!this.options.shared) await this.record.forgetGone(this.#last);
    this.#unsaved = 0;
  }
}

function rethrow(error: unknown): never {
  throw asHuoyanError(error);
}
