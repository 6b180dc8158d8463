import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../media/image.node.ts';
import { embeddedTexts } from '../embedded.ts';
import { readGenerators } from './read.ts';
import { readStealth } from './stealth.ts';
import type { GeneratorTrace } from './trace.ts';

const A1111 = 'a cat\nSteps: 20, Sampler: Euler a, Seed: 123, Size: 80x80';

async function read(bytes: Uint8Array): Promise<GeneratorTrace[]> {
  const { container } = await readImage(bytes, 'test');
  return readGenerators(embeddedTexts(container, await readStealth(bytes, container)), bytes, container);
}

/** Writes a record into the lowest bits of alpha (1 bit a pixel) or colours (3), columns first. */
async function hide(
  record: string,
  mode: 'alpha' | 'rgb',
  compressed: boolean,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const body = compressed ? gzipSync(record) : Buffer.from(record);
  const signature = `stealth_${mode === 'alpha' ? 'png' : 'rgb'}${compressed ? 'comp' : 'info'}`;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length * 8);
  const bytes = Buffer.concat([Buffer.from(signature), length, body]);
  const channels = mode === 'alpha' ? 4 : 3;
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < pixels.length; i++) pixels[i] = channels === 4 && i % 4 === 3 ? 254 : (i * 7919) & 0xfe;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const value = (bytes[bit >> 3] >> (7 - (bit & 7))) & 1;
    const pixel = mode === 'alpha' ? bit : Math.floor(bit / 3);
    const at =
      ((pixel % height) * width + Math.floor(pixel / height)) * channels + (mode === 'alpha' ? 3 : bit % 3);
    pixels[at] |= value;
  }
  return new Uint8Array(
    await sharp(pixels, { raw: { width, height, channels } }).png({ adaptiveFiltering: true }).toBuffer(),
  );
}

describe('records hidden in the lowest bits', () => {
  const novelai = JSON.stringify({
    Description: '1girl',
    Software: 'NovelAI',
    Source: 'NAI V4',
    Comment: JSON.stringify({ prompt: '1girl', seed: 8, uc: 'x' }),
  });

  it.each([
    ['alpha', true, 64, 300],
    ['alpha', false, 200, 40],
    ['rgb', true, 96, 80],
    ['rgb', false, 40, 256],
  ] as const)('%s, compressed %s, %dx%d', async (mode, compressed, width, height) => {
    const bytes = await hide(novelai, mode, compressed, width, height);
    expect((await read(bytes))[0]).toMatchObject({
      generator: 'novelai',
      carrier: `png:${mode}-lsb Comment`,
      prompt: '1girl',
      seed: '8',
      model: 'NAI V4',
    });
  });

  it('a record of the WebUI extension', async () => {
    expect((await read(await hide(A1111, 'alpha', true, 80, 80)))[0]).toMatchObject({
      generator: 'stable-diffusion-webui',
      seed: '123',
    });
  });

  it('is gone with the alpha channel, and nothing is invented', async () => {
    const bytes = await hide(novelai, 'alpha', true, 64, 300);
    const flat = new Uint8Array(await sharp(bytes).removeAlpha().png().toBuffer());
    expect(await read(flat)).toEqual([]);
    const opaque = new Uint8Array(await sharp(flat).ensureAlpha(1).png().toBuffer());
    expect(await read(opaque)).toEqual([]);
  });

  it('survives damage anywhere without an exception', async () => {
    const whole = await hide(novelai, 'alpha', true, 64, 300);
    const { container } = await readImage(whole, 'x');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, x, cut) => {
          const bytes = whole.slice(0, cut ? at : whole.length);
          if (!cut) bytes[at] ^= x;
          await readStealth(bytes, container);
        },
      ),
      { numRuns: 60 },
    );
  });
});
