import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, describe as suite, vi } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { Random } from '../../core/random.ts';
import { encodeJpeg, encodePng, readImage } from '../../media/index.node.ts';
import { describe } from '../../trace/description.ts';
import { keepEnrolment } from '../../trace/enrolled.node.ts';

/** Soft colour fields with noise; `drawn` ones went through a nearest-neighbour enlargement with a fixed pattern. */
function picture(seed: number, drawn: boolean): RgbImage {
  const random = new Random(seed);
  const side = 160;
  const data = new Uint8ClampedArray(side * side * 3);
  const [fx, fy, base] = [random.uniform(0.01, 0.06), random.uniform(0.01, 0.06), random.uniform(60, 160)];
  const half = Float32Array.from({ length: (side / 2) ** 2 }, () => random.normal() * 9);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const grain = drawn
        ? half[(y >> 1) * (side / 2) + (x >> 1)] + ((x + y) % 2 ? 3 : -3)
        : random.normal() * 6;
      for (let c = 0; c < 3; c++)
        data[(y * side + x) * 3 + c] = base + 50 * Math.sin(x * fx + c) * Math.cos(y * fy) + grain;
    }
  }
  return { width: side, height: side, data };
}

suite('enrolled generators', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'huoyan-enrolled-'));
    vi.stubEnv('HUOYAN_HOME', home);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  });

  const examine = async (image: RgbImage) => {
    const { enrolled } = await import('./detector.node.ts');
    const media = await readImage(await encodePng(image), 'picture.png');
    return enrolled.examine(media, { models: undefined as never });
  };

  it('is not asked while nothing is enrolled', async () => {
    const { enrolled } = await import('./detector.node.ts');
    expect(await enrolled.ready?.()).toBe(false);
  });

  it('names the generator of other pictures, and leaves pictures of another kind alone', async () => {
    const examples = Array.from({ length: 12 }, (_, i) => picture(i, true));
    const sent: Record<string, Float32Array[]> = {
      stored: examples.map((image) => describe(image)),
      jpeg75: [],
    };
    for (const image of examples) {
      const arrived = await readImage(await encodeJpeg(image, { quality: 75 }), 'x');
      sent.jpeg75.push(describe(arrived.pixels));
    }
    await keepEnrolment({ name: 'pattern painter', sent });
    const { enrolled } = await import('./detector.node.ts');
    expect(await enrolled.ready?.()).toBe(true);
    for (let seed = 100; seed < 104; seed++) {
      const found = await examine(picture(seed, true));
      expect(found).toMatchObject({ status: 'detected', claim: 'synthetic' });
      expect(found.summary.en).toContain('pattern painter');
      expect(await examine(picture(seed, false))).toMatchObject({ status: 'notDetected', llr: 0 });
    }
  });

  it('does not judge what is too small', async () => {
    const small = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 3).fill(90) };
    expect(await examine(small)).toMatchObject({ status: 'notApplicable', reason: 'too-small' });
  });
});
