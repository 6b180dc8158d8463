/** Marks in a clip that is made here: whether they are read from every frame, from parts, and after being sent on. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import { psnr } from '../../core/fidelity.ts';
import { crop, type RgbImage } from '../../core/image.ts';
import type { Frame } from '../../core/media.ts';
import { Random } from '../../core/random.ts';
import { canEncode } from '../../media/av/encode.node.ts';
import { fileOf } from '../../media/random-access.node.ts';
import { readMedia } from '../../media/read.node.ts';
import { type EncodeClipOptions, encodeClip } from '../../media/video/encode.node.ts';
import { openVideo } from '../../media/video/open.node.ts';
import { embed } from './embed.ts';
import { embedVideo } from './embed-video.node.ts';
import { painted } from './painted.test-support.ts';
import { bitsOfHex, hexOfBits } from './payload.ts';
import { type Road, read } from './read.ts';
import { readClip } from './read-clip.ts';
import { readVideo } from './read-video.node.ts';

const KEY = 'a key';
const HEX = '0123456789abcdef';
const [WIDTH, HEIGHT, RATE, COUNT] = [576, 432, 8, 8];
const scene = painted(600, 440, 3);

/** A camera that wanders over a painting. */
const frameAt = (i: number) => crop(scene, { x: 3 * i, y: i, width: WIDTH, height: HEIGHT });
const pictures = Array.from({ length: COUNT }, (_, i) => ({ pixels: frameAt(i), seconds: 1 / RATE }));
const random = new Random(1);
const sound = {
  samples: Float32Array.from({ length: 48_000 }, (_, i) => 0.3 * Math.sin(i / 20) + 0.02 * random.normal()),
  sampleRate: 48_000,
};
const made = (options: Partial<EncodeClipOptions> = {}) =>
  encodeClip(pictures, { bitRate: 2_000_000, sound, ...options });

async function framesOf(bytes: Uint8Array): Promise<Frame[]> {
  const { clip, close } = await openVideo(fileOf(bytes));
  const frames: Frame[] = [];
  for await (const frame of clip.frames({ times: pictures.map((_, i) => (i + 0.5) / RATE) }))
    frames.push(frame);
  close();
  return frames;
}

const messageIn = async (pixels: RgbImage) => {
  const { message } = await read(pixels, { key: KEY, roads: ['as-written'] });
  return message && hexOfBits(message);
};
async function* stream(frames: readonly Frame[]) {
  yield* frames;
}

describe('marks in several frames', () => {
  it('are read from all together where no single one says enough', { timeout: 120_000 }, async () => {
    const noisy = pictures.map(({ pixels }, i) => {
      const grain = new Random(i);
      const { data, ...size } = embed(pixels, { key: KEY, message: bitsOfHex(HEX) });
      const grainy = Uint8ClampedArray.from(data, (value) => value + 90 * grain.normal());
      return { time: i / RATE, pixels: { ...size, data: grainy } };
    });
    expect(await Promise.all(noisy.slice(0, 2).map(({ pixels }) => messageIn(pixels)))).toEqual([null, null]);
    const reading = await readClip(stream(noisy), { key: KEY, roads: ['as-written'] });
    expect(reading).toMatchObject({ found: true, message: bitsOfHex(HEX) });
    expect(reading.frames).toBeGreaterThan(1);
    expect(reading.second).toBe((reading.frames - 1) / RATE);
    const nothing = await readClip(stream([]), { key: KEY });
    expect(nothing).toMatchObject({ found: false, frames: 0, second: null });
  });
});

describe.skipIf(!(await canEncode()))(
  'marks in video (needs @mediabunny/server)',
  { timeout: 120_000 },
  () => {
    let folder: string;
    let plain: Uint8Array;
    let marked: Uint8Array;
    const embedded = async (bytes: Uint8Array, name: string, more = {}) => {
      const out = join(folder, name);
      const facts = await embedVideo(fileOf(bytes), out, { key: KEY, message: bitsOfHex(HEX), ...more });
      return { facts, bytes: new Uint8Array(await readFile(out)) };
    };
    const readFrom = async (bytes: Uint8Array, roads: readonly Road[] = ['as-written'], key = KEY) => {
      const reading = await readVideo(fileOf(bytes), { key, roads });
      return { ...reading, message: reading.message && hexOfBits(reading.message) };
    };
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'huoyan-mark-'));
      plain = await made();
      marked = (await embedded(plain, 'marked.mp4')).bytes;
    }, 60_000);
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('are read from every single frame, and are not seen', async () => {
      const [before, after] = [await framesOf(plain), await framesOf(marked)];
      expect(await Promise.all(after.map(({ pixels }) => messageIn(pixels)))).toEqual(after.map(() => HEX));
      for (const i of [0, 4, 7]) expect(psnr(before[i].pixels, after[i].pixels)).toBeGreaterThan(34);
    });

    it('stop at the first certain frame and name its second', async () => {
      expect(await readFrom(marked)).toMatchObject({ found: true, message: HEX, second: 0, frames: 1 });
      expect(await readFrom(marked, ['as-written'], 'another')).toMatchObject({
        found: false,
        message: null,
        second: null,
      });
      expect(await readFrom(plain)).toMatchObject({ found: false, second: null });
    });

    it('keep sound to the bit, times and rotation', async () => {
      for (const rotation of [0, 90] as const) {
        const source = await made({ rotation });
        const { bytes, facts } = await embedded(source, `turned-${rotation}.mp4`);
        expect(facts).toMatchObject({ rotation, frames: COUNT, marked: COUNT, codec: 'avc' });
        const [a, b] = [await readMedia(source, 'a'), await readMedia(bytes, 'b')];
        if (a.kind !== 'video' || b.kind !== 'video') throw new Error('no video');
        expect(b.sound?.stretches).toEqual(a.sound?.stretches);
        expect(b.container).toMatchObject({ rotation, width: a.container.width, height: a.container.height });
        const [was, is] = [await a.clip.packets(99), await b.clip.packets(99)];
        const inOrder = (packets: readonly { readonly time: number }[]) =>
          packets.map(({ time }) => time).sort((x, y) => x - y);
        for (const [i, time] of inOrder(was).entries()) expect(inOrder(is)[i]).toBeCloseTo(time, 3);
        // It stands upright: no road but the first is needed.
        const reading = await readVideo(fileOf(bytes), { key: KEY, roads: ['as-written'] });
        // Encoders with several threads do not give the same bits each time, so a few may need correcting.
        expect(reading.message && hexOfBits(reading.message)).toBe(HEX);
        await a.file.close();
        await b.file.close();
      }
    });

    it('are read after a lower bit rate, from a part of the picture, and from a part of the clip', async () => {
      const frames = await framesOf(marked);
      const again = async (change: (pixels: RgbImage) => RgbImage, bitRate: number, from = 0) =>
        encodeClip(
          frames.slice(from).map(({ pixels }) => ({ pixels: change(pixels), seconds: 1 / RATE })),
          { bitRate },
        );
      const low = await again((pixels) => pixels, 300_000);
      expect(low.length).toBeLessThan(marked.length / 2);
      expect(await readFrom(low)).toMatchObject({ found: true, message: HEX });
      const part = await again(
        (pixels) => crop(pixels, { x: 61, y: 33, width: 300, height: 200 }),
        900_000,
        5,
      );
      expect(await readFrom(part, ['flat'])).toMatchObject({ found: true, message: HEX, road: 'flat' });
    });

    it('stand in every n-th frame or in those coded by themselves, where that is asked for', async () => {
      const third = await embedded(plain, 'third.mp4', { frames: 3 });
      expect(third.facts.marked).toBe(3);
      const read = (await framesOf(third.bytes)).map(({ pixels }) => messageIn(pixels));
      const found = (await Promise.all(read)).map((message) => message !== null);
      expect([0, 3, 6].map((i) => found[i])).toEqual([true, true, true]);
      const keys = await embedded(plain, 'keys.mp4', { frames: 'key' });
      expect(keys.facts.marked).toBeGreaterThan(0);
      expect(keys.facts.marked).toBeLessThan(4);
      expect(await readFrom(keys.bytes)).toMatchObject({ found: true, second: 0 });
    });

    it('go into WebM and Matroska as well', async () => {
      const webm = await embedded(await made({ container: 'webm', codec: 'vp9' }), 'marked.webm');
      expect(webm.facts.codec).toBe('vp9');
      expect(await readFrom(webm.bytes)).toMatchObject({ found: true, message: HEX });
      expect(await readFrom((await embedded(plain, 'marked.mkv')).bytes)).toMatchObject({ found: true });
    });

    it('fail with words and leave nothing behind', async () => {
      const failure = (work: Promise<unknown>) =>
        work.then(
          () => 'nothing',
          (thrown) => (thrown instanceof HuoyanError ? thrown.code : String(thrown)),
        );
      const mark = { key: KEY, message: bitsOfHex(HEX) };
      const before = await readdir(folder);
      const to = (name: string) => join(folder, name);
      const small = await encodeClip([{ pixels: painted(96, 64, 1), seconds: 0.2 }], { bitRate: 100_000 });
      expect(await failure(embedVideo(fileOf(small), to('s.mp4'), mark))).toBe('bad-argument');
      expect(await failure(embedVideo(fileOf(plain), to('s.avi'), mark))).toBe('bad-argument');
      expect(await failure(embedVideo(fileOf(plain), to('s.webm'), mark))).toBe('unsupported-format');
      expect(await failure(embedVideo(fileOf(plain), to('none/s.mp4'), mark))).toBe('not-found');
      const cut = plain.slice(0, plain.length >> 1);
      expect(await failure(embedVideo(fileOf(cut), to('s.mp4'), mark))).toMatch(/corrupt|unsupported-format/);
      const controller = new AbortController();
      controller.abort();
      expect(
        await failure(embedVideo(fileOf(plain), to('s.mp4'), { ...mark, signal: controller.signal })),
      ).toContain('Abort');
      expect(await readdir(folder)).toEqual(before);
      await writeFile(
        to('noise.mp4'),
        plain.map((byte, i) => (i > 60 && i % 97 === 0 ? byte ^ 255 : byte)),
      );
      expect(
        await failure(readVideo(fileOf(new Uint8Array(await readFile(to('noise.mp4')))), { key: KEY })),
      ).toMatch(/nothing|corrupt|unsupported-format|timeout/);
    });
  },
);
