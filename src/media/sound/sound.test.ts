import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { AudioMedia, RandomAccess } from '../../core/media.ts';
import { heardSeconds, soundOf } from '../../core/sound.ts';
import { canEncode, encodeSound } from '../av/encode.node.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { readMedia } from '../read.node.ts';
import { fromALaw, fromMuLaw, toALaw, toMuLaw } from './g711.ts';
import { plainLayout } from './plain.ts';
import { readPlainSound } from './read.node.ts';
import { reshipSound, soundReshippings } from './reshipping.node.ts';
import { spectrogram } from './spectrogram.ts';
import { throughTelephone } from './telephone.ts';
import { aiffOf, auOf, wavOf } from './wav.test-support.ts';

const sine = (hz: number, rate: number, seconds: number, level = 0.5) =>
  Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => level * Math.sin((2 * Math.PI * hz * i) / rate),
  );

async function hear(bytes: Uint8Array): Promise<AudioMedia> {
  const media = await readMedia(bytes, 'x');
  if (media.kind !== 'audio') throw new Error(media.kind);
  return media;
}

const rms = (x: Float32Array) => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length);

describe('G.711', () => {
  it('gives every code word back', () => {
    for (let code = 0; code < 256; code++) {
      expect(fromMuLaw(toMuLaw(fromMuLaw(code))) + 0).toBe(fromMuLaw(code) + 0);
      expect(toALaw(fromALaw(code))).toBe(code);
    }
  });

  it('stays close to the value, and clips what is beyond', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (v) => {
        const near = Math.abs(v) * 0.04 + 3e-4;
        expect(Math.abs(fromMuLaw(toMuLaw(v)) - v)).toBeLessThanOrEqual(near + 0.02 * Math.abs(v));
        expect(Math.abs(fromALaw(toALaw(v)) - v)).toBeLessThanOrEqual(near + 0.02 * Math.abs(v));
      }),
    );
    expect(fromMuLaw(toMuLaw(7))).toBeGreaterThan(0.97);
    expect(fromALaw(toALaw(-7))).toBeLessThan(-0.97);
  });
});

describe('plain sound files', () => {
  it('reads WAV as it was written, one or two channels', async () => {
    const samples = fc.float32Array({ min: -1, max: 1, noNaN: true, minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 3 }), async (x, count) => {
        const media = await hear(wavOf(new Array(count).fill(x), 8000));
        const { channels } = media.sound.stretches[0];
        expect(channels.length).toBe(Math.min(2, count));
        channels[0].forEach((v, i) => {
          expect(Math.abs(v - x[i])).toBeLessThan(1e-4);
        });
        expect(media.container).toMatchObject({
          format: 'wav',
          channels: count,
          sampleRate: 8000,
          bitDepth: 16,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('reads AIFF and AU, linear and companded', async () => {
    const values = Int16Array.of(0, 1000, -1000, 32_767, -32_768);
    const aiff = await hear(aiffOf(values, 22_050));
    expect(aiff.sound.sampleRate).toBe(22_050);
    expect([...aiff.sound.stretches[0].channels[0]].map((v) => Math.round(v * 32_768))).toEqual([...values]);
    const law = await hear(auOf(Uint8Array.of(0, 127, 128, 255), 1, 8000));
    expect(law.container.codec).toBe('pcm-mulaw');
    expect(law.sound.stretches[0].channels[0][0]).toBeCloseTo(fromMuLaw(0), 6);
    const a = await hear(auOf(Uint8Array.of(0, 127, 128, 255), 27, 8000));
    expect(a.sound.stretches[0].channels[0][3]).toBeCloseTo(fromALaw(255), 6);
  });

  it('keeps what is there of a file that was cut, and says so', async () => {
    const whole = wavOf([sine(300, 8000, 1)], 8000);
    const media = await hear(whole.subarray(0, 44 + 6000));
    expect(heardSeconds(media.sound)).toBeCloseTo(3000 / 8000, 6);
    expect(media.container.warnings.length).toBe(1);
  });

  it('answers whatever it is given with samples or a typed error', async () => {
    const whole = [wavOf([sine(300, 8000, 0.05)], 8000), aiffOf(new Int16Array(300), 8000)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 255 })), { maxLength: 6 }),
        fc.nat({ max: 700 }),
        async (bytes, changes, length) => {
          const odd = bytes.slice(0, Math.max(12, length));
          for (const [at, value] of changes) if (at >= 12) odd[at] = value;
          try {
            const media = await readMedia(odd, 'odd');
            if (media.kind === 'audio')
              expect(media.sound.stretches[0].channels[0].every(Number.isFinite)).toBe(true);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(HuoyanError);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('holds no more than its limits of a recording of two hours', async () => {
    const seconds = 7200;
    const head = auOf(new Uint8Array(0), 1, 8000);
    new DataView(head.buffer).setUint32(8, seconds * 8000, false);
    const file: RandomAccess = {
      size: 24 + seconds * 8000,
      slice: async (from, to) => (to <= 24 ? head.slice(from, to) : new Uint8Array(to - from).fill(255)),
      close: async () => {},
    };
    const layout = await plainLayout('au', file);
    if (!layout) throw new Error('not read');
    const media = await readPlainSound(file, 'long.au', layout, { ...DEFAULT_LIMITS, maxHeardSeconds: 100 });
    expect(media.sound.duration).toBeCloseTo(seconds, 3);
    expect(heardSeconds(media.sound)).toBeLessThanOrEqual(100.01);
    expect(media.sound.stretches.length).toBe(5);
    expect(media.container.warnings.length).toBe(1);
  });
});

describe('compressed sound', async () => {
  const codecs = await canEncode();
  const x = sine(440, 16_000, 1);

  it.skipIf(!codecs)('comes back from every codec about as it was (needs @mediabunny/server)', async () => {
    for (const [codec, format] of [
      ['mp3', 'mp3'],
      ['opus', 'ogg'],
      ['flac', 'flac'],
    ] as const) {
      const rate = codec === 'opus' ? 48_000 : 16_000;
      const media = await hear(await encodeSound(sine(440, rate, 1), rate, codec, 48_000));
      expect(media.container).toMatchObject({ format, codec });
      expect(media.sound.duration).toBeGreaterThan(0.9);
      expect(rms(media.sound.stretches[0].channels[0])).toBeCloseTo(rms(x), 1);
    }
  });

  it.skipIf(!codecs)(
    'is told as damaged where it is, and never hangs (needs @mediabunny/server)',
    async () => {
      const whole = await encodeSound(x, 16_000, 'mp3', 32_000);
      expect(heardSeconds((await hear(whole.subarray(0, whole.length / 2))).sound)).toBeGreaterThan(0.2);
      const noise = new Uint8Array(4000).map((_, i) => (i * 7919) & 255);
      noise.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0]);
      await expect(readMedia(noise, 'noise.mp3')).rejects.toMatchObject({ code: 'corrupt' });
    },
  );
});

describe('re-shipping', () => {
  it('lets a telephone pass speech and nothing else', async () => {
    const level = (hz: number) => rms(throughTelephone(sine(hz, 16_000, 0.5), 16_000).samples);
    expect(level(1000)).toBeGreaterThan(0.3);
    expect(level(60)).toBeLessThan(0.02);
    expect(level(6000)).toBeLessThan(0.02);
  });

  it('keeps stretches and durations', async () => {
    const sound = soundOf(sine(440, 44_100, 0.8), 44_100);
    for (const step of await soundReshippings(['telephone', 'mobile', 'mp3', 'opus', 'aac'])) {
      const arrived = await reshipSound(sound, step);
      expect(arrived.duration).toBe(sound.duration);
      expect(heardSeconds(arrived)).toBeGreaterThan(0.7);
    }
  });
});

describe('spectrogram', () => {
  it('shows a tone at its height', () => {
    const { width, height, data } = spectrogram(soundOf(sine(4000, 16_000, 1), 16_000));
    const brightest = (x: number) => {
      let best = 0;
      for (let y = 0; y < height; y++) if (data[(y * width + x) * 3] > data[(best * width + x) * 3]) best = y;
      return best;
    };
    expect(Math.abs(brightest(width / 2) - height / 2)).toBeLessThanOrEqual(2);
  });
});
