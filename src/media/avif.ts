/**
 * ISO base media boxes of AVIF (AV1 Image File Format, HEIF ISO/IEC 23008-12): size, depth, rotation, alpha, and the
 * metadata items (EXIF, XMP) that `iloc` points at.
 */
import { Cursor, printable, utf8 } from './cursor.ts';
import { corrupt } from './failures.ts';
import type { Findings } from './structure.ts';

interface Box {
  readonly type: string;
  readonly at: number;
  readonly body: number;
  readonly end: number;
}

const MAX_BOXES = 4096;

/** The boxes between `from` and `to`; the last one is cut at `to`. */
function* boxes(file: Cursor, from: number, to: number): Generator<Box> {
  let count = 0;
  for (let at = from; at + 8 <= to && count < MAX_BOXES; count++) {
    const small = file.u32(at);
    const body = at + (small === 1 ? 16 : 8);
    const size = small === 1 ? file.u64(at + 8) : small === 0 ? to - at : small;
    if (size < body - at) return;
    yield { type: file.latin1(at + 4, 4), at, body, end: Math.min(at + size, to) };
    at += size;
  }
}

function child(file: Cursor, parent: Box, skip: number, type: string): Box | undefined {
  for (const box of boxes(file, parent.body + skip, parent.end)) if (box.type === type) return box;
  return undefined;
}

interface Item {
  readonly type: string;
  readonly mime: string;
}

/** Item numbers with their types, from `iinf`. */
function readItems(file: Cursor, iinf: Box): Map<number, Item> {
  const items = new Map<number, Item>();
  const wide = file.u8(iinf.body) > 0;
  for (const box of boxes(file, iinf.body + (wide ? 8 : 6), iinf.end)) {
    if (box.type !== 'infe') continue;
    const version = file.u8(box.body);
    if (version < 2) continue;
    const id = version === 2 ? file.u16(box.body + 4) : file.u32(box.body + 4);
    const at = box.body + (version === 2 ? 8 : 10);
    const type = file.latin1(at, 4);
    const nameEnd = file.zero(at + 4, box.end);
    const mimeEnd = nameEnd < 0 ? -1 : file.zero(nameEnd + 1, box.end);
    const mime = type === 'mime' && mimeEnd > 0 ? file.latin1(nameEnd + 1, mimeEnd - nameEnd - 1) : '';
    items.set(id, { type, mime });
  }
  return items;
}

interface Place {
  readonly at: number;
  readonly length: number;
}

/** Where each item's bytes lie (first extent, file or `idat` offset), from `iloc`. */
function readPlaces(file: Cursor, iloc: Box, idat: Box | undefined): Map<number, Place> {
  const places = new Map<number, Place>();
  const version = file.u8(iloc.body);
  const sizes = file.u16(iloc.body + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  let at = iloc.body + 6;
  const take = (size: number): number => {
    const value =
      size === 0
        ? 0
        : size === 2
          ? file.u16(at)
          : size === 4
            ? file.u32(at)
            : size === 8
              ? file.u64(at)
              : Number.NaN;
    at += size;
    return value;
  };
  const count = take(version < 2 ? 2 : 4);
  for (let i = 0; i < Math.min(count, MAX_BOXES) && at < iloc.end; i++) {
    const id = take(version < 2 ? 2 : 4);
    const method = version > 0 ? take(2) & 15 : 0;
    take(2);
    const base = take(baseSize);
    const extents = take(2);
    for (let k = 0; k < extents && at < iloc.end; k++) {
      take(indexSize);
      const offset = take(offsetSize);
      const length = take(lengthSize);
      const start = base + offset + (method === 1 ? (idat?.body ?? Number.NaN) : 0);
      if (k === 0 && method < 2 && start >= 0 && start + length <= file.length)
        places.set(id, { at: start, length });
    }
  }
  return places;
}

/** Property indices (1-based) of item `id`, from `ipma`. */
function propertiesOf(file: Cursor, ipma: Box, id: number): number[] {
  const version = file.u8(ipma.body);
  const wide = (file.u8(ipma.body + 3) & 1) === 1;
  const count = file.u32(ipma.body + 4);
  let at = ipma.body + 8;
  for (let i = 0; i < count && at < ipma.end; i++) {
    const item = version < 1 ? file.u16(at) : file.u32(at);
    at += version < 1 ? 2 : 4;
    const associations = file.u8(at++);
    const found: number[] = [];
    for (let k = 0; k < associations; k++) {
      found.push(wide ? file.u16(at) & 0x7fff : file.u8(at) & 0x7f);
      at += wide ? 2 : 1;
    }
    if (item === id) return found;
  }
  return [];
}

/** EXIF orientation that means the same as a rotation (`turns` of 90 degrees anticlockwise), then a mirror. */
function asOrientation(turns: number, mirror: number | undefined): number {
  const plain = [1, 8, 3, 6][turns & 3];
  if (mirror === undefined) return plain;
  // Axis 0: top and bottom change places; axis 1: left and right do.
  const vertical: Readonly<Record<number, number>> = { 1: 4, 8: 5, 3: 2, 6: 7 };
  const horizontal: Readonly<Record<number, number>> = { 1: 2, 8: 7, 3: 4, 6: 5 };
  return (mirror === 0 ? vertical : horizontal)[plain];
}

/** Reads the boxes of the AVIF `bytes` into `findings`. */
export function readAvif(bytes: Uint8Array, findings: Findings): void {
  const file = new Cursor(bytes);
  let meta: Box | undefined;
  let moov: Box | undefined;
  let last = 0;
  for (const box of boxes(file, 0, bytes.length)) {
    findings.segment(printable(box.type), box.at, box.end - box.at);
    if (box.type === 'meta') meta ??= box;
    if (box.type === 'moov') moov ??= box;
    if (box.type === 'uuid') readUuid(file, box, findings);
    last = box.end;
    const small = file.u32(box.at);
    const stated = small === 1 ? file.u64(box.at + 8) : small;
    if (stated !== 0 && box.at + stated > bytes.length) findings.truncated = true;
  }
  findings.trailingBytes = bytes.length - last;
  if (!meta) throw corrupt({ en: 'its AVIF item table is missing', zh: '缺少 AVIF 条目表' });
  const inside = (type: string) => child(file, meta, 4, type);
  const iprp = inside('iprp');
  const pitm = inside('pitm');
  const ipco = iprp && child(file, iprp, 0, 'ipco');
  const ipma = iprp && child(file, iprp, 0, 'ipma');
  if (!pitm || !ipco || !ipma) {
    throw corrupt({ en: 'its AVIF item properties are missing', zh: '缺少 AVIF 条目属性' });
  }
  const primary = file.u8(pitm.body) === 0 ? file.u16(pitm.body + 4) : file.u32(pitm.body + 4);
  const properties = [...boxes(file, ipco.body, ipco.end)];
  readProperties(file, properties, propertiesOf(file, ipma, primary), findings);
  const frames = Math.min(findings.limits.maxFrames, Math.max(1, sequenceLength(file, moov)));
  if (findings.header) findings.header = { ...findings.header, frames };
  const iinf = inside('iinf');
  const iloc = inside('iloc');
  if (iinf && iloc)
    readMetadataItems(file, readItems(file, iinf), readPlaces(file, iloc, inside('idat')), findings);
}

/** Frames of an image sequence: samples of its first track (`moov/trak/mdia/minf/stbl/stsz`). */
function sequenceLength(file: Cursor, moov: Box | undefined): number {
  let box = moov;
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsz']) box = box && child(file, box, 0, type);
  return box && box.end - box.body >= 12 ? file.u32(box.body + 8) : 1;
}

/** Size, depth, profile and orientation from the primary item's properties; alpha from anybody's `auxC`. */
function readProperties(file: Cursor, all: readonly Box[], own: readonly number[], findings: Findings): void {
  let width = 0;
  let height = 0;
  let bitDepth = 8;
  let channels = 3;
  let turns = 0;
  let mirror: number | undefined;
  for (const index of own) {
    const box = all[index - 1];
    if (!box) continue;
    if (box.type === 'ispe') {
      width = file.u32(box.body + 4);
      height = file.u32(box.body + 8);
    } else if (box.type === 'pixi') {
      channels = file.u8(box.body + 4);
      bitDepth = channels > 0 ? file.u8(box.body + 5) : 8;
    } else if (box.type === 'irot') turns = file.u8(box.body) & 3;
    else if (box.type === 'imir') mirror = file.u8(box.body) & 1;
    else if (box.type === 'colr' && (file.matches(box.body, 'prof') || file.matches(box.body, 'rICC'))) {
      findings.icc ??= file.slice(box.body + 4, box.end - box.body - 4);
    }
  }
  const hasAlpha = all.some(
    (box) => box.type === 'auxC' && file.latin1(box.body + 4, box.end - box.body - 4).includes(':alpha'),
  );
  findings.orientation = asOrientation(turns, mirror);
  findings.header = {
    width,
    height,
    frames: 1,
    bitDepth,
    channels: hasAlpha ? channels + 1 : channels,
    colourSpace: channels === 1 ? 'grey' : 'ycbcr',
    hasAlpha,
  };
}

function readMetadataItems(
  file: Cursor,
  items: ReadonlyMap<number, Item>,
  places: ReadonlyMap<number, Place>,
  findings: Findings,
): void {
  for (const [id, item] of items) {
    const place = places.get(id);
    if (!place) continue;
    if (item.type === 'Exif' && place.length > 4) {
      const skip = 4 + file.u32(place.at);
      if (skip < place.length) findings.exif ??= file.slice(place.at + skip, place.length - skip);
      findings.segment('item:Exif', place.at, place.length);
    } else if (item.mime === 'application/rdf+xml') {
      findings.packet(utf8(file.slice(place.at, place.length)));
      findings.segment('item:XMP', place.at, place.length);
    }
  }
}

const XMP_UUID = 'be7acfcb97a942e89c71999491e3afac';

function readUuid(file: Cursor, box: Box, findings: Findings): void {
  if (box.end - box.body < 16) return;
  const id = Array.from(file.slice(box.body, 16), (b) => b.toString(16).padStart(2, '0')).join('');
  if (id === XMP_UUID) findings.packet(utf8(file.slice(box.body + 16, box.end - box.body - 16)));
}
