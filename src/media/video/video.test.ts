/** Clips are made here, small, and read back through the door through which every analysis goes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Frame, VideoMedia } from '../../core/media.ts';
import { Random } from '../../core/random.ts';
import { canEncode } from '../av/encode.node.ts';
import { readMedia } from '../read.node.ts';
import { encodeClip, type TimedPicture } from './encode.node.ts';
import { turned } from './pixels.node.ts';

const [WIDTH, HEIGHT, RATE] = [96, 64, 10];

/** The upper left quarter is red, the rest grows lighter from frame to frame. */
function picture(i: number): RgbImage {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, k = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, k += 3) {
      const red = x < WIDTH / 2 && y < HEIGHT / 2;
      data.set(red ? [220, 20, 20] : [10 * i, 10 * i, 10 * i], k);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

const even = (count: number): TimedPicture[] =>
  Array.from({ length: count }, (_, i) => ({ pixels: picture(i), seconds: 1 / RATE }));

async function framesOf(media: VideoMedia, times: readonly number[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of media.clip.frames({ times })) frames.push(frame);
  return frames;
}

async function video(bytes: Uint8Array): Promise<VideoMedia> {
  const media = await readMedia(bytes, 'test');
  if (media.kind !== 'video') throw new Error(`read as ${media.kind}`);
  return media;
}

const level = ({ pixels }: Frame) => pixels.data[(pixels.width * pixels.height - 1) * 3];
const encodes = await canEncode();

describe.skipIf(!encodes)('video (needs @mediabunny/server)', () => {
  let plain: Uint8Array;
  beforeAll(async () => {
    plain = await encodeClip(even(20), { bitRate: 800_000 });
  });
  const opened: VideoMedia[] = [];
  const open = async (bytes: Uint8Array) => {
    const media = await video(bytes);
    opened.push(media);
    return media;
  };
  afterAll(async () => {
    for (const media of opened) await media.file.close();
  });

  it('tells size, length, rate and codec', async () => {
    const { container, clip, sound } = await open(plain);
    expect(container).toMatchObject({
      format: 'mp4',
      width: WIDTH,
      height: HEIGHT,
      codec: 'avc',
      rotation: 0,
    });
    expect(clip.duration).toBeCloseTo(2, 1);
    expect(clip.frameRate).toBeCloseTo(RATE, 0);
    expect(sound).toBeUndefined();
  });

  it('shows the frame of each time asked for, with its own time stamp', async () => {
    const frames = await framesOf(await open(plain), [0, 0.55, 1.2, 1.21, 1.95]);
    expect(frames.map((f) => f.time)).toEqual([0, 0.5, 1.2, 1.9].map((t) => expect.closeTo(t, 3)));
    [0, 50, 120, 190].forEach((expected, i) => {
      expect(Math.abs(level(frames[i]) - expected)).toBeLessThan(14);
    });
  });

  it('keeps the time stamps of a variable frame rate', async () => {
    const lengths = [0.1, 0.4, 0.05, 0.3, 0.2];
    const bytes = await encodeClip(
      lengths.map((seconds, i) => ({ pixels: picture(4 * i), seconds })),
      { bitRate: 500_000 },
    );
    const frames = await framesOf(await open(bytes), [0.05, 0.3, 0.52, 0.6, 0.9]);
    expect(frames.map((f) => f.time)).toEqual([0, 0.1, 0.5, 0.55, 0.85].map((t) => expect.closeTo(t, 2)));
  });

  it.each([90, 180, 270] as const)('turns by %i degrees as a player does', async (rotation) => {
    const { clip } = await open(await encodeClip(even(3), { bitRate: 800_000, rotation }));
    const upright = turned(picture(0), rotation);
    expect([clip.width, clip.height]).toEqual([upright.width, upright.height]);
    for await (const { pixels } of clip.frames({ times: [0] })) {
      // The red quarter stands where a turned picture has it.
      for (const [x, y] of [
        [4, 4],
        [upright.width - 5, 4],
        [4, upright.height - 5],
      ]) {
        const at = (y * upright.width + x) * 3;
        expect(Math.abs(pixels.data[at] - upright.data[at])).toBeLessThan(40);
      }
    }
  });

  it('reads VP9 in WebM, and sound beside pictures', async () => {
    const samples = Float32Array.from({ length: 16_000 }, (_, i) => 0.3 * Math.sin(i / 5));
    const webm = await encodeClip(even(10), { container: 'webm', codec: 'vp9', bitRate: 300_000 });
    expect((await framesOf(await open(webm), [0, 0.4, 0.8])).length).toBe(3);
    const spoken = await encodeClip(even(10), { bitRate: 300_000, sound: { samples, sampleRate: 16_000 } });
    const media = await open(spoken);
    expect(media.sound?.sampleRate).toBe(16_000);
    expect(media.container.audio?.codec).toBe('aac');
  });

  it('takes key frames as they stand in the file', async () => {
    const { clip } = await open(plain);
    expect((await clip.keyTimes([0, 0.5, 1.9]))[0]).toBeCloseTo(0);
  });

  it('answers cut, mutated and empty files with a clip or a typed error, never otherwise', async () => {
    const attempt = async (bytes: Uint8Array) => {
      try {
        const media = await readMedia(bytes, 'damaged');
        if (media.kind === 'video') await framesOf(media, [0, 1, 1.9]);
        if (media.kind !== 'image') await media.file.close();
        return 'read';
      } catch (error) {
        expect(error).toBeInstanceOf(HuoyanError);
        return (error as HuoyanError).code;
      }
    };
    expect(await attempt(new Uint8Array(0))).toBe('empty');
    for (const part of [0.02, 0.3, 0.7, 0.95]) await attempt(plain.slice(0, Math.floor(plain.length * part)));
    const random = new Random(7);
    for (let round = 0; round < 12; round++) {
      const bytes = Uint8Array.from(plain);
      const hits = 1 + random.below(12);
      for (let k = 0; k < hits; k++) bytes[random.below(bytes.length)] = random.below(256);
      await attempt(bytes);
    }
  }, 60_000);
});
