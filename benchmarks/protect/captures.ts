/**
 * Real photographs of screens measured beside simulated ones by the same rules: how soft they are, how noisy, how much
 * false colour their moire has, where black and white lie. The real ones are those of `screencam` in the data folder;
 * there are few, and none of them shows our mark.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from '../../src/bench/corpus.ts';
import { luma, type Plane, type RgbImage } from '../../src/core/image.ts';
import { decodePixels, encodeJpeg, resize, shrinkTo } from '../../src/media/index.node.ts';
import { boxMean } from '../../src/protect/watermark/plane.ts';
import { USUAL } from './grid.ts';
import { photographs } from './pictures.ts';
import { photograph } from './simulator/screen.ts';

/** Of everything longer, the middle is taken, at its own size. */
const SIDE = 900;
const BLOCK = 16;
/** Share of blocks, the quietest, by which noise is told. */
const QUIET = 0.1;

export interface CaptureFigures {
  /** Correlation of neighbouring samples of the finest detail: higher is softer. */
  readonly softness: number;
  /** Standard deviation of noise in the quietest blocks, levels (Immerkær 1996). */
  readonly noise: number;
  /** Root mean square of colour at periods of some 3 to 17 pixels, levels, and as a share of luma's there. */
  readonly moire: number;
  readonly moireShare: number;
  /** Luma below which 1 %, 50 %, 99 % of the pixels lie. */
  readonly tones: readonly [number, number, number];
}

export function figuresOf(image: RgbImage): CaptureFigures {
  const y = luma(image);
  const n = y.data.length;
  const fine = minus(y, boxMean(y, 1));
  let [same, next] = [0, 0];
  for (let row = 0; row < y.height; row++) {
    for (let x = 0; x + 1 < y.width; x++) {
      const at = row * y.width + x;
      same += fine[at] ** 2;
      next += fine[at] * fine[at + 1];
    }
  }
  const colour = [0, 2].map((c) => {
    const data = Float32Array.from({ length: n }, (_, i) => image.data[3 * i + c] - y.data[i]);
    return band({ ...y, data });
  });
  const moire = Math.sqrt(colour.reduce((sum, one) => sum + one, 0) / 2);
  const sorted = Float32Array.from(y.data).sort();
  const at = (share: number) => sorted[Math.min(n - 1, Math.floor(share * n))];
  return {
    softness: same > 0 ? next / same : 0,
    noise: quietNoise(y),
    moire,
    moireShare: moire / Math.max(1e-6, Math.sqrt(band(y))),
    tones: [at(0.01), at(0.5), at(0.99)],
  };
}

function minus(a: Plane, b: Plane): Float32Array {
  return a.data.map((value, i) => value - b.data[i]);
}

/** Mean power at periods of some 3 to 17 pixels. */
function band(plane: Plane): number {
  const rest = minus(boxMean(plane, 1), boxMean(plane, 8));
  return rest.reduce((sum, value) => sum + value * value, 0) / rest.length;
}

function quietNoise({ width, height, data }: Plane): number {
  const blocks: number[] = [];
  for (let y = 1; y + BLOCK < height; y += BLOCK) {
    for (let x = 1; x + BLOCK < width; x += BLOCK) {
      let sum = 0;
      for (let v = y; v < y + BLOCK; v++) {
        for (let u = x; u < x + BLOCK; u++) {
          const k = v * width + u;
          const cross = data[k - 1] + data[k + 1] + data[k - width] + data[k + width];
          const corners =
            data[k - width - 1] + data[k - width + 1] + data[k + width - 1] + data[k + width + 1];
          sum += Math.abs(4 * data[k] - 2 * cross + corners);
        }
      }
      blocks.push((Math.sqrt(Math.PI / 2) * sum) / (6 * BLOCK * BLOCK));
    }
  }
  blocks.sort((a, b) => a - b);
  const kept = blocks.slice(0, Math.max(1, Math.floor(blocks.length * QUIET)));
  return kept.reduce((sum, one) => sum + one, 0) / Math.max(1, kept.length);
}

function middle(image: RgbImage): RgbImage {
  const [width, height] = [Math.min(SIDE, image.width), Math.min(SIDE, image.height)];
  const [x0, y0] = [(image.width - width) >> 1, (image.height - height) >> 1];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y0 + y) * image.width + x0) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** `count` simulated ones beside all real ones. */
export async function captures(count: number): Promise<void> {
  console.log(
    '| picture | softness | noise | moire | moire / luma | luma 1 %, 50 %, 99 % |\n| --- | --- | --- | --- | --- | --- |',
  );
  const row = (name: string, { softness, noise, moire, moireShare, tones }: CaptureFigures) =>
    console.log(
      `| ${name} | ${softness.toFixed(2)} | ${noise.toFixed(2)} | ${moire.toFixed(2)} | ${moireShare.toFixed(2)} | ${tones.map((tone) => tone.toFixed(0)).join(', ')} |`,
    );
  const folder = dataFolder();
  const root = folder && join(folder, 'screencam');
  if (root && existsSync(root)) {
    for (const set of readdirSync(root).sort()) {
      for (const name of readdirSync(join(root, set))
        .filter((one) => /\.(jpe?g|png)$/i.test(one))
        .sort()) {
        row(
          `${name.includes('direct') ? 'real, of no screen' : 'real'}: ${set}/${name}`,
          figuresOf(middle(await decodePixels(await readFile(join(root, set, name))))),
        );
      }
    }
  }
  for (const [i, { image }] of (await photographs(count)).entries()) {
    const shown = await shrinkTo(await resize(image, { width: 1600, height: 1000 }), 1600);
    row(`shown, not photographed ${i + 1}`, figuresOf(middle(shown)));
    const shot = {
      ...{ width: 1400, height: 1050, share: 1.1, tiltDegrees: 8, towardsDegrees: 90 * i, rollDegrees: 3 },
      ...{ offX: 0, offY: 0, barrel: 0.01, seed: i, ...USUAL },
    };
    const photo = photograph(shown, shot);
    row(
      `simulated ${i + 1}`,
      figuresOf(middle(await decodePixels(await encodeJpeg(photo, { quality: 85 })))),
    );
    const sharp = photograph(shown, { ...shot, blurPx: 0.25, sharpen: 0.6 });
    row(
      `simulated ${i + 1}, moire`,
      figuresOf(middle(await decodePixels(await encodeJpeg(sharp, { quality: 85 })))),
    );
  }
}
