import { describe, expect, it } from 'vitest';
import { lossOfJpeg, paste, scenery, tableAt } from './fixtures.ts';
import { earlierQuality, GHOST_QUALITIES, ghostSums, ijgLowSteps, lowSteps, readBlocks } from './ghost.ts';
import { layCells, readStrips } from './strips.ts';

const SIZE = 320;
const BOX = { x: 96, y: 96, width: 112, height: 112 };
const cells = layCells(SIZE, SIZE);
const inside = Array.from({ length: cells.cols * cells.rows }, (_, i) => i).filter((i) => {
  const x = (i % cells.cols) * 16;
  const y = Math.floor(i / cells.cols) * 16;
  return x >= BOX.x && x + 16 <= BOX.x + BOX.width && y >= BOX.y && y + 16 <= BOX.y + BOX.height;
});

function sumsOf(image: ReturnType<typeof scenery>, quality: number | null) {
  const steps = quality ? lowSteps(tableAt(quality)) : new Array<number>(9).fill(1);
  return ghostSums(readBlocks(readStrips(image, cells), cells, { x: 0, y: 0 }, steps), cells);
}

function standard(values: Float32Array, variances: Float32Array): number {
  let sum = 0;
  let variance = 0;
  for (const cell of inside) {
    sum += values[cell];
    variance += variances[cell];
  }
  return sum / Math.sqrt(variance);
}

describe('traces of an earlier save', () => {
  it('the tables of the IJG and of a container agree', () => {
    for (const quality of GHOST_QUALITIES) {
      if (quality >= 50) expect(ijgLowSteps(quality)).toEqual(lowSteps(tableAt(quality)));
    }
  });

  it.each([null, 95, 90])('a pasted part lacks the save at 70 of its surroundings (last save %s)', (last) => {
    const saved = lossOfJpeg(scenery(SIZE, SIZE, 1, 3), 70);
    const mixed = paste(saved, scenery(SIZE, SIZE, 2, 3), BOX);
    const image = last ? lossOfJpeg(mixed, last) : mixed;
    const sums = sumsOf(image, last);
    expect(sums.dqStrength).toBeGreaterThan(0.02);
    expect(standard(sums.dq, sums.dqVariance)).toBeGreaterThan(6);
  });

  it('the same part of one history does not stand out', () => {
    const image = lossOfJpeg(lossOfJpeg(scenery(SIZE, SIZE, 1, 3), 70), 90);
    const sums = sumsOf(image, 90);
    expect(Math.abs(standard(sums.dq, sums.dqVariance))).toBeLessThan(5);
  });

  it('names the earlier quality of a part that was saved on the same grid', () => {
    const part = lossOfJpeg(scenery(SIZE, SIZE, 2, 3), 60);
    const image = lossOfJpeg(paste(scenery(SIZE, SIZE, 1, 3), part, BOX), 94);
    const found = earlierQuality(sumsOf(image, 94), inside);
    expect(found).not.toBeNull();
    expect(Math.abs((found ?? 0) - 60)).toBeLessThanOrEqual(5);
  });

  it('a picture never saved as JPEG gives nothing', () => {
    const sums = sumsOf(scenery(SIZE, SIZE, 1, 3), null);
    expect(sums.dqStrength).toBeLessThan(0.02);
  });
});
