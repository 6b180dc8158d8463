/** Small clips made here: without a face, with one, and files that are none. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataFolder } from '../../bench/corpus.ts';
import type { RgbImage } from '../../core/image.ts';
import { facesAvailable } from '../../face/finder.node.ts';
import { canEncode } from '../../media/av/encode.node.ts';
import { readBytes, readImage, resize } from '../../media/index.node.ts';
import { encodeClip, type TimedPicture } from '../../media/video/encode.node.ts';
import { NameBook } from '../names.ts';
import { localRecognisers } from '../recognisers/local.node.ts';
import { clipPictures } from './clips.node.ts';
import { readFakes } from './fakes.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'huoyan-clips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...path: string[]) => join(folder, ...path);
const RATE = 10;
const gallery = join(dataFolder() ?? '', 'faces', 'gallery_lfw10');
const able = (await facesAvailable()) && dataFolder() !== null && existsSync(gallery);

async function write(path: string, pictures: Iterable<TimedPicture>): Promise<string> {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, await encodeClip(pictures, { bitRate: 900_000 }));
  return path;
}

/** Drifting stripes. */
function* stripes(frames: number): Generator<TimedPicture> {
  for (let frame = 0; frame < frames; frame++) {
    const data = new Uint8Array(128 * 96 * 3);
    for (let i = 0; i < data.length; i++)
      data[i] = 128 + 90 * Math.sin(((Math.floor(i / 3) % 128) + 4 * frame) / 8);
    yield { pixels: { width: 128, height: 96, data }, seconds: 1 / RATE };
  }
}

describe.skipIf(!(await canEncode()))('clips as attack material (needs @mediabunny/server)', () => {
  it('give frames evenly spread, the same each time, decoded again when asked for', async () => {
    const path = await write(at('Ann', 'one.mp4'), stripes(20));
    const pictures = await clipPictures(path, 4);
    expect(pictures).toHaveLength(4);
    expect(pictures.map(({ file }) => Number(file.split('#')[1]))).toEqual([0.2, 0.7, 1.2, 1.7]);
    expect(new Set(pictures.map(({ sha256 }) => sha256)).size).toBe(4);
    // Two other clips push the first one out of what is kept.
    const others = [
      await write(at('Bo', 'two.mp4'), stripes(12)),
      await write(at('Bo', 'three.mp4'), stripes(8)),
    ];
    for (const other of others) await clipPictures(other, 2);
    const { pixels } = await readImage(await pictures[2].bytes(), 'x');
    // Nobody is in it: the whole frame.
    expect([pixels.width, pixels.height]).toEqual([128, 96]);
    expect((await clipPictures(path, 4)).map(({ sha256 }) => sha256)).toEqual(
      pictures.map(({ sha256 }) => sha256),
    );
  });

  it('are frames of one clip of one person in a folder, and no clip is a problem', async () => {
    writeFileSync(at('Bo', 'broken.mp4'), 'no clip at all');
    writeFileSync(at('Bo', 'empty.webm'), '');
    const { fakes, problems } = await readFakes(folder, new NameBook(), { frames: 3 });
    expect(fakes.map(({ person, clip }) => `${person} ${clip}`)).toEqual([
      ...new Array(3).fill('Ann Ann/one.mp4'),
      ...new Array(3).fill('Bo Bo/three.mp4'),
      ...new Array(3).fill('Bo Bo/two.mp4'),
    ]);
    expect(problems.map(({ file }) => file).sort()).toEqual([at('Bo', 'broken.mp4'), at('Bo', 'empty.webm')]);
    for (const { error } of problems) expect(error.hint.en).not.toBe('');
  });

  it.skipIf(!able)(
    'follow one person, whoever else comes near (needs face networks and HUOYAN_DATA)',
    async () => {
      const people = readdirSync(gallery)
        .filter((name) => !name.includes('.'))
        .slice(0, 2);
      const [stays, comes] = await Promise.all(
        people.map(async (name) => {
          const [file] = readdirSync(join(gallery, name)).sort();
          const { pixels } = await readImage(await readBytes(join(gallery, name, file)), file);
          return resize(pixels, { width: 200, height: 200 });
        }),
      );
      const larger = await resize(comes, { width: 260, height: 260 });
      function* film(): Generator<TimedPicture> {
        for (let frame = 0; frame < 20; frame++) {
          const canvas = { width: 520, height: 280, data: new Uint8Array(520 * 280 * 3).fill(90) };
          paste(canvas, stays, 10 + frame, 40);
          // In the last third somebody nearer.
          if (frame >= 13) paste(canvas, larger, 250, 10);
          yield { pixels: canvas, seconds: 1 / RATE };
        }
      }
      const pictures = await clipPictures(await write(at('film.mp4'), film()), 5);
      expect(pictures).toHaveLength(5);
      const [recogniser] = localRecognisers(['faceres']);
      const call = async (_: unknown, work: (signal: AbortSignal) => Promise<unknown>) =>
        work(new AbortController().signal);
      const features = async (picture: (typeof pictures)[number]) =>
        (await recogniser.describe?.(picture, call as never)) as Float32Array;
      const first = await features(pictures[0]);
      for (const picture of pictures.slice(1)) {
        const other = await features(picture);
        let dot = 0;
        for (let i = 0; i < first.length; i++) dot += first[i] * other[i];
        expect(dot).toBeGreaterThan(0.6);
      }
    },
  );
});

function paste(on: { width: number; data: Uint8Array }, what: RgbImage, x: number, y: number): void {
  for (let row = 0; row < what.height; row++) {
    const line = what.data.subarray(3 * row * what.width, 3 * (row + 1) * what.width);
    on.data.set(line, 3 * ((y + row) * on.width + x));
  }
}
