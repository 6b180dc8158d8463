/** Explicit labels: drawn, sounded, and found again after what files go through. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { canEncode, encodeSound } from '../../media/av/encode.node.ts';
import { decodePixels, encodeJpeg, readMedia, resize } from '../../media/index.node.ts';
import { fileOf } from '../../media/random-access.node.ts';
import { wavOf } from '../../media/sound/wav.test-support.ts';
import { encodeClip } from '../../media/video/encode.node.ts';
import { openVideo } from '../../media/video/open.node.ts';
import { painted } from '../watermark/painted.test-support.ts';
import { explicitlyLabelled } from './explicit.node.ts';
import { withExplicitLabel } from './explicit.ts';
import { explicitOf } from './explicit-found.node.ts';
import { explicitOn } from './explicit-found.ts';
import { FrameWords } from './explicit-frames.ts';
import { rhythm } from './rhythm.ts';

const encodes = await canEncode();
const RATE = 16_000;
const hum = Float32Array.from({ length: RATE }, (_, i) => 0.2 * Math.sin(i / 9) * Math.sin(i / 2000) ** 2);
const encodePicture = () => Promise.reject(new Error('no picture was given'));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-explicit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const labelled = (bytes: Uint8Array, name: string) =>
  explicitlyLabelled(bytes, name, { words: 'zh', out: join(folder, name), encodePicture });

describe('words on a picture', () => {
  it('are found after JPEG and after scaling, and are not found where there are none', async () => {
    const picture = painted(480, 320, 5);
    for (const words of ['zh', 'en'] as const) {
      const drawn = withExplicitLabel(picture, words);
      expect(explicitOn(drawn)).toBe('present');
      expect(explicitOn(await decodePixels(await encodeJpeg(drawn, { quality: 60 })))).toBe('present');
      expect(explicitOn(await resize(drawn, { width: 360, height: 240 }))).toBe('present');
    }
    expect(explicitOn(picture)).toBe('inconclusive');
  });

  it('are said to be absent only where nothing at all stands along the edges', () => {
    const plain = (value: number): RgbImage => ({
      width: 200,
      height: 120,
      data: new Uint8Array(200 * 120 * 3).fill(value),
    });
    expect([explicitOn(plain(0)), explicitOn(plain(255))]).toEqual(['absent', 'absent']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 199 }), fc.integer({ min: 0, max: 119 }), (x, y) => {
        const one = plain(100);
        one.data[(y * 200 + x) * 3 + 1] = 255;
        const band = x < 24 || x >= 176 || y < 24 || y >= 96;
        expect(explicitOn(one)).toBe(band ? 'inconclusive' : 'absent');
      }),
      { numRuns: 60 },
    );
  });

  it('are of the same shape on a frame, upright whatever way it lies', () => {
    for (const rotation of [0, 90, 180, 270] as const) {
      const [width, height] = [240, 160];
      const luma = new Uint8Array(width * height).fill(120);
      const chroma = new Uint8Array((width * height) / 2).fill(90);
      new FrameWords('en', width, height, rotation).draw(luma, chroma);
      const upright = rotation === 90 || rotation === 270 ? [height, width] : [width, height];
      const data = new Uint8Array(width * height * 3);
      for (let y = 0; y < upright[1]; y++) {
        for (let x = 0; x < upright[0]; x++) {
          // Clockwise by 90 degrees, what lies at (u, v) is shown at (height - 1 - v, u).
          const [u, v] =
            rotation === 90
              ? [y, height - 1 - x]
              : rotation === 180
                ? [width - 1 - x, height - 1 - y]
                : rotation === 270
                  ? [width - 1 - y, x]
                  : [x, y];
          data.fill(luma[v * width + u], (y * upright[0] + x) * 3, (y * upright[0] + x) * 3 + 3);
        }
      }
      expect(explicitOn({ width: upright[0], height: upright[1], data })).toBe('present');
      expect(Math.max(...chroma)).toBeLessThanOrEqual(128);
    }
  });
});

describe('the rhythm before a sound', () => {
  /** A WAV of random samples: format tag 1 is whole numbers, 3 floats, 6 and 7 the codes of telephony. */
  function anyWav(tag: number, bits: number, channels: number, frames: number, seed: number): Uint8Array {
    const random = new Random(seed);
    const width = (bits / 8) * channels;
    const data = Uint8Array.from({ length: frames * width }, () => random.below(256));
    const view = new DataView(data.buffer);
    if (tag === 3)
      for (let at = 0; at < data.length; at += 4) view.setFloat32(at, random.uniform(-0.5, 0.5), true);
    const head = new DataView(new ArrayBuffer(56));
    for (const [at, text] of [
      [0, 'RIFF'],
      [8, 'WAVE'],
      [12, 'fmt '],
      [36, 'fact'],
      [48, 'data'],
    ] as const) {
      for (let i = 0; i < 4; i++) head.setUint8(at + i, text.charCodeAt(i));
    }
    for (const [at, value] of [
      [4, 48 + data.length + (data.length & 1)],
      [16, 16],
      [24, RATE],
      [28, RATE * width],
      [40, 4],
      [44, frames],
      [52, data.length],
    ]) {
      head.setUint32(at, value, true);
    }
    for (const [at, value] of [
      [20, tag],
      [22, channels],
      [32, width],
      [34, bits],
    ])
      head.setUint16(at, value, true);
    return Uint8Array.from([...new Uint8Array(head.buffer), ...data, ...(data.length & 1 ? [0] : [])]);
  }

  it('goes into a WAV of any coding, whose own samples stay as they are', async () => {
    const coding = fc.constantFrom([1, 8], [1, 16], [1, 24], [1, 32], [3, 32], [6, 8], [7, 8]);
    const seeds = fc.integer({ min: 0, max: 1e6 });
    await fc.assert(
      fc.asyncProperty(
        coding,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 400 }),
        seeds,
        async ([tag, bits], channels, frames, seed) => {
          const bytes = anyWav(tag, bits, channels, frames, seed);
          const out = await labelled(bytes, 'a.wav');
          const own = bytes.subarray(56);
          expect(out.subarray(out.length - own.length)).toEqual(own);
          expect(out.subarray(0, 4)).toEqual(bytes.subarray(0, 4));
          expect(await explicitOf(out, 'a')).toBe('present');
          const media = await readMedia(out, 'a');
          if (media.kind !== 'audio') throw new Error('no sound');
          expect(media.container.warnings).toEqual([]);
          const head = new DataView(out.buffer, out.byteOffset);
          expect(head.getUint32(4, true)).toBe(out.length - 8);
          expect(head.getUint32(44, true)).toBe(Math.round(media.sound.duration * RATE));
        },
      ),
      { numRuns: 20 },
    );
    expect(await explicitOf(wavOf([hum], RATE), 'a')).toBe('inconclusive');
    expect(await explicitOf(wavOf([new Float32Array(RATE)], RATE), 'a')).toBe('absent');
  });

  it.skipIf(!encodes)('goes into compressed sound, and is found in it', { timeout: 60_000 }, async () => {
    const sound = Float32Array.from({ length: 48_000 }, (_, i) => hum[Math.floor(i / 3)]);
    for (const [codec, name] of [
      ['mp3', 'a.mp3'],
      ['aac', 'a.m4a'],
      ['opus', 'a.ogg'],
      ['flac', 'a.flac'],
    ] as const) {
      const out = await labelled(await encodeSound(sound, 48_000, codec, 96_000), name);
      expect([codec, await explicitOf(out, name)]).toEqual([codec, 'present']);
      const media = await readMedia(out, name);
      if (media.kind !== 'audio') throw new Error('no sound');
      expect(media.sound.duration).toBeGreaterThan(rhythm(48_000).length / 48_000 + 0.9);
    }
  });

  it('is refused where the sound would become another kind of file, or is none', async () => {
    const failure = (bytes: Uint8Array, name: string) =>
      labelled(bytes, name).then(
        () => 'nothing',
        (thrown) => (thrown instanceof HuoyanError ? thrown.code : String(thrown)),
      );
    const bytes = wavOf([hum], RATE);
    expect(await failure(bytes, 'a.mp3')).toBe('bad-argument');
    expect(await failure(bytes.slice(0, bytes.length >> 1), 'a.wav')).toBe('corrupt');
    expect(await failure(Uint8Array.from(Buffer.from('RIFF____WAVE')), 'a.wav')).toMatch(
      /corrupt|unsupported/,
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(!encodes)('words on a video', { timeout: 60_000 }, () => {
  it('stand upright on its first two seconds, and on no others', async () => {
    const scene = painted(192, 128, 2);
    const pictures = Array.from({ length: 14 }, () => ({ pixels: scene, seconds: 0.25 }));
    for (const rotation of [0, 90] as const) {
      const bytes = await encodeClip(pictures, { bitRate: 600_000, rotation });
      const out = await labelled(bytes, 'a.mp4');
      expect(await explicitOf(bytes, 'a')).toBe('inconclusive');
      expect(await explicitOf(out, 'a')).toBe('present');
      const { clip, close } = await openVideo(fileOf(out));
      const seen: string[] = [];
      for await (const { pixels } of clip.frames({ times: [0.1, 2.1, 3.1] })) seen.push(explicitOn(pixels));
      close();
      expect(seen).toEqual(['present', 'present', 'inconclusive']);
    }
    expect(await readdir(folder)).toEqual([]);
  });
});
