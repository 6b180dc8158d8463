/**
 * Whether an explicit label is seen or heard. Ours is recognised for certain: its words stand at a known place in a known
 * size, its rhythm is one tone. Of other people's words nothing is read, so that where ours are not, the answer is open,
 * unless there is nothing at all where words would have to stand.
 */
import { luma, type RgbImage } from '../../core/image.ts';
import { mono, type Sound } from '../../core/sound.ts';
import { boxMean } from '../watermark/plane.ts';
import { EXPLICIT_WORDS, type LabelWords, labelPlate } from './explicit.ts';
import { hasRhythm } from './rhythm.ts';

/** `absent` only where no label could hide; words of other makers are `inconclusive`. */
export type ExplicitVerdict = 'present' | 'absent' | 'inconclusive';

/** Correlation of the plate with what stands there from which the words are ours. */
const ALIKE = 0.72;
/** The words may have moved by so many pixels when the picture was scaled; half that is smoothed away on both sides. */
const REACH = 2;
const SMOOTH = 1;
/** The band along the edges in which words stand, as a share of the shorter side, and the least contrast of words. */
const BAND = 0.2;
const CONTRAST = 12;

/** Of a picture. */
export function explicitOn(image: RgbImage): ExplicitVerdict {
  const plane = luma(image);
  const words = Object.keys(EXPLICIT_WORDS) as LabelWords[];
  const smooth = boxMean(plane, SMOOTH);
  if (words.some((one) => likeness(smooth, one) >= ALIKE)) return 'present';
  return plainEdges(plane) ? 'absent' : 'inconclusive';
}

/** Of the frames a video shows in its first two seconds: ours in all of them, or nothing in any. */
export function explicitOnFrames(frames: readonly RgbImage[]): ExplicitVerdict {
  const all = new Set(frames.map(explicitOn));
  const [only] = all;
  return all.size === 1 ? only : 'inconclusive';
}

/** Of a recording, as far as it is held. */
export function explicitIn(sound: Sound): ExplicitVerdict {
  if (sound.stretches.some((one) => hasRhythm(mono(one), sound.sampleRate))) return 'present';
  const silent = sound.stretches.every((one) =>
    one.channels.every((channel) => channel.every((value) => Math.abs(value) < 1e-3)),
  );
  return silent ? 'absent' : 'inconclusive';
}

type Grey = ReturnType<typeof luma>;

function likeness(plane: Grey, words: LabelWords): number {
  const plate = labelPlate(plane.width, plane.height, words);
  if (plate.width < 8 || plate.height < 4) return 0;
  const { width, height } = plate;
  const ink = boxMean({ width, height, data: plate.ink }, SMOOTH).data;
  let best = 0;
  for (let dy = -REACH; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= REACH; dx++) {
      let [n, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
      for (let y = 0; y < plate.height; y++) {
        const row = plate.top + y + dy;
        if (row < 0 || row >= plane.height) continue;
        for (let x = 0; x < plate.width; x++) {
          const column = plate.left + x + dx;
          if (column < 0 || column >= plane.width) continue;
          const p = ink[y * plate.width + x];
          const q = plane.data[row * plane.width + column];
          n++;
          a += p;
          b += q;
          aa += p * p;
          bb += q * q;
          ab += p * q;
        }
      }
      const power = (n * aa - a * a) * (n * bb - b * b);
      if (power > 0) best = Math.max(best, (n * ab - a * b) / Math.sqrt(power));
    }
  }
  return best;
}

function plainEdges({ width, height, data }: Grey): boolean {
  const band = Math.ceil(BAND * Math.min(width, height));
  let [least, most] = [255, 0];
  for (let y = 0; y < height; y++) {
    const inner = y >= band && y < height - band;
    for (let x = 0; x < width; x++) {
      if (inner && x === band && width - band > x) x = width - band;
      const value = data[y * width + x];
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return most - least < CONTRAST;
}
