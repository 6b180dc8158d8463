/**
 * EXIF and IPTC-IIM as named values: the only file that knows exifr, loaded when the first file with metadata comes.
 * What goes in is bounded (`exif-compact.ts`), what comes out is plain JSON of bounded size.
 */
import type { Json } from '../core/json.ts';
import { sha256Hex } from '../core/sha256.ts';
import { compactExif } from './exif-compact.ts';

export type Tags = Readonly<Record<string, Json>>;

const MAX_STRING = 8192;
const MAX_ARRAY = 64;
const MAX_KEYS = 1024;
const MAX_IPTC = 60_000;

const COMMON = {
  xmp: false,
  icc: false,
  jfif: false,
  ihdr: false,
  ifd1: false,
  interop: false,
  translateKeys: true,
  translateValues: false,
  reviveValues: false,
  sanitize: true,
  mergeOutput: true,
} as const;

/** Any value as JSON: binary beyond 32 bytes as its length and SHA-256, text and lists cut to a bound. */
export function toJson(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'boolean') return value;
  // JSON has no negative zero.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.replace(/\0+$/, '').slice(0, MAX_STRING);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) {
    if (value.length <= 32) return Array.from(value);
    return { bytes: value.length, sha256: sha256Hex(value) };
  }
  if (depth > 4 || typeof value !== 'object') return null;
  if (ArrayBuffer.isView(value)) return toJson(Array.from(value as unknown as ArrayLike<number>), depth + 1);
  if (Array.isArray(value)) return value.slice(0, MAX_ARRAY).map((item) => toJson(item, depth + 1));
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined && typeof item !== 'function')
    .slice(0, MAX_KEYS)
    .map(([key, item]) => [key.slice(0, 256), toJson(item, depth + 1)] as const);
  return Object.fromEntries(entries);
}

async function parse(bytes: Uint8Array, options: object): Promise<Tags | undefined> {
  const { default: exifr } = await import('exifr');
  try {
    const found = toJson(await exifr.parse(bytes, options));
    const empty = found === null || typeof found !== 'object' || Object.keys(found).length === 0;
    return empty ? undefined : (found as Tags);
  } catch {
    // A block the library cannot make sense of holds no named values; that it stood there is in `segments`.
    return undefined;
  }
}

/**
 * The tags of a TIFF block (EXIF, or a TIFF file) by their standard names with untranslated values, dates as written;
 * with `latitude` and `longitude` in degrees where GPS tags allow it. Undefined when there are none.
 * `layout: false` leaves out what a TIFF file says about its strips and samples.
 */
export async function exifTags(block: Uint8Array, layout = true): Promise<Tags | undefined> {
  const compact = compactExif(block, layout);
  if (!compact) return undefined;
  return parse(compact, {
    ...COMMON,
    tiff: true,
    ifd0: {},
    exif: true,
    gps: true,
    iptc: false,
    makerNote: true,
    userComment: false,
  });
}

/** The fields of IPTC-IIM records by their standard names. Undefined when there are none. */
export async function iptcFields(records: Uint8Array): Promise<Tags | undefined> {
  // exifr reads IIM only where JPEG carries it, so the records travel in the smallest JPEG that can.
  const body = records.subarray(0, MAX_IPTC);
  const head = new TextEncoder().encode('Photoshop 3.0\0' + '8BIM\x04\x04\0\0');
  const size = 2 + head.length + 4 + body.length + (body.length & 1);
  const file = new Uint8Array(4 + size + 4);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xffd8ffed);
  view.setUint16(4, size);
  file.set(head, 6);
  view.setUint32(6 + head.length, body.length);
  file.set(body, 10 + head.length);
  file.set([0xff, 0xda, 0xff, 0xd9], file.length - 4);
  return parse(file, { ...COMMON, tiff: false, iptc: true });
}
