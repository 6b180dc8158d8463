/**
 * Every piece of text a container carries, once each, with the carrier's name: what the label and generator readers look
 * at. The container may state the same EXIF comment both as text and as a tag, and an XMP packet both as packet and as
 * PNG text; counting those twice would turn a correct label into a duplicate.
 */
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

function trimExif(value: string): string {
  const named = /^(?:ASCII|UNICODE|JIS)\0+/.exec(value);
  return (named ? value.slice(named[0].length) : value).replaceAll('\0', ' ').trim();
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
  const addText = (text: CarriedText) => {
    if (texts.length < MAX_TEXTS && text.value) texts.push(text);
  };
  for (const text of facts.text) {
    if (text.key === PNG_XMP_KEY) {
      const twin = unmatched.indexOf(text.value.trim());
      if (twin >= 0) unmatched.splice(twin, 1);
      else packets.push({ source: text.value, carrier: `${text.carrier}:XMP` });
    } else addText(text.carrier.startsWith('exif:') ? { ...text, value: trimExif(text.value) } : text);
  }
  // the container's own words come first: its reader knows the encodings of UserComment and the XP tags
  const noted = new Set(texts.map((t) => t.carrier));
  for (const key of EXIF_TEXT_KEYS) {
    const value = facts.exif?.[key];
    const carrier = `exif:${key}`;
    if (typeof value === 'string' && !noted.has(carrier)) addText({ carrier, key, value: trimExif(value) });
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
