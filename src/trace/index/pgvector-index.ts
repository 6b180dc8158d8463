/** The index whose searches pgvector answers inside the database: nothing to hold or to follow in this process. */
import { asHuoyanError } from '../../core/errors.ts';
import { closed } from './failures.ts';
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

export class PgvectorIndex implements FingerprintIndex {
  readonly engine = 'pgvector';
  #isClosed = false;

  constructor(readonly record: LastingRecord) {}

  get dimensions(): number {
    return this.record.dimensions;
  }

  async add(items: readonly Fingerprint[]): Promise<void> {
    const checked = checkedItems(items, this.dimensions);
    if (checked.length) await this.#ask(() => this.record.add(checked));
  }

  async delete(ids: readonly string[]): Promise<number> {
    return this.#ask(async () => (await this.record.delete(ids)).gone.length);
  }

  async search(vector: Float32Array, k: number, options: SearchOptions = {}): Promise<Match[]> {
    checkSearch(k, options);
    const query = checkedVector(vector, this.dimensions, 'the vector');
    const { minSimilarity = -1, exact = false } = options;
    return ranked(query, await this.#ask(() => this.record.nearest(query, k, exact)), k, minSimilarity);
  }

  async count(): Promise<number> {
    return this.#ask(() => this.record.count());
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.record.database.close();
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isClosed) throw closed();
    return work().catch((error) => {
      throw asHuoyanError(error);
    });
  }
}
