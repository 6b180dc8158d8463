/** A picture source over square pictures that already lie in memory, side by side. */
import type { Random } from '../core/random.ts';
import type { PictureSource, Subject } from './declaration.ts';

export interface Pack {
  readonly count: number;
  readonly side: number;
  /** [count, 3, side, side]. */
  readonly data: Uint8Array;
  /** Which of two disjoint halves each belongs to. */
  readonly groups: Uint8Array;
}

/**
 * Draws from `packs` with random mirroring; a smaller side is made by averaging whole blocks of pixels. Throws
 * RangeError when the side asked for does not divide the packed one.
 */
export function packedPictures(packs: Readonly<Record<Subject, Pack>>): PictureSource {
  const byGroup = Object.fromEntries(
    Object.entries(packs).map(([subject, pack]) => [
      subject,
      [0, 1].map((group) => Array.from(pack.groups.keys()).filter((i) => pack.groups[i] === group)),
    ]),
  );
  return {
    draw(random: Random, subject: Subject, size: number, count: number, group?: 0 | 1): Uint8Array {
      const pack = packs[subject];
      if (pack.side % size !== 0) throw new RangeError(`side ${size} does not divide ${pack.side}`);
      const out = new Uint8Array(count * 3 * size * size);
      for (let i = 0; i < count; i++) {
        const which = group === undefined ? random.below(pack.count) : random.pick(byGroup[subject][group]);
        shrink(pack, which, size, random.chance(0.5), out, i * 3 * size * size);
      }
      return out;
    },
  };
}

/** One picture of a pack, averaged down to `size` and perhaps mirrored, into `out` at `at`. */
function shrink(pack: Pack, which: number, size: number, mirror: boolean, out: Uint8Array, at: number): void {
  const { side, data } = pack;
  const factor = side / size;
  const area = factor * factor;
  const from = which * 3 * side * side;
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++) {
          const row = from + (c * side + y * factor + dy) * side + x * factor;
          for (let dx = 0; dx < factor; dx++) sum += data[row + dx];
        }
        out[at + (c * size + y) * size + (mirror ? size - 1 - x : x)] = Math.round(sum / area);
      }
    }
  }
}
