/** What the network that makes cloaks learns from: faces of real sources on the canvas, cut out once. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ImageSet, imageSets } from '../../src/bench/corpus.ts';
import type { Random } from '../../src/core/random.ts';
import type { FaceFinder } from '../../src/face/detect.ts';
import { decodePixels, shrinkTo } from '../../src/media/index.node.ts';
import { CANVAS } from '../../src/protect/cloak/channel.ts';
import { faceToCloak } from '../../src/protect/cloak/cloak.ts';
import { frameOf } from '../../src/protect/cloak/frame.ts';
import { isJudged, LONGEST } from './sources.ts';

/** Pictures of each source that a face is looked for in. */
export const PICTURES_OF_A_SOURCE = 200;
export const SAMPLES = 3 * CANVAS * CANVAS;

/** The sources that faces are cut out of. */
export function learnedSets(data: string): ImageSet[] {
  return imageSets(data).filter(({ label, name }) => label === 'real' && !isJudged(name));
}

/** The canvas of every face, SAMPLES bytes each, one after the other. */
export async function faceCanvases(data: string, finder: FaceFinder, file: string): Promise<Uint8Array> {
  if (existsSync(file)) return readFileSync(file);
  const canvases: Uint8Array[] = [];
  for (const { name, files } of learnedSets(data)) {
    let missed = 0;
    for (const path of files.slice(0, PICTURES_OF_A_SOURCE)) {
      // Sources of landscapes are left after the first few.
      if (missed > 4) break;
      const canvas = await readFile(path)
        .then((bytes) => decodePixels(bytes))
        .then((image) => shrinkTo(image, LONGEST))
        .then(async (image) => frameOf(image, (await faceToCloak(image, finder)).face).canvas)
        .catch(() => null);
      if (canvas) canvases.push(Uint8Array.from(canvas, (v) => Math.round(255 * v)));
      missed = canvas ? 0 : missed + 1;
    }
    console.error(`${name}: ${canvases.length} faces so far`);
  }
  mkdirSync(dirname(file), { recursive: true });
  const all = Buffer.concat(canvases);
  writeFileSync(`${file}.partial`, all);
  renameSync(`${file}.partial`, file);
  return all;
}

/** One of the faces [3, CANVAS, CANVAS], 0..1, every other one turned round, in a light of its own. */
export function drawFace(canvases: Uint8Array, random: Random): Float32Array {
  const from = random.below(canvases.length / SAMPLES) * SAMPLES;
  const turned = random.chance(0.5);
  const [gain, lift] = [random.uniform(0.8, 1.15), random.uniform(-0.08, 0.08)];
  return Float32Array.from({ length: SAMPLES }, (_, i) => {
    const x = i % CANVAS;
    const v = canvases[from + (turned ? i - x + CANVAS - 1 - x : i)] / 255;
    return Math.min(1, Math.max(0, 0.5 + gain * (v - 0.5) + lift));
  });
}
