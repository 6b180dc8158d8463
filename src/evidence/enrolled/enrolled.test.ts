import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, describe as suite, vi } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { encodeJpeg, encodePng, readImage } from '../../media/index.node.ts';
import { describe } from '../../trace/description.ts';
import { keepEnrolment } from '../../trace/enrolled.node.ts';
import { painted } from '../../trace/painters.test-support.ts';

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
    const examples = Array.from({ length: 12 }, (_, i) => painted('doubled', i));
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
      const found = await examine(painted('doubled', seed));
      expect(found).toMatchObject({ status: 'detected', claim: 'synthetic' });
      expect(found.summary.en).toContain('pattern painter');
      expect(await examine(painted('camera', seed))).toMatchObject({ status: 'notDetected', llr: 0 });
    }
  });

  it('does not judge what is too small', async () => {
    const small = { width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 3).fill(90) };
    expect(await examine(small)).toMatchObject({ status: 'notApplicable', reason: 'too-small' });
  });
});
