/**
 * Portraits for the cloak's rig: photographs of sources the zoo's faces were not taken from, one a source and round, with
 * a face large enough.
 */
import { readFile } from 'node:fs/promises';
import { isJudged, LONGEST } from '../../recipes/cloak/sources.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { HuoyanError } from '../../src/core/errors.ts';
import type { RgbImage } from '../../src/core/image.ts';
import type { FaceFinder } from '../../src/face/detect.ts';
import type { Face } from '../../src/face/face.ts';
import { decodePixels, shrinkTo } from '../../src/media/index.node.ts';
import { faceToCloak } from '../../src/protect/cloak/cloak.ts';

export interface Portrait {
  readonly source: string;
  readonly image: RgbImage;
  readonly face: Face;
}

/** Up to `count` portraits; none, and a word about it, where the corpus is absent. */
export async function portraits(count: number, finder: FaceFinder): Promise<Portrait[]> {
  const folder = dataFolder();
  if (!folder) {
    console.log('no portraits: set HUOYAN_DATA to the folder of the corpus');
    return [];
  }
  const sets = imageSets(folder).filter(({ name }) => isJudged(name));
  const found: Portrait[] = [];
  for (let round = 0; round < 20; round++) {
    for (const { name, files } of sets) {
      if (round >= files.length || found.length >= count) continue;
      const image = await shrinkTo(await decodePixels(await readFile(files[round])), LONGEST);
      try {
        found.push({ source: name, image, face: (await faceToCloak(image, finder)).face });
      } catch (thrown) {
        // Without a face, or with too small a one: not a portrait.
        if (!(thrown instanceof HuoyanError && thrown.code === 'bad-argument')) throw thrown;
      }
    }
  }
  return found;
}
