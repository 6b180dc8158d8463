/**
 * Reads the mark of a video from a few of its frames. Each is looked at by itself, as it arrives, so that one good frame
 * is enough; and all so far are averaged: what moves in the picture blurs, the mark stands still, so that frames none of
 * which says enough may say it together. The dear roads are travelled only when all frames have been seen.
 */
import type { Plane, RgbImage } from '../../core/image.ts';
import type { Frame } from '../../core/media.ts';
import { reducedLuma, reducedPlane } from './plane.ts';
import { NOTHING, type Reading, type ReadOptions, type Road, read, readSeen, type Seen } from './read.ts';

export interface ClipReading extends Reading {
  /** Seconds from the beginning: the frame that it was read from, or that completed the mean it was read from. */
  readonly second: number | null;
  /** Frames it was read from, 1 or more; those that were looked at where nothing was found. */
  readonly frames: number;
}

/** Every so many-th frame is kept, to be looked at by itself on the dear roads. */
const KEPT = 3;
const DEAR: readonly Road[] = ['flat', 'tilted', 'border'];

/** Stops at the first certain reading. Frames of another size than the first are only looked at by themselves. */
export async function readClip(
  frames: AsyncIterable<Frame>,
  { roads = ['as-written', ...DEAR], ...options }: ReadOptions,
): Promise<ClipReading> {
  const mean = new MeanFrame();
  const kept: Frame[] = [];
  let looked = 0;
  let last = 0;
  const of = (reading: Reading, second: number, count: number): ClipReading | null =>
    reading.found ? { ...reading, second, frames: count } : null;
  const together = async (road: Road) =>
    mean.count > 1 ? of(await readSeen(mean, { ...options, roads: [road] }), last, mean.count) : null;
  const alone = async ({ time, pixels }: Frame, road: Road) =>
    of(await read(pixels, { ...options, roads: [road] }), time, 1);
  for await (const frame of frames) {
    looked++;
    if (looked % KEPT === 1) kept.push(frame);
    if (mean.add(frame.pixels)) last = frame.time;
    if (!roads.includes('as-written')) continue;
    const found = (await alone(frame, 'as-written')) ?? (await together('as-written'));
    if (found) return found;
  }
  for (const road of DEAR.filter((one) => roads.includes(one))) {
    const found = await together(road);
    if (found) return found;
    for (const frame of kept) {
      const single = await alone(frame, road);
      if (single) return single;
    }
  }
  return { ...NOTHING, second: null, frames: looked };
}

/** Mean luma of frames of one size. */
class MeanFrame implements Seen {
  width = 0;
  height = 0;
  count = 0;
  #sum: Float32Array = new Float32Array(0);

  /** Whether it has the size of the first. */
  add(pixels: RgbImage): boolean {
    if (this.count === 0) {
      ({ width: this.width, height: this.height } = pixels);
      this.#sum = new Float32Array(this.width * this.height);
    }
    if (pixels.width !== this.width || pixels.height !== this.height) return false;
    const { data } = reducedLuma(pixels, 1);
    for (let i = 0; i < data.length; i++) this.#sum[i] += data[i];
    this.count++;
    return true;
  }

  luma(factor: number): Plane {
    const { width, height, count } = this;
    return reducedPlane({ width, height, data: this.#sum.map((value) => value / count) }, factor);
  }
}
