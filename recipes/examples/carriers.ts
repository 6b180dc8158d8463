/**
 * Puts the examples' labels into their files: a text chunk into a PNG, an XMP packet into a JPEG or a WebP, the
 * segments of one JPEG's manifest into another. For files this recipe has just written; it knows nothing of other
 * content.
 */
import { crc32 } from 'node:zlib';
import { XMP_NAMESPACE } from '../../src/credentials/xmp.ts';

const utf8 = (text: string) => Buffer.from(text, 'utf8');

function u32(n: number, order: 'big' | 'little'): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'big') bytes.writeUInt32BE(n);
  else bytes.writeUInt32LE(n);
  return bytes;
}

/** The PNG with a `tEXt` chunk right after its header; `text` in Latin-1. */
export function pngWithText(png: Uint8Array, key: string, text: string): Uint8Array {
  const body = Buffer.concat([Buffer.from('tEXt'), Buffer.from(`${key}\0${text}`, 'latin1')]);
  const chunk = Buffer.concat([u32(body.length - 4, 'big'), body, u32(crc32(body), 'big')]);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** The JPEG with segments right after its start marker. Each is whole: marker, length, data. */
function jpegWithSegments(jpeg: Uint8Array, segments: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** The JPEG with an XMP packet in APP1. */
export function jpegWithXmp(jpeg: Uint8Array, packet: string): Uint8Array {
  const data = Buffer.concat([utf8('http://ns.adobe.com/xap/1.0/\0'), utf8(packet)]);
  const length = data.length + 2;
  return jpegWithSegments(jpeg, [
    Buffer.concat([Uint8Array.of(0xff, 0xe1, length >> 8, length & 255), data]),
  ]);
}

/** The JPEG with the C2PA segments (APP11) of another one: what an editor leaves that copies what it does not know. */
export function jpegWithManifestOf(jpeg: Uint8Array, signed: Uint8Array): Uint8Array {
  const segments: Uint8Array[] = [];
  let at = 2;
  while (at + 4 <= signed.length && signed[at] === 0xff && signed[at + 1] !== 0xda) {
    const next = at + 2 + signed[at + 2] * 256 + signed[at + 3];
    if (signed[at + 1] === 0xeb) segments.push(signed.subarray(at, next));
    at = next;
  }
  return jpegWithSegments(jpeg, segments);
}

/** A plain lossy WebP as an extended one with an XMP packet. */
export function webpWithXmp(webp: Uint8Array, width: number, height: number, packet: string): Uint8Array {
  const chunk = (type: string, data: Uint8Array) =>
    Buffer.concat([utf8(type), u32(data.length, 'little'), data, Buffer.alloc(data.length & 1)]);
  const size = (n: number) => u32(n - 1, 'little').subarray(0, 3);
  const header = Buffer.concat([Uint8Array.of(4, 0, 0, 0), size(width), size(height)]);
  const body = Buffer.concat([
    utf8('WEBP'),
    chunk('VP8X', header),
    webp.subarray(12),
    chunk('XMP ', utf8(packet)),
  ]);
  return Buffer.concat([utf8('RIFF'), u32(body.length, 'little'), body]);
}

/** An XMP packet that states nothing but an IPTC digital source type. */
export function sourceTypeXmp(term: string): string {
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    `<rdf:RDF xmlns:rdf="${XMP_NAMESPACE.rdf}">`,
    `<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="${XMP_NAMESPACE.iptcExt}">`,
    `<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/${term}</Iptc4xmpExt:DigitalSourceType>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('');
}
