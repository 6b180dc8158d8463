/** A small clip made here, watched as the engine does it. */
import { describe, expect, it } from 'vitest';
import type { VideoMedia } from '../../core/media.ts';
import { canEncode } from '../../media/av/encode.node.ts';
import { readMedia } from '../../media/index.node.ts';
import { encodeClip, type TimedPicture } from '../../media/video/encode.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { clipFeatures } from '../generated/features.ts';
import { watch } from './watch.node.ts';

const [WIDTH, HEIGHT, RATE] = [192, 144, 10];

/** Two seconds of drifting grey, then two of drifting blue. */
function* twoShots(): Generator<TimedPicture> {
  for (let frame = 0; frame < 4 * RATE; frame++) {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, i += 3) {
        const v = 110 + 60 * Math.sin((x + 3 * frame) / 9) * Math.cos(y / 7);
        data.set(frame < 2 * RATE ? [v, v, v] : [20, 30, v], i);
      }
    }
    yield { pixels: { width: WIDTH, height: HEIGHT, data }, seconds: 1 / RATE };
  }
}

async function clip(): Promise<VideoMedia> {
  const media = await readMedia(await encodeClip(twoShots(), { bitRate: 600_000 }), 'clip');
  if (media.kind !== 'video') throw new Error(media.kind);
  return media;
}

describe.skipIf(!(await canEncode()))('watch (needs @mediabunny/server)', () => {
  it('looks at moments in order, keeps within its budget, and is asked only once', async () => {
    const models = openModels();
    const media = await clip();
    const context = { models, budgetSeconds: 3 };
    const seen = await watch(media, context);
    expect(await watch(media, { models, budgetSeconds: 30 })).toBe(seen);
    const times = seen.moments.map(({ time }) => time);
    expect(times.length).toBeGreaterThanOrEqual(4);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(seen.shots[0].start).toBe(0);
    expect(seen.shots[seen.shots.length - 1].end).toBeCloseTo(4, 0);
    expect(seen.people).toEqual([]);
    expect(seen.run?.frames.length ?? 0).toBeGreaterThan(8);
    expect(clipFeatures(seen)?.motion).not.toBeNull();
    await media.file.close();
    await models.close();
  });

  it('gives the same answer twice and stops when told to', async () => {
    const models = openModels();
    const [a, b] = [await clip(), await clip()];
    const options = { models, budgetSeconds: 2 };
    const strip = async (media: VideoMedia) =>
      (await watch(media, options)).moments.map(({ time, synthesis }) => [time, synthesis]);
    expect(await strip(a)).toEqual(await strip(b));
    const c = await clip();
    await expect(watch(c, { ...options, signal: AbortSignal.abort() })).rejects.toThrow();
    for (const media of [a, b, c]) await media.file.close();
    await models.close();
  });
});
