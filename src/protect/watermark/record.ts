/** What was read of a mark, as plain JSON: what the command and the service answer. */
import { hexOfBits, type Payload, payloadOfHex } from './payload.ts';
import type { Reading, Road } from './read.ts';
import type { ClipReading } from './read-clip.ts';

export interface ReadingRecord {
  readonly found: boolean;
  /** 16 hexadecimal digits; null unless found. */
  readonly message: string | null;
  /** 0..1. */
  readonly confidence: number;
  /** Corners of the marked area, `[x, y]` in whole pixels of the picture; null unless found. */
  readonly corners: readonly (readonly [number, number])[] | null;
  /** Of 416 code bits; null unless found. */
  readonly bitErrorsCorrected: number | null;
  readonly road: Road | null;
  /** Time, place and device, where the message is one of those. */
  readonly payload: Payload | null;
}

/** The roads without the search for photographed marks, which takes seconds. */
export const FAST_ROADS: readonly Road[] = ['as-written', 'flat'];

export function readingRecord(reading: Reading): ReadingRecord {
  const message = reading.message && hexOfBits(reading.message);
  return {
    found: reading.found,
    message,
    confidence: Number(reading.confidence.toFixed(3)),
    corners: reading.corners?.map(({ x, y }) => [Math.round(x), Math.round(y)] as const) ?? null,
    bitErrorsCorrected: reading.bitErrorsCorrected,
    road: reading.road,
    payload: message === null ? null : payloadOfHex(message),
  };
}

/** What was read of a video: as of a picture, and when and from how many frames. */
export interface ClipReadingRecord extends ReadingRecord {
  /** Seconds from the beginning, to the millisecond; null unless found. */
  readonly second: number | null;
  readonly frames: number;
}

export function clipReadingRecord(reading: ClipReading): ClipReadingRecord {
  const { second, frames } = reading;
  return {
    ...readingRecord(reading),
    second: second === null ? null : Number(second.toFixed(3)),
    frames,
  };
}
