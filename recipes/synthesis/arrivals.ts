/**
 * The pictures of the corpus as they arrive after each re-shipping, in the order of their sets: what is judged,
 * averaged and described. At most `cap` pictures of a set, evenly taken; a share of all of them for each process.
 */
import { basename } from 'node:path';
import { imageSets } from '../../src/bench/corpus.ts';
import type { ImageMedia } from '../../src/core/media.ts';
import { MIN_SIDE } from '../../src/core/tiles.ts';
import { readBytes, readImage } from '../../src/media/index.node.ts';
import { type Reshipping, reship } from '../../src/media/reshipping.node.ts';
import { type Placed, place } from './splits.ts';

export type Step = 'stored' | Reshipping;

export interface Arrival {
  readonly set: Placed;
  /** File name. */
  readonly file: string;
  readonly step: Step;
  readonly arrived: ImageMedia;
}

export interface Arrivals {
  readonly cap: number;
  /** `1/2`: the first of two processes. */
  readonly shard: string;
  readonly steps: readonly Step[];
}

/** Pictures of `folder` whose sides are large enough to be looked at. */
export async function* arrivals(folder: string, { cap, shard, steps }: Arrivals): AsyncGenerator<Arrival> {
  const [part, parts] = shard.split('/').map(Number);
  let index = 0;
  for (const set of imageSets(folder).map(place)) {
    if (set.role === 'tiny') continue;
    const n = Math.min(cap, set.files.length);
    for (let k = 0; k < n; k++) {
      const path = set.files[Math.floor((k * set.files.length) / n)];
      if (index++ % parts !== part - 1) continue;
      const file = basename(path);
      const stored = await readImage(await readBytes(path), file);
      for (const step of steps) {
        const arrived = step === 'stored' ? stored : await readImage(await reship(stored.pixels, step), file);
        const { width, height } = arrived.pixels;
        if (Math.min(width, height) >= MIN_SIDE) yield { set, file, step, arrived };
      }
    }
  }
}
