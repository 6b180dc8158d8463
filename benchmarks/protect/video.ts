/**
 * Marks in video: what embedding costs at 1080p, how often single frames and whole clips are read, and what is left after
 * a part of the picture is cut out and after another encoder has had it. A photograph under a wandering camera stands in
 * for footage; clips of the corpus stand beside it where it is there.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wilson } from '../../src/bench/metrics.ts';
import { psnr } from '../../src/core/fidelity.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import type { Frame } from '../../src/core/media.ts';
import { resize } from '../../src/media/index.node.ts';
import { fileOf } from '../../src/media/random-access.node.ts';
import { encodeClip } from '../../src/media/video/encode.node.ts';
import { openVideo } from '../../src/media/video/open.node.ts';
import { embedVideo } from '../../src/protect/watermark/embed-video.node.ts';
import { bitsOfHex, hexOfBits } from '../../src/protect/watermark/payload.ts';
import { read } from '../../src/protect/watermark/read.ts';
import { readVideo } from '../../src/protect/watermark/read-video.node.ts';
import { photographs } from './pictures.ts';

const KEY = 'bench';
const HEX = '0123456789abcdef';
const [WIDTH, HEIGHT, RATE, FRAMES] = [1920, 1080, 30, 45];
const LOOKED = 9;

async function framesOf(bytes: Uint8Array, times: readonly number[]): Promise<Frame[]> {
  const { clip, close } = await openVideo(fileOf(bytes));
  const frames: Frame[] = [];
  for await (const frame of clip.frames({ times })) frames.push(frame);
  close();
  return frames;
}

const reads = async (pixels: RgbImage) => {
  const { message } = await read(pixels, { key: KEY, roads: ['as-written'] });
  return message !== null && hexOfBits(message) === HEX;
};

/** `count` photographs, a second and a half of each. */
export async function videoMarks(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'huoyan-bench-'));
  const all = Array.from({ length: FRAMES }, (_, i) => (i + 0.5) / RATE);
  const some = Array.from({ length: LOOKED }, (_, i) => all[Math.floor((i * FRAMES) / LOOKED)]);
  const singles = { found: 0, n: 0 };
  const whole = new Map<string, { found: number; n: number }>();
  const tally = async (name: string, bytes: Uint8Array) => {
    const one = whole.get(name) ?? { found: 0, n: 0 };
    const { message } = await readVideo(fileOf(bytes), { key: KEY, roads: ['as-written', 'flat'] });
    one.n++;
    if (message && hexOfBits(message) === HEX) one.found++;
    whole.set(name, one);
  };
  let quality = Number.POSITIVE_INFINITY;
  console.log(
    `${WIDTH}x${HEIGHT}, ${FRAMES} frames each; trivial baseline: a random message is never right (2^-64).\n`,
  );
  console.log(
    '| clip | frames a second, wall clock | CPU ms a frame | frames a second if two cores were free | MB before | MB marked |\n| --- | --- | --- | --- | --- | --- |',
  );
  try {
    for (const [i, { image }] of (await photographs(count)).entries()) {
      const factor = Math.max((WIDTH + 150) / image.width, (HEIGHT + 60) / image.height);
      const large = { width: Math.ceil(image.width * factor), height: Math.ceil(image.height * factor) };
      const scene = await resize(image, large);
      const pictures = Array.from({ length: FRAMES }, (_, k) => ({
        pixels: crop(scene, { x: 3 * k, y: k, width: WIDTH, height: HEIGHT }),
        seconds: 1 / RATE,
      }));
      const plain = await encodeClip(pictures, { bitRate: 8_000_000 });
      const out = join(folder, `${i}.mp4`);
      const [from, cpu] = [performance.now(), process.cpuUsage()];
      await embedVideo(fileOf(plain), out, { key: KEY, message: bitsOfHex(HEX) });
      const { user, system } = process.cpuUsage(cpu);
      const took = (performance.now() - from) / 1000;
      const perFrame = (user + system) / 1000 / FRAMES;
      const marked = new Uint8Array(await readFile(out));
      // Told at once: reading takes far longer.
      console.log(
        `| ${i + 1} | ${(FRAMES / took).toFixed(1)} | ${perFrame.toFixed(0)} | ${(2000 / perFrame).toFixed(1)} | ${(plain.length / 1e6).toFixed(2)} | ${(marked.length / 1e6).toFixed(2)} |`,
      );
      const [before, after] = [await framesOf(plain, some), await framesOf(marked, some)];
      quality = Math.min(quality, ...after.map(({ pixels }, k) => psnr(before[k].pixels, pixels)));
      for (const { pixels } of after) {
        singles.n++;
        if (await reads(pixels)) singles.found++;
      }
      await tally('as written', marked);
      const again = async (change: (pixels: RgbImage) => RgbImage, share: number) =>
        encodeClip(
          after.map(({ pixels }) => ({ pixels: change(pixels), seconds: 1 / RATE })),
          { bitRate: Math.round(((marked.length * 8 * RATE) / FRAMES) * share) },
        );
      await tally('nine frames, half the bit rate', await again((pixels) => pixels, 0.5));
      await tally('nine frames, a quarter of the bit rate', await again((pixels) => pixels, 0.25));
      const part = { x: 611, y: 207, width: WIDTH / 2, height: HEIGHT / 2 };
      await tally(
        'a quarter of the picture, half the bit rate',
        await again((pixels) => crop(pixels, part), 0.125),
      );
      console.error(`${i + 1} of ${count}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(
    `\nLeast PSNR of a decoded frame against the same of the unmarked video: ${quality.toFixed(1)} dB`,
  );
  const row = (name: string, { found, n }: { found: number; n: number }) => {
    const [lo, hi] = wilson(found, n).map((value) => (100 * value).toFixed(1));
    return `| ${name} | ${found}/${n} | ${((100 * found) / n).toFixed(1)} % (${lo} %–${hi} %) |`;
  };
  console.log('\n| what is read | right | rate (95 %) |\n| --- | --- | --- |');
  console.log(row('single frames, road as-written', singles));
  for (const [name, one] of whole) console.log(row(`clip: ${name}`, one));
}
