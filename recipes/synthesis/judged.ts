/** What `judge.ts` writes, read back. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './arrivals.ts';
import type { Role } from './splits.ts';

/** One picture after one re-shipping, scored by the discriminant that has not seen its source. */
export interface Judged {
  readonly set: string;
  readonly label: 'real' | 'fake';
  readonly role: Role;
  readonly fold: number;
  readonly file: string;
  readonly step: Step;
  readonly width: number;
  readonly height: number;
  /** Container facts as they arrived, for the format-only baseline. */
  readonly bytes: number;
  readonly format: string;
  readonly quality: number;
  readonly subsampling: string;
  /** Raw score before calibration. */
  readonly score: number;
}

/** All scores in `folder`. Throws when there are none. */
export function readJudged(folder: string): Judged[] {
  const shards = existsSync(folder) ? readdirSync(folder).filter((f) => /^scores-.*\.ndjson$/.test(f)) : [];
  if (shards.length === 0) throw new Error(`no scores in ${folder}: run recipes/synthesis/judge.ts first`);
  return shards.sort().flatMap((f) =>
    readFileSync(join(folder, f), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Judged),
  );
}
