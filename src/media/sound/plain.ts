/**
 * WAV (RIFF, RF64; Microsoft RIFF specification 1991, EBU Tech 3306), AIFF and AIFF-C (Apple 1989, 1991) and AU: uncompressed
 * sound that is read with nothing installed. Only the headers are parsed here; samples are fetched where they are wanted.
 */
import type { RandomAccess } from '../../core/media.ts';
import { corrupt } from '../failures.ts';
import { type PlainLayout, readable, type SampleCoding } from './samples.ts';

/** Most chunks walked: a hostile file could hold millions of empty ones. */
const MOST_CHUNKS = 512;
const MOST_TAG_BYTES = 4096;
const HIGHEST_RATE = 768_000;
const MOST_CHANNELS = 64;

interface Chunk {
  readonly id: string;
  /** First byte of its content. */
  readonly offset: number;
  /** As declared. */
  readonly length: number;
}

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes).split('\0')[0];

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function chunks(file: RandomAccess, from: number, littleEndian: boolean): Promise<Chunk[]> {
  const out: Chunk[] = [];
  let at = from;
  while (at + 8 <= file.size && out.length < MOST_CHUNKS) {
    const head = await file.slice(at, at + 8);
    if (head.length < 8) break;
    const length = viewOf(head).getUint32(4, littleEndian);
    const id = latin(head.subarray(0, 4));
    out.push({ id, offset: at + 8, length });
    at += 8 + length + (length & 1);
  }
  return out;
}

/** The content of a small chunk, at most `most` bytes of it. */
function content(file: RandomAccess, chunk: Chunk, most: number): Promise<Uint8Array> {
  return file.slice(chunk.offset, Math.min(file.size, chunk.offset + Math.min(chunk.length, most)));
}

const DAMAGED_HEADER = { en: 'its header makes no sense', zh: '文件头无效' };
const NO_SAMPLES = { en: 'it holds no samples', zh: '其中没有采样数据' };

type Stated = Omit<PlainLayout, 'bits' | 'length' | 'truncated'> & {
  readonly bits: number;
  readonly declared: number;
};

/** What the header states, checked; throws `corrupt` for what cannot be. Null for codings this room does not decode. */
function checked(file: RandomAccess, stated: Stated): PlainLayout | null {
  const { bits, declared, sampleRate, channels, offset, coding } = stated;
  const sane = sampleRate >= 1 && sampleRate <= HIGHEST_RATE && channels >= 1 && channels <= MOST_CHANNELS;
  if (!sane) throw corrupt(DAMAGED_HEADER);
  if (!readable(coding, bits)) return null;
  const there = Math.max(0, file.size - offset);
  const frame = (bits / 8) * channels;
  const length = Math.floor(Math.min(declared, there) / frame) * frame;
  if (length === 0) throw corrupt(NO_SAMPLES);
  const { declared: _, ...rest } = stated;
  const truncated = declared > there && declared < 0xffff_0000;
  return { ...rest, bits: bits as PlainLayout['bits'], length, truncated };
}

const WAV_CODING: Readonly<Record<number, SampleCoding>> = { 1: 'int', 3: 'float', 6: 'alaw', 7: 'mulaw' };

async function wav(file: RandomAccess): Promise<PlainLayout | null> {
  const all = await chunks(file, 12, true);
  const format = all.find((c) => c.id === 'fmt ');
  const data = all.find((c) => c.id === 'data');
  if (!format || !data) throw corrupt(format ? NO_SAMPLES : DAMAGED_HEADER);
  const head = await content(file, format, 40);
  if (head.length < 16) throw corrupt(DAMAGED_HEADER);
  const view = viewOf(head);
  let tag = view.getUint16(0, true);
  if (tag === 0xfffe && head.length >= 26) tag = view.getUint16(24, true);
  const bits = view.getUint16(14, true);
  const coding = WAV_CODING[tag];
  if (!coding) return null;
  // RF64 and streams of unknown length write the largest number there is.
  const declared = data.length >= 0xffff_0000 ? file.size - data.offset : data.length;
  return checked(file, {
    format: 'wav',
    coding: coding === 'int' && bits === 8 ? 'uint' : coding,
    bits,
    littleEndian: true,
    sampleRate: view.getUint32(4, true),
    channels: view.getUint16(2, true),
    offset: data.offset,
    declared,
    tags: await infoTags(file, all),
  });
}

/** The texts of a RIFF INFO list. */
async function infoTags(file: RandomAccess, all: readonly Chunk[]): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const list of all.filter((c) => c.id === 'LIST').slice(0, 4)) {
    const bytes = await content(file, list, MOST_TAG_BYTES);
    if (latin(bytes.subarray(0, 4)) !== 'INFO') continue;
    const view = viewOf(bytes);
    for (let at = 4; at + 8 <= bytes.length; ) {
      const length = view.getUint32(at + 4, true);
      const value = latin(bytes.subarray(at + 8, at + 8 + length)).trim();
      if (value !== '') tags[latin(bytes.subarray(at, at + 4))] = value;
      at += 8 + length + (length & 1);
    }
  }
  return tags;
}

/** An 80-bit IEEE 754 extended number, as AIFF writes its sampling rate. */
function extended(view: DataView, at: number): number {
  const exponent = (view.getUint16(at, false) & 0x7fff) - 16_383;
  return view.getUint32(at + 2, false) * 2 ** (exponent - 31);
}

const AIFC: Readonly<Record<string, readonly [coding: SampleCoding, littleEndian: boolean, bits?: number]>> =
  {
    NONE: ['int', false],
    twos: ['int', false],
    sowt: ['int', true],
    fl32: ['float', false, 32],
    FL32: ['float', false, 32],
    fl64: ['float', false, 64],
    FL64: ['float', false, 64],
    ulaw: ['mulaw', false, 8],
    ULAW: ['mulaw', false, 8],
    alaw: ['alaw', false, 8],
    ALAW: ['alaw', false, 8],
  };

async function aiff(file: RandomAccess): Promise<PlainLayout | null> {
  const all = await chunks(file, 12, false);
  const common = all.find((c) => c.id === 'COMM');
  const data = all.find((c) => c.id === 'SSND');
  if (!common || !data) throw corrupt(common ? NO_SAMPLES : DAMAGED_HEADER);
  const head = await content(file, common, 64);
  if (head.length < 18) throw corrupt(DAMAGED_HEADER);
  const view = viewOf(head);
  const kind = head.length >= 22 ? latin(head.subarray(18, 22)) : 'NONE';
  if (!Object.hasOwn(AIFC, kind)) return null;
  const [coding, littleEndian, bits] = AIFC[kind];
  const stated = view.getUint16(6, false);
  const tags: Record<string, string> = {};
  for (const name of ['NAME', 'AUTH', '(c) ', 'ANNO']) {
    const chunk = all.find((c) => c.id === name);
    if (chunk) tags[name.trim()] = latin(await content(file, chunk, MOST_TAG_BYTES));
  }
  return checked(file, {
    format: 'aiff',
    coding,
    bits: bits ?? Math.ceil(stated / 8) * 8,
    littleEndian,
    sampleRate: Math.round(extended(view, 8)),
    channels: view.getUint16(0, false),
    offset: data.offset + 8,
    declared: Math.max(0, data.length - 8),
    tags,
  });
}

const AU_CODING: Readonly<Record<number, readonly [SampleCoding, number]>> = {
  1: ['mulaw', 8],
  2: ['int', 8],
  3: ['int', 16],
  4: ['int', 24],
  5: ['int', 32],
  6: ['float', 32],
  7: ['float', 64],
  27: ['alaw', 8],
};

async function au(file: RandomAccess): Promise<PlainLayout | null> {
  const head = await file.slice(0, Math.min(24, file.size));
  if (head.length < 24) throw corrupt(DAMAGED_HEADER);
  const view = viewOf(head);
  const coding = AU_CODING[view.getUint32(12, false)];
  if (!coding) return null;
  const offset = view.getUint32(4, false);
  const length = view.getUint32(8, false);
  if (offset < 24) throw corrupt(DAMAGED_HEADER);
  return checked(file, {
    format: 'au',
    coding: coding[0],
    bits: coding[1],
    littleEndian: false,
    sampleRate: view.getUint32(16, false),
    channels: view.getUint32(20, false),
    offset,
    declared: length === 0xffff_ffff ? file.size - offset : length,
    tags: {},
  });
}

/** The header parsers by format. */
const PARSERS = { wav, aiff, au } as const;

/** Formats that are read with nothing installed, as far as their samples are not compressed. */
export function isPlain(format: string): format is keyof typeof PARSERS {
  return Object.hasOwn(PARSERS, format);
}

/**
 * Where and how the samples of a plain sound stand. Null where they are compressed in a way that only an installed
 * decoder may know. Throws HuoyanError `corrupt`.
 */
export function plainLayout(format: keyof typeof PARSERS, file: RandomAccess): Promise<PlainLayout | null> {
  return PARSERS[format](file);
}
