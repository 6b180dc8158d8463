/**
 * How far a cloak could go at all: each manipulator attacked by a cloak made against nothing else, at the strongest budget
 * and at louder ones that anybody sees. What fails to give way here no cloak of that size is going to reach.
 */
import { wilson } from '../../src/bench/metrics.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { installedFaceFinder } from '../../src/face/finder.node.ts';
import { decodePixels, encodeJpeg } from '../../src/media/index.node.ts';
import type { Budget } from '../../src/protect/cloak/budget.ts';
import { cloaked } from '../../src/protect/cloak/cloak.ts';
import { openSurrogates } from '../../src/protect/cloak/opened.node.ts';
import { failed } from '../../src/protect/cloak/surrogate.ts';
import { MANIPULATIONS } from '../../src/protect/cloak/threats.ts';
import { faceAgain, type Trial, tried } from '../../src/protect/cloak/trial.ts';
import { portraits } from './portraits.ts';

/** PSNR of picture and face. Colours may move as they like. */
const DECIBELS = [38, 32, 26] as const;
const budgetOf = (db: number): Budget => ({ pictureDb: db, faceDb: db, colour: Number.POSITIVE_INFINITY });

export async function cloakBound(n: number): Promise<void> {
  const finder = installedFaceFinder();
  const found = await portraits(n, finder);
  if (found.length === 0) return;
  const { manipulators, close } = await openSurrogates(MANIPULATIONS);
  const trials: (Trial & { readonly db: number })[] = [];
  for (const [i, { image, face }] of found.entries()) {
    const placed = async (picture: RgbImage) => {
      const saved = await decodePixels(await encodeJpeg(picture, { quality: 75 }));
      return { image: saved, face: await faceAgain(saved, finder, face) };
    };
    const clean = await placed(image);
    for (const one of manipulators) {
      for (const db of DECIBELS) {
        const made = await cloaked(image, face, { budget: budgetOf(db), surrogates: [one], seed: 1 });
        const [trial] = await tried(clean, await placed(made.image), [one]);
        trials.push({ ...trial, db });
      }
    }
    console.error(`${i + 1} of ${found.length}`);
  }
  await close();
  console.log(
    `${found.length} portraits; failed after JPEG 75 (L2 above 0.05 and visibly), by the loudness of the cloak as PSNR of picture and face; the cloak is made against this manipulator alone\n`,
  );
  console.log(`| threat | manipulator | ${DECIBELS.map((db) => `${db} dB`).join(' | ')} |`);
  console.log(`| --- | --- ${'| --- '.repeat(DECIBELS.length)}|`);
  const failures = (list: readonly Trial[]) => list.filter(failed).length;
  for (const { name, threat } of manipulators) {
    const cells = DECIBELS.map((db) => {
      const own = trials.filter((trial) => trial.name === name && trial.db === db);
      return `${failures(own)}/${own.length}`;
    });
    console.log(`| ${threat} | ${name} | ${cells.join(' | ')} |`);
  }
  const all = DECIBELS.map((db) => {
    const own = trials.filter((trial) => trial.db === db);
    const [low, high] = wilson(failures(own), own.length).map((v) => `${(100 * v).toFixed(0)} %`);
    return `${((100 * failures(own)) / own.length).toFixed(0)} % (${low}–${high})`;
  });
  console.log(`| all | | ${all.join(' | ')} |`);
}
