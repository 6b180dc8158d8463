/** Reads back what `pool.ts` and `describe.ts` wrote: facts in memory, pixels from disk as they are asked for. */
import { existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/core/image.ts';
import { STATISTICS } from '../../src/core/residuals/index.ts';

export interface ViewFacts {
  readonly set: string;
  readonly label: 'real' | 'fake';
  readonly width: number;
  readonly height: number;
  readonly offset: number;
}

export class Views {
  readonly facts: ViewFacts[] = [];
  readonly #file: number[] = [];

  /** All shards of the pool in `folder`, in order. Throws when there are none. */
  constructor(private readonly folder: string) {
    const shards = this.#shards(/^pool-.*\.ndjson$/);
    if (shards.length === 0) throw new Error(`no pool in ${folder}: run recipes/synthesis/pool.ts first`);
    for (const shard of shards) {
      const pixels = openSync(join(folder, shard.replace('.ndjson', '.u8')), 'r');
      for (const line of readFileSync(join(folder, shard), 'utf8').trim().split('\n')) {
        this.facts.push(JSON.parse(line));
        this.#file.push(pixels);
      }
    }
  }

  #shards(pattern: RegExp): string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder)
      .filter((file) => pattern.test(file))
      .sort();
  }

  image(index: number): RgbImage {
    const { width, height, offset } = this.facts[index];
    const data = new Uint8Array(width * height * 3);
    readSync(this.#file[index], data, 0, data.length, offset);
    return { width, height, data };
  }

  /** The statistics of every view, in order. Throws when `describe.ts` has not run over this very pool. */
  statistics(): Float32Array[] {
    const rows: Float32Array[] = [];
    for (const shard of this.#shards(/^statistics-.*\.f32$/)) {
      const bytes = readFileSync(join(this.folder, shard));
      const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
      for (let at = 0; at < all.length; at += STATISTICS) rows.push(all.subarray(at, at + STATISTICS));
    }
    if (rows.length !== this.facts.length) {
      throw new Error(
        `${rows.length} statistics of ${this.facts.length} views: run recipes/synthesis/describe.ts`,
      );
    }
    return rows;
  }
}
