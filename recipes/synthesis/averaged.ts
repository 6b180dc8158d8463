/** What `averages.ts` writes, read back. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATISTICS } from '../../src/core/residuals/index.ts';
import type { Step } from './arrivals.ts';

export interface Averaged {
  readonly set: string;
  readonly file: string;
  readonly step: Step;
}

export interface Averages {
  readonly facts: readonly Averaged[];
  /** Of each picture after a step, [STATISTICS]. */
  readonly rows: readonly Float32Array[];
}

/** All averages in `folder`. Throws when there are none. */
export function readAverages(folder: string): Averages {
  const shards = existsSync(folder) ? readdirSync(folder).filter((f) => /^averages-.*\.ndjson$/.test(f)) : [];
  if (shards.length === 0)
    throw new Error(`no averages in ${folder}: run recipes/synthesis/averages.ts first`);
  const facts: Averaged[] = [];
  const rows: Float32Array[] = [];
  for (const shard of shards.sort()) {
    const all = new Float32Array(
      Uint8Array.from(readFileSync(join(folder, shard.replace('.ndjson', '.f32')))).buffer,
    );
    const lines = readFileSync(join(folder, shard), 'utf8').trim().split('\n');
    lines.forEach((line, i) => {
      facts.push(JSON.parse(line));
      rows.push(all.subarray(i * STATISTICS, (i + 1) * STATISTICS));
    });
  }
  return { facts, rows };
}
