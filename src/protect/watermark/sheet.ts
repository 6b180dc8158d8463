/**
 * A flattened picture, one sample a mark unit, and the word that stands on it. What no key has a part in is done once for
 * all keys. Where rules nearly find a word, the learned decoder looks again.
 */
import type { Plane } from '../../core/image.ts';
import type { Carrier } from './carrier.ts';
import type { Decoding } from './code.ts';
import { places, readAt, wavesOf } from './fold.ts';
import type { Waves } from './harmonics.ts';
import type { LearnedMark } from './learned.ts';
import { type Area, type Mapping, warp } from './plane.ts';
import { whiten } from './whiten.ts';

/** Places of the tile's origin that are tried, upright and turned by half. */
const PLACES = 3;
/** Agreement with its word from which a sheet is worth a second look: noise alone has some 0.35 with one word or another. */
const NEARLY = 0.42;

export interface Sheet {
  readonly white: Plane;
  /** Waves of the whitened sheet. */
  readonly waves: () => Waves;
  /** Waves of what the learned decoder sees in it. */
  readonly learnedWaves: (learned: LearnedMark) => Promise<Waves>;
}

/** Whose mark is sought, and how. */
export interface Sought extends Carrier {
  readonly learned?: LearnedMark;
  /** Told of every word that was tried. */
  readonly watch?: (decoding: Decoding) => void;
}

export interface Decoded {
  readonly decoding: Decoding;
  readonly turned: boolean;
}

/** The samples of `area`, taken from `view` where `map` says. */
export function sheetOf(view: Plane, map: Mapping, area: Area): Sheet {
  const { plane, inside } = warp(view, map, area);
  const white = whiten(plane, inside);
  let second: Promise<Waves> | null = null;
  return {
    white,
    waves: once(() => wavesOf(white, inside)),
    learnedWaves(learned) {
      second ??= learned.markIn(plane).then((mark) => wavesOf(mark, inside));
      return second;
    },
  };
}

/** What `make` makes, made when first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A word whose checksum agrees, by rule, or where that nearly says a word, by what the learned decoder sees. */
export async function decodedFrom(sheet: Sheet, sought: Sought): Promise<Decoded | null> {
  const valid = (one: Decoded | null) => (one?.decoding.valid ? one : null);
  const first = bestWord(sheet.waves(), sought);
  if (!first || first.decoding.valid || !sought.learned || first.decoding.agreement < NEARLY)
    return valid(first);
  return valid(bestWord(await sheet.learnedWaves(sought.learned), sought));
}

/** The best word, upright and turned by half: the turned one has the conjugate waves. */
function bestWord(upright: Waves, sought: Sought): Decoded | null {
  const conjugate = upright.map((value, i) => (i & 1 ? -value : value));
  let best: Decoded | null = null;
  for (const waves of [upright, conjugate]) {
    for (const { dx, dy } of places(waves, sought, PLACES)) {
      const decoding = readAt(waves, sought, dx, dy);
      sought.watch?.(decoding);
      const one = { decoding, turned: waves === conjugate };
      if (decoding.valid) return one;
      if (!best || decoding.agreement > best.decoding.agreement) best = one;
    }
  }
  return best;
}
