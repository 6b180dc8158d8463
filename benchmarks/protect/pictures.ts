/** What is marked and measured: photographs of the corpus by source, so that no one source decides a figure. */
import { readFile } from 'node:fs/promises';
import { isLearned } from '../../recipes/watermark/sources.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { decodePixels } from '../../src/media/index.node.ts';

export interface Photograph {
  readonly source: string;
  readonly image: RgbImage;
}

/** Smallest shorter side of a photograph that is marked. */
const LEAST = 380;

/**
 * Up to `count` photographs of real sources that the mark's networks have not learnt from, round by round over the sources;
 * empty where the corpus is absent.
 */
export async function photographs(count: number): Promise<Photograph[]> {
  const folder = dataFolder();
  if (!folder) return [];
  const sets = imageSets(folder).filter(({ label, name }) => label === 'real' && !isLearned(name));
  const found: Photograph[] = [];
  for (let round = 0; found.length < count && round < 40; round++) {
    for (const { name, files } of sets) {
      if (round >= files.length || found.length >= count) continue;
      const image = await decodePixels(await readFile(files[round])).catch(() => null);
      if (image && Math.min(image.width, image.height) >= LEAST) found.push({ source: name, image });
    }
  }
  return found;
}

/** Files of the corpus, real and generated, round by round over the sources: the first `count` without the first `skip`; null for what
 * cannot be decoded. */
export async function* unmarked(
  count: number,
  skip = 0,
): AsyncGenerator<{ readonly source: string; readonly image: RgbImage | null }> {
  const folder = dataFolder();
  if (!folder) return;
  const sets = imageSets(folder);
  let given = 0;
  for (let round = 0; round < 2000; round++) {
    for (const { name, files } of sets) {
      if (round >= files.length) continue;
      if (given >= count) return;
      if (given++ < skip) continue;
      const image = await decodePixels(await readFile(files[round])).catch(() => null);
      yield { source: name, image };
    }
  }
}
