/**
 * Reads a mark back, cheapest road first: as it was written; scaled, turned or cropped; photographed from the side,
 * whether or not a border of the screen is seen; flattened by a border. Whatever the road, only a word whose checksum
 * agrees is a message, and the number of tries is bounded, so a false read stays rarer than one in a million pictures.
 */
import type { Plane, RgbImage } from '../../core/image.ts';
import { type Bend, displacement, findBend } from './bend.ts';
import { carrierOf, TILE } from './carrier.ts';
import type { Decoding } from './code.ts';
import { tilePx } from './embed.ts';
import type { LearnedMark } from './learned.ts';
import { type Guess, type Linear, peaksOf, searchPilots } from './pilot-search.ts';
import { type Area, type Mapping, type Point, project, reducedLuma, warp } from './plane.ts';
import { quadrilaterals } from './quadrilateral.ts';
import { decodedFrom, once, type Sheet, type Sought, sheetOf } from './sheet.ts';
import { searchTilt, tiltSpectra, unitsSeen, wayBack } from './tilt-search.ts';
import { whiten } from './whiten.ts';

export interface Reading {
  readonly found: boolean;
  /** 64 bits, 0 or 1; null unless found. */
  readonly message: Uint8Array | null;
  /** 0..1: how well the picture agrees with the word that was read. */
  readonly confidence: number;
  /** Corners of the marked area in pixels of the picture, as seen, from the mark's top left clockwise; null unless found. */
  readonly corners: readonly [Point, Point, Point, Point] | null;
  /** Of the 416 code bits; null unless found. */
  readonly bitErrorsCorrected: number | null;
  /** The road that led to it. */
  readonly road: Road | null;
}

export type Road = 'as-written' | 'flat' | 'border' | 'tilted';

export interface ReadOptions {
  readonly key: string;
  /** The roads to try, in this order; all by default. */
  readonly roads?: readonly Road[];
  /** Looks again at what nearly says a word; without it, rules alone read. */
  readonly learned?: LearnedMark;
  /** Told of every word that was tried, valid or not: for measuring the channel. */
  readonly watch?: (decoding: Decoding) => void;
}

const ROADS: readonly Road[] = ['as-written', 'flat', 'tilted', 'border'];
/** Longest side of the view that is searched. */
const VIEW = 2400;
/** Most units read along one axis. */
const MOST_UNITS = 1536;

interface Attempt {
  readonly decoding: Decoding;
  readonly corners: readonly [Point, Point, Point, Point];
}

/** A reduced picture and the way back to its pixels. */
interface View {
  readonly plane: Plane;
  readonly factor: number;
}

/** What roads lead over: anything with luma, reduced by a whole factor. */
export interface Seen {
  readonly width: number;
  readonly height: number;
  /** 0..255, every `factor` by `factor` pixels averaged into one sample. */
  luma(factor: number): Plane;
}

/**
 * Looks for the mark of `key`. Bounded in time by the size of the picture; the tilted road takes seconds. Rejects with
 * HuoyanError `model-missing` where the learned decoder is wanted and not there.
 */
export function read({ width, height, data }: RgbImage, options: ReadOptions): Promise<Reading> {
  return readSeen({ width, height, luma: (factor) => reducedLuma({ width, height, data }, factor) }, options);
}

export const NOTHING: Reading = {
  ...{ found: false, message: null, confidence: 0, corners: null, bitErrorsCorrected: null, road: null },
};

/** As `read`, of what is not one picture (the mean of several frames). */
export function readSeen(seen: Seen, options: ReadOptions): Promise<Reading> {
  return readAlong((road) => TRAVEL[road](seen), options);
}

/** As `readSeen`, as often as it is called, with one key after the other: what no key has a part in is done once and kept. */
export function readerOf(seen: Seen): (options: ReadOptions) => Promise<Reading> {
  const known = new Map<Road, Travel>();
  const along = (road: Road): Travel => {
    const travel = known.get(road) ?? TRAVEL[road](seen);
    known.set(road, travel);
    return travel;
  };
  return (options) => readAlong(along, options);
}

async function readAlong(along: (road: Road) => Travel, options: ReadOptions): Promise<Reading> {
  const { watch, learned } = options;
  const carrier: Sought = { ...carrierOf(options.key), watch, learned };
  for (const road of options.roads ?? ROADS) {
    const attempt = await along(road)(carrier);
    if (attempt) {
      const { decoding, corners } = attempt;
      return {
        found: true,
        message: decoding.message,
        confidence: decoding.agreement,
        corners,
        bitErrorsCorrected: decoding.errors,
        road,
      };
    }
  }
  return NOTHING;
}

/** A road, prepared for one picture. */
type Travel = (carrier: Sought) => Promise<Attempt | null>;

const TRAVEL: Readonly<Record<Road, (seen: Seen) => Travel>> = {
  'as-written': asWritten,
  flat,
  border,
  tilted,
};

/** The picture has the size it was marked at: the scale follows from it. */
function asWritten(seen: Seen): Travel {
  const unit = tilePx(seen.width, seen.height) / TILE;
  const factor = Math.max(1, Math.floor(unit));
  const plane = seen.luma(factor);
  const k = unit / factor;
  const toView: Mapping = (x, y) => ({ x: (x + 0.5) * k - 0.5, y: (y + 0.5) * k - 0.5 });
  const area = { x0: 0, y0: 0, width: Math.floor(plane.width / k), height: Math.floor(plane.height / k) };
  if (area.width < TILE / 2 || area.height < TILE / 2) return async () => null;
  const view = { plane, factor };
  const sheet = sheetOf(view.plane, toView, area);
  return (carrier) => attemptOn(sheet, view, toView, area, carrier);
}

function viewOf(seen: Seen): View {
  const factor = Math.max(1, Math.ceil(Math.max(seen.width, seen.height) / VIEW));
  return { plane: seen.luma(factor), factor };
}

/** Turned, scaled, cropped, stretched a little: one linear map for the whole picture. */
function flat(seen: Seen): Travel {
  const view = viewOf(seen);
  const { width, height } = view.plane;
  const peaks = peaksOf(whiten(view.plane), Math.max(width, height) > 640 ? 1024 : 512);
  return async (carrier) => {
    for (const maxStretch of [1.04, 1.5]) {
      const guesses = searchPilots(peaks, carrier.pilots, { maxStretch, count: GUESSES });
      const found = await alongGuesses(view, guesses, { map: AS_IT_IS, width, height }, carrier, 2);
      if (found) return found;
    }
    return null;
  };
}

/** A screen's or sheet's border, made rectangular. */
function border(seen: Seen): Travel {
  const view = viewOf(seen);
  const candidates = quadrilaterals(view.plane).map(({ toView, width, height }) => {
    const map: Mapping = (x, y) => project(toView, x, y);
    const peaks = once(() => {
      const { plane, inside } = warp(view.plane, map, { x0: 0, y0: 0, width, height });
      return peaksOf(whiten(plane, inside), 512);
    });
    return { flattened: { map, width, height }, peaks };
  });
  return async (carrier) => {
    for (const { flattened, peaks } of candidates) {
      const guesses = searchPilots(peaks(), carrier.pilots, { maxStretch: 1.6, count: GUESSES });
      const found = await alongGuesses(view, guesses, flattened, carrier, 4);
      if (found) return found;
    }
    return null;
  };
}

/** No border needed: the plane under which the pilots of all parts of the picture agree. */
function tilted(seen: Seen): Travel {
  const view = viewOf(seen);
  const { width, height } = view.plane;
  if (Math.min(width, height) < TILE) return async () => null;
  const spectra = tiltSpectra(view.plane);
  return async (carrier) => {
    for (const sight of searchTilt(spectra, carrier.pilots, SIGHTS)) {
      const map = wayBack(sight, width, height);
      const area = clipped(unitsSeen(sight, width, height));
      const found = await bending(
        view,
        { sheet: sheetOf(view.plane, map, area), map, area },
        carrier,
        TILT_REST,
      );
      if (found) return found;
    }
    return null;
  };
}

/** Planes that are tried, and the error in units at the edge that the search leaves. */
const SIGHTS = 3;
const TILT_REST = 3;

/** A view made flat: where its samples come from, and how many there are. */
interface Flattened {
  readonly map: Mapping;
  readonly width: number;
  readonly height: number;
}

const AS_IT_IS: Mapping = (x, y) => ({ x, y });
/** Guesses at the scale that are tried as they are, and how many of them are worth bending. */
const GUESSES = 3;
const BENT = 2;
/** Score of a bend below which nothing was in step and another round is useless. */
const IN_STEP = 30;

async function alongGuesses(
  view: View,
  guesses: readonly Guess[],
  flattened: Flattened,
  carrier: Sought,
  tilt: number,
): Promise<Attempt | null> {
  const layouts = guesses.map(({ linear }) => layOut(view, linear, flattened));
  for (const { sheet, map, area } of layouts) {
    const found = await attemptOn(sheet, view, map, area, carrier);
    if (found) return found;
  }
  for (const layout of layouts.slice(0, BENT)) {
    const found = await bending(view, layout, carrier, tilt);
    if (found) return found;
  }
  return null;
}

interface Layout {
  readonly sheet: Sheet;
  readonly map: Mapping;
  readonly area: Area;
}

/** Units laid out by `linear` over a flattened view. */
function layOut(view: View, { a, b, c, d }: Linear, { map, width, height }: Flattened): Layout {
  const det = a * d - b * c;
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ].map(([x, y]) => ({ x: a * x + b * y, y: c * x + d * y }));
  const left = Math.min(...corners.map((p) => p.x));
  const top = Math.min(...corners.map((p) => p.y));
  const area = clipped({
    x0: Math.floor(left),
    y0: Math.floor(top),
    width: Math.ceil(Math.max(...corners.map((p) => p.x)) - left),
    height: Math.ceil(Math.max(...corners.map((p) => p.y)) - top),
  });
  const straight: Mapping = (u, v) => map((d * u - b * v) / det, (a * v - c * u) / det);
  return { sheet: sheetOf(view.plane, straight, area), map: straight, area };
}

/** Brings the pilots into step from block to block. */
async function bending(view: View, layout: Layout, carrier: Sought, tilt: number): Promise<Attempt | null> {
  const { area } = layout;
  let { sheet, map } = layout;
  const take = (bend: Bend) => {
    map = bent(map, bend, area);
    sheet = sheetOf(view.plane, map, area);
  };
  for (const reach of [tilt, 1]) {
    const bend = findBend(sheet.white, carrier.pilots, reach);
    if (bend.score < IN_STEP) return null;
    take(bend);
    const found = await attemptOn(sheet, view, map, area, carrier);
    if (found) return found;
  }
  return null;
}

/** `map` after the displacement was taken out. */
function bent(map: Mapping, bend: Bend, area: Area): Mapping {
  return (u, v) => {
    const first = displacement(bend, u - area.x0, v - area.y0);
    const second = displacement(bend, u - first.x - area.x0, v - first.y - area.y0);
    return map(u - second.x, v - second.y);
  };
}

function clipped(area: Area): Area {
  const width = Math.min(MOST_UNITS, area.width);
  const height = Math.min(MOST_UNITS, area.height);
  return {
    x0: area.x0 + Math.floor((area.width - width) / 2),
    y0: area.y0 + Math.floor((area.height - height) / 2),
    width,
    height,
  };
}

async function attemptOn(
  sheet: Sheet,
  view: View,
  map: Mapping,
  area: Area,
  carrier: Sought,
): Promise<Attempt | null> {
  const found = await decodedFrom(sheet, carrier);
  return found && { decoding: found.decoding, corners: cornersOf(view, map, area, found.turned) };
}

function cornersOf(view: View, toView: Mapping, area: Area, turned: boolean): Attempt['corners'] {
  const limit = (value: number, length: number) => Math.max(0, Math.min(length, value));
  const at = (u: number, v: number): Point => {
    const { x, y } = toView(u, v);
    return {
      x: limit((x + 0.5) * view.factor, view.plane.width * view.factor),
      y: limit((y + 0.5) * view.factor, view.plane.height * view.factor),
    };
  };
  const { x0, y0, width, height } = area;
  const all = [at(x0, y0), at(x0 + width, y0), at(x0 + width, y0 + height), at(x0, y0 + height)] as const;
  return turned ? [all[2], all[3], all[0], all[1]] : [all[0], all[1], all[2], all[3]];
}
