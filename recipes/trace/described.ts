/** What `describe.ts` wrote, read back. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DESCRIPTION } from '../../src/trace/description.ts';
import type { Step } from '../synthesis/arrivals.ts';
import type { Role } from '../synthesis/splits.ts';

export const CACHE = '.cache/trace';

export interface Described {
  readonly set: string;
  readonly label: 'real' | 'fake';
  readonly role: Role;
  readonly fold: number;
  readonly file: string;
  readonly step: Step;
}

export interface DescribedPicture extends Described {
  readonly description: Float32Array;
}

/** All described pictures of the corpus, by set, file and step. Throws when there are none. */
export function readDescribed(): DescribedPicture[] {
  return read(/^descriptions-.*\.ndjson$/);
}

/** The same pictures after the other ways of sending that are enrolled. Throws when there are none. */
export function readDescribedWays(): DescribedPicture[] {
  return read(/^ways-.*\.ndjson$/);
}

/** Described pictures of zoo generators. Throws when there are none. */
export function readDescribedZoo(): DescribedPicture[] {
  return read(/^zoo\.ndjson$/);
}

function read(pattern: RegExp): DescribedPicture[] {
  const shards = existsSync(CACHE) ? readdirSync(CACHE).filter((file) => pattern.test(file)) : [];
  if (shards.length === 0)
    throw new Error(`no descriptions in ${CACHE}: run npm run recipe:trace -- describe`);
  const all = shards.flatMap((shard) => {
    const bytes = readFileSync(join(CACHE, shard.replace('.ndjson', '.f32')));
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    const lines = readFileSync(join(CACHE, shard), 'utf8').trim().split('\n');
    return lines.map((line, i) => ({
      ...(JSON.parse(line) as Described),
      description: numbers.slice(i * DESCRIPTION, (i + 1) * DESCRIPTION),
    }));
  });
  const key = (p: Described) => `${p.set}/${p.file}/${p.step}`;
  return all.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
