/** One pass over a picture: all traces of all cells. Pure and bounded in time and memory (see strips.ts). */
import type { RgbImage } from '../../core/image.ts';
import type { ContainerFacts } from '../../core/media.ts';
import { ghostSums, lowSteps, readBlocks } from './ghost.ts';
import { collectVotes, emptyVotes, type GridOrigin, gridOrigin } from './grid.ts';
import { cellFacts, collectFacts, emptyFacts, noiseResidual } from './noise.ts';
import { layCells, readStrips } from './strips.ts';
import { gridKnown, type Traces } from './windows.ts';

/** Grid and luma steps of the last JPEG save in the displayed picture, when it was one. */
export interface LastSave {
  readonly x: number;
  readonly y: number;
  /** 64 luma steps in natural order of the displayed picture. */
  readonly table: readonly number[];
}

/** What the container says of the last save; turned with the picture when EXIF turned it. */
export function lastSave(container: ContainerFacts): LastSave | null {
  const table = container.jpeg?.quantisation[0];
  if (container.format !== 'jpeg' || !table || table.length !== 64) return null;
  const o = container.orientation;
  const turned = o >= 5;
  // what lies at the far edge of the stored picture lies at the near edge of the displayed one
  const fromRight = o === 2 || o === 3 || o === 6 || o === 7;
  const fromBottom = o === 3 || o === 4 || o === 7 || o === 8;
  return {
    x: fromRight ? container.width % 8 : 0,
    y: fromBottom ? container.height % 8 : 0,
    table: turned ? Array.from({ length: 64 }, (_, i) => table[(i % 8) * 8 + (i >> 3)]) : table,
  };
}

/** Measures a picture. `save` is the last JPEG save if the container tells of one, else null. */
export function readTraces(image: RgbImage, save: LastSave | null): Traces {
  const cells = layCells(image.width, image.height);
  const strips = readStrips(image, cells);
  const votes = emptyVotes(cells);
  const sums = emptyFacts(cells);
  for (const strip of strips) {
    collectVotes(strip, cells, votes);
    collectFacts(strip, cells, sums);
  }
  const facts = cellFacts(cells, sums);
  const { z: noise, level: noiseLevel } = noiseResidual(facts);
  const voted = gridOrigin(votes);
  const origin: GridOrigin = save
    ? { x: save.x, y: save.y, logNfaX: Number.NEGATIVE_INFINITY, logNfaY: Number.NEGATIVE_INFINITY }
    : voted;
  const ghost = gridKnown(origin)
    ? ghostSums(
        readBlocks(strips, cells, origin, save ? lowSteps(save.table) : new Array<number>(9).fill(1)),
        cells,
      )
    : null;
  return { cells, facts, noise, noiseLevel, votes, origin, ghost };
}
