/**
 * How well faces are found and told apart on real pictures, and what it costs. Prints the tables of
 * docs/measured/face.md; asserts nothing.
 *
 *   HUOYAN_DATA=/path/to/data npx tsx benchmarks/face/main.ts > docs/measured/face.md
 *
 * Names after the command (networks, detection, small, false, identity) choose parts.
 *
 * The data (galleries of people, group pictures, scenes without people) are not part of Huoyan; without them it says so
 * and ends.
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RgbImage } from '../../src/core/image.ts';
import { facesAvailable, installedNetworks, locateNetwork } from '../../src/face/finder.node.ts';
import { type FaceNetworkName, NETWORKS } from '../../src/face/networks.ts';
import { decodePixels } from '../../src/media/pixels.node.ts';
import { measureDetection, measureFalseDetections, measureSmallFaces } from './detection.ts';
import { measureIdentity } from './identity.ts';
import { table } from './table.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const data = process.env.HUOYAN_DATA ?? join(root, '..', 'shared', 'data');

export interface Picture {
  readonly path: string;
  readonly image: RgbImage;
}

/** Every picture below `folder`, in order, at most `limit` of them, evenly chosen. */
function listPictures(folder: string, limit = Number.POSITIVE_INFINITY): string[] {
  const base = join(data, folder);
  if (!existsSync(base)) return [];
  const all = readdirSync(base, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(jpe?g|png|webp|bmp)$/i.test(name))
    .sort()
    .map((name) => join(base, name));
  const step = Math.max(1, all.length / limit);
  return Array.from({ length: Math.min(all.length, limit) }, (_, i) => all[Math.floor(i * step)]);
}

/** Decodes one after the other, so that memory stays small; what cannot be read is left out and named on stderr. */
async function* pictures(folder: string, limit?: number): AsyncGenerator<Picture> {
  for (const path of listPictures(folder, limit)) {
    try {
      yield { path, image: await decodePixels(await readFile(path)) };
    } catch (error) {
      process.stderr.write(`left out ${path}: ${error instanceof Error ? error.message : error}\n`);
    }
  }
}

async function measureNetworks(): Promise<string> {
  const rows: string[][] = [];
  for (const name of Object.keys(NETWORKS) as FaceNetworkName[]) {
    if ((await locateNetwork(name)) === null) {
      rows.push([name, 'not installed', '']);
      continue;
    }
    const { size, input } = NETWORKS[name];
    const started = performance.now();
    const session = await installedNetworks().session(name);
    const opened = performance.now() - started;
    const tensor = { dims: [1, size, size, 3], data: new Float32Array(size * size * 3) };
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const t = performance.now();
      await session.run({ [input]: tensor });
      times.push(performance.now() - t);
    }
    times.sort((a, b) => a - b);
    rows.push([name, `${opened.toFixed(0)} ms`, `${times[7].toFixed(1)} ms`]);
  }
  return table(['network', 'read, converted, opened', 'one run (median, 1 thread)'], rows);
}

if (!existsSync(data)) {
  process.stderr.write(
    `no measuring data at ${data}: set HUOYAN_DATA to its folder. Nothing was measured.\n`,
  );
} else if (!(await facesAvailable())) {
  process.stderr.write(
    'the face networks are not installed (npm install @vladmandic/human). Nothing was measured.\n',
  );
} else {
  const networks = installedNetworks();
  const parts = new Map<string, { title: string; measure: () => Promise<string> }>([
    ['networks', { title: 'Networks', measure: measureNetworks }],
    ['detection', { title: 'Pictures with faces', measure: () => measureDetection(networks, pictures) }],
    ['small', { title: 'Small faces', measure: () => measureSmallFaces(networks, pictures) }],
    ['false', { title: 'Scenes without people', measure: () => measureFalseDetections(networks, pictures) }],
    ['identity', { title: 'Telling people apart', measure: () => measureIdentity(networks, pictures) }],
  ]);
  const wanted = process.argv.slice(2).filter((name) => parts.has(name));
  process.stdout.write(
    '# Faces: what was measured\n\nPrinted by `npx tsx benchmarks/face/main.ts`, one thread.\n',
  );
  for (const [name, { title, measure }] of parts) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const body = await measure();
    const load = (loadavg()[0] / cpus().length).toFixed(1);
    process.stdout.write(
      `\n## ${title}\n\nTimes are wall clock, with ${load} busy programs for each core.\n\n${body}`,
    );
  }
}
