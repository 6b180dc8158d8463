/**
 * Every piece of text a container carries, once each, with the carrier's name: what the label and generator readers look
 * at. The container may state the same EXIF comment both as text and as a tag, and an XMP packet both as packet and as
 * PNG text; counting those twice would turn a correct label into a duplicate.
 */
import type { Json } from '../core/json.ts';
import type { ContainerFacts } from '../core/media.ts';
import { readXmp, type XmpPacket } from './xmp.ts';

/** An XMP packet with its carrier, for instance `jpeg:APP1:XMP`. */
export interface CarriedXmp {
  readonly carrier: string;
  readonly source: string;
  readonly packet: XmpPacket;
}

export interface CarriedText {
  readonly carrier: string;
  readonly key: string;
  readonly value: string;
}

export interface Embedded {
  readonly xmp: readonly CarriedXmp[];
  /** Text chunks, comments and EXIF strings; XMP packets are not repeated here. */
  readonly texts: readonly CarriedText[];
}

const XMP_CARRIER: Readonly<Record<ContainerFacts['format'], string>> = {
  jpeg: 'jpeg:APP1:XMP',
  png: 'png:iTXt:XMP',
  webp: 'webp:XMP',
  gif: 'gif:application:XMP',
  tiff: 'tiff:700',
  avif: 'avif:mime:XMP',
  bmp: 'bmp:XMP',
};

const PNG_XMP_KEY = 'XML:com.adobe.xmp';
const MAX_TEXTS = 500;
const MAX_PACKETS = 50;

/** Strings among EXIF values as they are; character codes (UserComment in some readers) decoded; the rest is left out. */
export function exifString(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return trimExif(value);
  if (Array.isArray(value) && value.length > 8 && value.every((n) => typeof n === 'number' && n >= 0 && n < 256)) {
    return decodeUserComment(Uint8Array.from(value as number[]));
  }
  return undefined;
}

/** An EXIF UserComment: eight bytes of encoding name, then text (EXIF 2.32, 4.6.5). */
export function decodeUserComment(bytes: Uint8Array): string {
  const label = String.fromCharCode(...bytes.subarray(0, 8));
  const body = bytes.subarray(8);
  if (label.startsWith('UNICODE')) {
    const zeros = [0, 0];
    for (let i = 0; i < Math.min(body.length, 400); i++) if (body[i] === 0) zeros[i & 1]++;
    const bigEndian = zeros[0] > zeros[1];
    return trimExif(new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(body));
  }
  if (label.startsWith('ASCII') || label.startsWith('\0\0\0\0\0\0\0\0')) {
    return trimExif(new TextDecoder().decode(body));
  }
  return trimExif(new TextDecoder().decode(bytes));
}

function trimExif(value: string): string {
  const named = /^(?:ASCII|UNICODE|JIS)\0+/.exec(value);
  return (named ? value.slice(named[0].length) : value).replace(/^\0+|\0+$/g, '').trim();
}

const EXIF_TEXT_KEYS = [
  'UserComment',
  'ImageDescription',
  'Software',
  'Artist',
  'Make',
  'Model',
  'Copyright',
  'XPComment',
  'XPTitle',
  'XPKeywords',
  'XPAuthor',
  'ProcessingSoftware',
  'HostComputer',
] as const;

/** Collects the texts of a container. Bounded: at most 500 texts and 50 packets are taken. */
export function embeddedTexts(facts: ContainerFacts, extra: readonly CarriedText[] = []): Embedded {
  const packets = facts.xmp.map((source) => ({ source, carrier: XMP_CARRIER[facts.format] }));
  // a PNG reader may list the same chunk as packet and as text: each text cancels against one packet
  const unmatched = facts.xmp.map((source) => source.trim());
  const texts: CarriedText[] = [];
  const seen = new Set<string>();
  const addText = (text: CarriedText) => {
    if (texts.length >= MAX_TEXTS || !text.value) return;
    const identity = `${text.carrier}\u0000${text.key}\u0000${text.value}`;
    if (text.carrier.startsWith('exif:') && seen.has(identity)) return;
    seen.add(identity);
    texts.push(text);
  };
  for (const text of facts.text) {
    if (text.key === PNG_XMP_KEY) {
      const twin = unmatched.indexOf(text.value.trim());
      if (twin >= 0) unmatched.splice(twin, 1);
      else packets.push({ source: text.value, carrier: `${text.carrier}:XMP` });
    } else if (text.carrier.startsWith('exif:')) {
      const value = trimExif(text.value);
      addText({ carrier: text.carrier, key: text.key, value });
    } else addText(text);
  }
  for (const key of EXIF_TEXT_KEYS) {
    const value = exifString(facts.exif?.[key]);
    if (value) addText({ carrier: `exif:${key}`, key, value });
  }
  if (facts.jpeg?.comment && !facts.text.some((t) => t.carrier === 'jpeg:COM')) {
    addText({ carrier: 'jpeg:COM', key: 'Comment', value: facts.jpeg.comment });
  }
  for (const text of extra) addText(text);
  const xmp = packets.slice(0, MAX_PACKETS).map((p) => ({ ...p, packet: readXmp(p.source) }));
  return { xmp, texts };
}

/** The value of one XMP property over all packets, first come first. */
export function firstXmp(embedded: Embedded, namespace: string, name: string): string | undefined {
  for (const { packet } of embedded.xmp) {
    const found = packet.properties.find((p) => p.namespace === namespace && p.name === name);
    if (found) return found.value;
  }
  return undefined;
}
