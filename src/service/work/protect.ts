/** Marks, cloaks and labels, as a child process makes and reads them. */
import { psnr } from '../../core/fidelity.ts';
import { installedFaceFinder } from '../../face/finder.node.ts';
import { readBytes, readImage, WRITE } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { cloakPortrait } from '../../protect/cloak/portrait.node.ts';
import { carrierFor, withLabel } from '../../protect/label/manifest.ts';
import { checkLabelOf } from '../../protect/label/verdict.node.ts';
import { checkRoom, embedCalmly } from '../../protect/watermark/embed.ts';
import { openLearnedMark } from '../../protect/watermark/learned.ts';
import { bitsOfHex } from '../../protect/watermark/payload.ts';
import { read } from '../../protect/watermark/read.ts';
import { FAST_ROADS, readingRecord } from '../../protect/watermark/record.ts';
import type { Given, Tasks } from './tasks.ts';

/** Networks load with the first mark or face and stay warm. */
const learned = openLearnedMark(openModels());
const finder = installedFaceFinder();

const bytesOf = async ({ path, name, bytes }: Given) => bytes ?? readBytes(path ?? name);

export async function mark({
  file,
  key,
  message,
  format,
}: Tasks['mark']['takes']): Promise<Tasks['mark']['gives']> {
  const bits = bitsOfHex(message);
  const { pixels } = await readImage(await bytesOf(file), file.name);
  checkRoom(pixels.width, pixels.height);
  const marked = await embedCalmly(pixels, { key, message: bits }, learned);
  return { bytes: await WRITE[format](marked), psnr: psnr(pixels, marked) };
}

export async function readMark({
  file,
  key,
  fast,
}: Tasks['readMark']['takes']): Promise<Tasks['readMark']['gives']> {
  const { pixels } = await readImage(await bytesOf(file), file.name);
  return { record: readingRecord(await read(pixels, { key, learned, ...(fast && { roads: FAST_ROADS }) })) };
}

export async function cloak({
  file,
  format,
  ...how
}: Tasks['cloak']['takes']): Promise<Tasks['cloak']['gives']> {
  const { pixels } = await readImage(await bytesOf(file), file.name);
  return cloakPortrait(pixels, { ...how, finder, encode: WRITE[format] });
}

export async function label({ file, label }: Tasks['label']['takes']): Promise<Tasks['label']['gives']> {
  const labelled = withLabel(await bytesOf(file), label);
  return { bytes: labelled, carrier: carrierFor(labelled).name };
}

export async function checkLabel({
  file,
}: Tasks['checkLabel']['takes']): Promise<Tasks['checkLabel']['gives']> {
  return { answer: await checkLabelOf(await bytesOf(file), file.name) };
}
