/** What the segments of a JPEG say: frame, tables, comments, and where EXIF, XMP, IPTC, profile and thumbnails stand. */
import type { Segment } from '../../core/media.ts';
import { Cursor, looseText, printable, utf8 } from '../cursor.ts';
import { jpegSize } from '../exif-text.ts';
import { corrupt, unsupported } from '../failures.ts';
import { TiffBlock } from '../ifd.ts';
import { readPhotoshop } from '../photoshop.ts';
import type { Findings } from '../structure.ts';
import { type Frame, isFrameMarker, type JpegLayout, type MarkerSegment, readLayout } from './layout.ts';
import { fitQuality } from './quality.ts';

const XMP_MARK = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENDED_MARK = 'http://ns.adobe.com/xmp/extension/\0';
const PHOTOSHOP_MARK = 'Photoshop 3.0\0';

/** The identifier an APPn segment starts with, for its name. */
function applicationName(marker: number, data: Uint8Array): string {
  const c = new Cursor(data);
  const n = marker - 0xe0;
  if (c.matches(0, 'Exif\0')) return `APP${n}:Exif`;
  if (c.matches(0, XMP_MARK)) return `APP${n}:XMP`;
  if (c.matches(0, EXTENDED_MARK)) return `APP${n}:ExtendedXMP`;
  if (c.matches(0, 'ICC_PROFILE\0')) return `APP${n}:ICC`;
  if (n === 11 && c.matches(0, 'JP')) return 'APP11:JUMBF';
  const end = data.subarray(0, 32).findIndex((byte) => byte < 0x20 || byte > 0x7e);
  const name = printable(c.latin1(0, end < 0 ? Math.min(32, data.length) : end)).trim();
  return name ? `APP${n}:${name}` : `APP${n}`;
}

function segmentName({ marker, data }: MarkerSegment): string {
  if (marker >= 0xe0 && marker <= 0xef) return applicationName(marker, data);
  if (isFrameMarker(marker)) return `SOF${marker - 0xc0}`;
  const names: Readonly<Record<number, string>> = {
    196: 'DHT',
    200: 'JPG',
    204: 'DAC',
    217: 'EOI',
    218: 'SOS',
    219: 'DQT',
    220: 'DNL',
    221: 'DRI',
    254: 'COM',
  };
  return names[marker] ?? `0xFF${marker.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `4:2:0` and the like from the sampling factors. */
export function samplingName({ components }: Frame): string {
  if (components.length === 1) return 'grey';
  if (components.length < 3) return 'other';
  const [y, cb, cr] = components;
  if (cb.h !== cr.h || cb.v !== cr.v) return 'other';
  const ratio = `${y.h / cb.h}x${y.v / cb.v}`;
  const names: Readonly<Record<string, string>> = {
    '1x1': '4:4:4',
    '2x1': '4:2:2',
    '2x2': '4:2:0',
    '1x2': '4:4:0',
    '4x1': '4:1:1',
  };
  return names[ratio] ?? 'other';
}

function colourSpace(frame: Frame, adobeTransform: number | undefined, jfif: boolean): string {
  const ids = frame.components.map((c) => c.id);
  if (ids.length === 1) return 'grey';
  if (ids.length === 4) return adobeTransform === 2 ? 'ycck' : 'cmyk';
  if (ids.length !== 3) return 'other';
  if (jfif) return 'ycbcr';
  if (adobeTransform !== undefined) return adobeTransform === 0 ? 'rgb' : 'ycbcr';
  return String.fromCharCode(...ids) === 'RGB' ? 'rgb' : 'ycbcr';
}

/** The extended XMP, put together from its numbered parts by its identifier. */
function joinExtendedXmp(parts: readonly Uint8Array[], room: number): string[] {
  const byId = new Map<string, Uint8Array>();
  for (const part of parts) {
    const c = new Cursor(part);
    const at = EXTENDED_MARK.length;
    if (part.length < at + 40) continue;
    const id = c.latin1(at, 32);
    const [size, offset] = [c.u32(at + 32), c.u32(at + 36)];
    const body = part.subarray(at + 40);
    if (size > room || offset + body.length > size || byId.size > 8) continue;
    const whole = byId.get(id) ?? new Uint8Array(size);
    if (offset + body.length <= whole.length) whole.set(body, offset);
    byId.set(id, whole);
  }
  return [...byId.values()].map(utf8);
}

/** The ICC profile, put together from its numbered parts. */
function joinProfile(parts: readonly Uint8Array[]): Uint8Array | undefined {
  const sorted = [...parts].sort((a, b) => a[12] - b[12]).map((part) => part.subarray(14));
  const total = sorted.reduce((sum, part) => sum + part.length, 0);
  if (total === 0) return undefined;
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of sorted) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Further pictures behind the first one, from the Multi-Picture Format index (CIPA DC-007). */
function multiPictures(bytes: Uint8Array, segment: MarkerSegment): Segment[] {
  const base = segment.offset + 8;
  const block = TiffBlock.open(bytes.subarray(base, segment.offset + segment.length));
  const index = block?.ifd(block.first)?.entries.get(0xb002);
  const raw = index && block?.raw({ ...index, type: 7 });
  if (!block || !raw) return [];
  const entries = new Cursor(raw, block.littleEndian);
  const out: Segment[] = [];
  for (let at = 0; at + 16 <= raw.length && out.length < 64; at += 16) {
    const [length, offset] = [entries.u32(at + 4), entries.u32(at + 8)];
    if (offset === 0 || base + offset + length > bytes.length) continue;
    out.push({ type: `MPF:${at / 16 + 1}`, offset: base + offset, length });
  }
  return out;
}

/** Reads the segments of the JPEG `bytes` into `findings`; returns the layout for whoever needs the scans. */
export function readJpeg(bytes: Uint8Array, findings: Findings): JpegLayout {
  const layout = readLayout(bytes);
  const { frame } = layout;
  if (!frame) throw corrupt({ en: 'its JPEG frame header is missing', zh: '缺少 JPEG 帧头' });
  if (frame.height === 0) {
    throw unsupported(
      {
        en: 'this JPEG states its height only after the picture (DNL)',
        zh: '该 JPEG 在图像之后才声明高度（DNL）',
      },
      { en: 'save it again with any viewer', zh: '请用任意看图软件重新保存' },
    );
  }
  let adobeTransform: number | undefined;
  let jfif = false;
  let comment: string | undefined;
  const profile: Uint8Array[] = [];
  const extended: Uint8Array[] = [];
  const photoshop: Uint8Array[] = [];
  const more: Segment[] = [];
  for (const segment of layout.segments) {
    const { marker, data, offset, length } = segment;
    findings.segment(segmentName(segment), offset, length);
    const c = new Cursor(data);
    if (marker === 0xfe) {
      const text = looseText(data.subarray(0, findings.textRoom)).replace(/\0+$/, '');
      comment ??= text;
      findings.note('jpeg:COM', '', text);
    } else if (marker === 0xe0 && c.matches(0, 'JFIF\0')) {
      jfif = true;
      if (data.length >= 14 && data[12] > 0 && data[13] > 0) {
        findings.thumbnail ??= { width: data[12], height: data[13], bytes: 3 * data[12] * data[13] };
      }
    } else if (marker === 0xe0 && c.matches(0, 'JFXX\0\x10')) {
      const size = jpegSize(data.subarray(6));
      if (size) findings.thumbnail ??= { ...size, bytes: data.length - 6 };
    } else if (marker === 0xe1 && c.matches(0, 'Exif\0')) findings.exif ??= data.subarray(6);
    else if (marker === 0xe1 && c.matches(0, XMP_MARK)) findings.packet(utf8(data.subarray(XMP_MARK.length)));
    else if (marker === 0xe1 && c.matches(0, EXTENDED_MARK)) extended.push(data);
    else if (marker === 0xe2 && c.matches(0, 'ICC_PROFILE\0') && data.length > 14) profile.push(data);
    else if (marker === 0xe2 && c.matches(0, 'MPF\0')) more.push(...multiPictures(bytes, segment));
    else if (marker === 0xed && c.matches(0, PHOTOSHOP_MARK))
      photoshop.push(data.subarray(PHOTOSHOP_MARK.length));
    else if (marker === 0xee && c.matches(0, 'Adobe') && data.length >= 12) adobeTransform = data[11];
  }
  for (const xmp of joinExtendedXmp(extended, findings.textRoom)) findings.packet(xmp);
  findings.icc = joinProfile(profile);
  readPhotoshop(photoshop, findings);
  if (layout.strayBytes > 0) {
    findings.warn({
      en: `${layout.strayBytes} bytes between its segments belong to none`,
      zh: `数据段之间有 ${layout.strayBytes} 个无归属字节`,
    });
  }
  if (layout.end === undefined) findings.truncated = true;
  else {
    const beyond = more.filter((part) => part.offset >= (layout.end ?? 0));
    for (const part of beyond) findings.segment(part.type, part.offset, part.length);
    const claimed = beyond.reduce((sum, part) => sum + part.length, 0);
    findings.trailingBytes = Math.max(0, bytes.length - layout.end - claimed);
  }
  const channels = frame.components.length;
  findings.header = {
    width: frame.width,
    height: frame.height,
    frames: 1,
    bitDepth: frame.precision,
    channels,
    colourSpace: colourSpace(frame, adobeTransform, jfif),
    hasAlpha: false,
  };
  const quantisation = frame.components.map((c) => [...(layout.quantisation[c.table] ?? [])]);
  const fit = fitQuality(quantisation.filter((table) => table.length === 64));
  findings.jpeg = {
    progressive: frame.marker === 0xc2 || frame.marker === 0xca,
    quantisation,
    subsampling: samplingName(frame),
    quality: fit.quality,
    qualityDistance: fit.distance,
    ...(comment === undefined ? {} : { comment }),
  };
  return layout;
}
