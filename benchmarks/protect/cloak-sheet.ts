/**
 * `npm run bench:protect -- cloak-sheet`: what a cloak looks like and what it does, `docs/cloak.webp`. The portrait is cut
 * out of a photograph that comes with the development dependency @vladmandic/face-api (MIT). One row a threat, after
 * JPEG 75: the face, the cloaked face, their difference eight times as strong; then, for up to four manipulators the
 * cloak was made against, what each makes of the clean and of the cloaked face.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { alignFace } from '../../src/face/align.ts';
import type { Face } from '../../src/face/face.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { decodePixels, encodeJpeg, encodeWebp, resize } from '../../src/media/index.node.ts';
import { STRENGTHS } from '../../src/protect/cloak/budget.ts';
import { cloaked, faceToCloak } from '../../src/protect/cloak/cloak.ts';
import { openSurrogates } from '../../src/protect/cloak/opened.node.ts';
import { THREATS } from '../../src/protect/cloak/threats.ts';
import { faceAgain, pictureOf, viewOf } from '../../src/protect/cloak/trial.ts';

const OUT = 'docs/cloak.webp';
const TILE = 128;
const SHOWN = 4;
const GAP = 6;
const PAPER = 255;
/** Side of the portrait beside that of the face. */
const PORTRAIT = 2.4;
const STRONGER = 8;

/** How far a head is turned aside: the tip of the nose off the middle of the eyes, beside their distance. */
function turned({ landmarks: { rightEye, leftEye, noseTip } }: Face): number {
  return (
    Math.abs(noseTip.x - (rightEye.x + leftEye.x) / 2) /
    Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y)
  );
}

async function portrait() {
  const root = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  const photo = await decodePixels(await readFile(join(root, 'demo', 'sample1.jpg')));
  const finder = installedFaceFinder();
  const [{ box }] = (await finder.find(photo, { minFacePx: 100 })).sort((p, q) => turned(p) - turned(q));
  const side = Math.round(PORTRAIT * Math.max(box.width, box.height));
  const start = (middle: number, whole: number) =>
    Math.round(Math.min(Math.max(0, middle - side / 2), Math.max(0, whole - side)));
  const image = crop(photo, {
    x: start(box.x + box.width / 2, photo.width),
    y: start(box.y + box.height / 2, photo.height),
    width: Math.min(side, photo.width),
    height: Math.min(side, photo.height),
  });
  return { image, finder, face: (await faceToCloak(image, finder)).face };
}

export async function cloakSheet(): Promise<void> {
  const { image, finder, face } = await portrait();
  const saved = async (picture: RgbImage) => decodePixels(await encodeJpeg(picture, { quality: 75 }));
  const clean = await saved(image);
  const cleanFace = await faceAgain(clean, finder, face);
  const tile = (picture: RgbImage) => resize(picture, { width: TILE, height: TILE, kernel: 'cubic' });
  const rows: RgbImage[][] = [];
  const legend: string[] = [];
  for (const threat of THREATS) {
    const { surrogates, manipulators, close } = await openSurrogates([threat]);
    const { image: worn, cost } = await cloaked(image, face, {
      ...{ budget: STRENGTHS.strong, surrogates, seed: 1 },
    });
    const arrived = await saved(worn);
    const arrivedFace = await faceAgain(arrived, finder, face);
    const look = { size: TILE, margin: 0.1 };
    const [a, b] = [alignFace(image, face, look).image, alignFace(worn, face, look).image];
    const difference = {
      ...a,
      data: Uint8ClampedArray.from(a.data, (v, i) => 128 + STRONGER * (b.data[i] - v)),
    };
    const row = [a, b, difference];
    const shown = manipulators.slice(0, SHOWN);
    for (const one of shown) {
      for (const [picture, where] of [
        [clean, cleanFace],
        [arrived, arrivedFace],
      ] as const) {
        row.push(await tile(pictureOf(await one.manipulate(viewOf(picture, where, one)), one.side)));
      }
    }
    rows.push(row);
    legend.push(
      `${threat}: ${cost.pictureDb.toFixed(1)} dB, of the face ${cost.faceDb.toFixed(1)} dB${shown.length ? `; ${shown.map(({ name }) => name).join(', ')}` : ''}`,
    );
    await close();
  }
  await writeFile(OUT, await encodeWebp(laidOut(rows), { quality: 88, effort: 6 }));
  console.log(`${OUT}, rows from above:\n`);
  for (const line of legend) console.log(`- ${line}`);
}

/** Tiles in rows; a gap after the third and then after every second one. */
function laidOut(rows: readonly (readonly RgbImage[])[]): RgbImage {
  const left = (column: number) => column * TILE + (column >= 3 ? ((column - 1) >> 1) * GAP : 0);
  const columns = Math.max(...rows.map((row) => row.length));
  const width = left(columns - 1) + TILE;
  const height = rows.length * (TILE + GAP) - GAP;
  const data = new Uint8Array(3 * width * height).fill(PAPER);
  rows.forEach((row, r) => {
    row.forEach((picture, c) => {
      for (let y = 0; y < TILE; y++) {
        const from = picture.data.subarray(3 * y * TILE, 3 * (y + 1) * TILE);
        data.set(from, 3 * ((r * (TILE + GAP) + y) * width + left(c)));
      }
    });
  });
  return { width, height, data };
}
