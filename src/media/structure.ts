/**
 * What a format parser finds in a file without decoding its pixels, and the bounded notebook it writes into.
 * Every list is bounded here, once, so that no parser can be made to fill the memory: a file of 256 MiB can hold
 * twenty million empty PNG chunks.
 */
import { HuoyanError } from '../core/errors.ts';
import type { EmbeddedText, JpegFacts, Segment } from '../core/media.ts';
import type { Text } from '../core/text.ts';
import { corrupt } from './failures.ts';
import type { ReadLimits } from './limits.ts';

const MAX_SEGMENTS = 4096;
const MAX_TEXTS = 512;
const MAX_WARNINGS = 64;
const MAX_XMP = 64;

/** Size and layout as the header states them, before orientation. */
export interface Header {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly bitDepth: number;
  readonly channels: number;
  /** `grey`, `rgb`, `ycbcr`, `cmyk`, `ycck`, `palette`, `lab` or `other`: as stored. */
  readonly colourSpace: string;
  readonly hasAlpha: boolean;
}

export type Thumbnail = { readonly width: number; readonly height: number; readonly bytes: number };

/** A parser's notebook. Raw blocks are views into the file where possible, never larger than it. */
export class Findings {
  header: Header | undefined;
  /** Orientation 1..8 stated by the container itself (AVIF); EXIF's comes from `exif`. */
  orientation: number | undefined;
  readonly segments: Segment[] = [];
  readonly text: EmbeddedText[] = [];
  readonly xmp: string[] = [];
  readonly warnings: Text[] = [];
  /** A TIFF structure: byte-order mark, 42, directories. */
  exif: Uint8Array | undefined;
  /** IPTC-IIM records. */
  iptc: Uint8Array | undefined;
  icc: Uint8Array | undefined;
  thumbnail: Thumbnail | undefined;
  jpeg: JpegFacts | undefined;
  trailingBytes = 0;
  /** The file ends before the picture does. */
  truncated = false;
  #textBudget: number;
  #dropped = new Set<string>();

  constructor(readonly limits: ReadLimits) {
    this.#textBudget = 4 * limits.maxTextLength;
  }

  /** Text that may still be kept, in UTF-16 units; also the bound for decompressing one piece. */
  get textRoom(): number {
    return Math.min(this.limits.maxTextLength, this.#textBudget);
  }

  segment(type: string, offset: number, length: number): void {
    if (this.segments.length < MAX_SEGMENTS) this.segments.push({ type, offset, length });
    else this.#drop('segments', { en: 'segments', zh: '数据段' }, MAX_SEGMENTS);
  }

  note(carrier: string, key: string, value: string): void {
    if (value === '' && key === '') return;
    if (this.text.length >= MAX_TEXTS) {
      this.#drop('text', { en: 'text entries', zh: '文本条目' }, MAX_TEXTS);
      return;
    }
    const kept = value.length > this.textRoom ? value.slice(0, this.textRoom) : value;
    if (kept.length < value.length) {
      this.warn({
        en: `text in ${carrier} was cut at ${kept.length} characters`,
        zh: `${carrier} 中的文本被截断为 ${kept.length} 个字符`,
      });
    }
    this.#textBudget -= kept.length;
    this.text.push({ carrier, key: key.slice(0, 1024), value: kept });
  }

  packet(xmp: string): void {
    const kept = xmp.length > this.textRoom ? xmp.slice(0, this.textRoom) : xmp;
    if (kept.trim() === '') return;
    if (this.xmp.length >= MAX_XMP) {
      this.#drop('xmp', { en: 'XMP packets', zh: 'XMP 数据包' }, MAX_XMP);
      return;
    }
    if (kept.length < xmp.length) {
      this.warn({
        en: `an XMP packet was cut at ${kept.length} characters`,
        zh: `XMP 数据包被截断为 ${kept.length} 个字符`,
      });
    }
    this.#textBudget -= kept.length;
    this.xmp.push(kept);
  }

  warn(text: Text): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(text);
  }

  #drop(key: string, what: Text, limit: number): void {
    if (this.#dropped.has(key)) return;
    this.#dropped.add(key);
    this.warn({ en: `only the first ${limit} ${what.en} are listed`, zh: `仅列出前 ${limit} 个${what.zh}` });
  }
}

/** Fills `findings` from `bytes`; sets `header` or throws. RangeError means that it read past the end. */
export type StructureReader = (bytes: Uint8Array, findings: Findings) => void;

/**
 * Runs a parser over a file. A header that is missing, cut off or without area is `corrupt`; running off the end
 * after the header is only remembered as `truncated` and left to the decoder to judge.
 */
export function readStructure(
  read: StructureReader,
  bytes: Uint8Array,
  limits: ReadLimits,
): Findings & { header: Header } {
  const findings = new Findings(limits);
  try {
    read(bytes, findings);
  } catch (thrown) {
    if (thrown instanceof HuoyanError) throw thrown;
    if (!(thrown instanceof RangeError)) throw thrown;
    findings.truncated = true;
  }
  const { header } = findings;
  if (!header) {
    throw corrupt({ en: 'its header is incomplete', zh: '文件头不完整' });
  }
  if (!(header.width > 0 && header.height > 0)) {
    throw corrupt({
      en: `its header states a size of ${header.width} x ${header.height}`,
      zh: `文件头声明的尺寸为 ${header.width} x ${header.height}`,
    });
  }
  return findings as Findings & { header: Header };
}
