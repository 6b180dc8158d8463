/**
 * Is there a C2PA manifest store in this file, and where? Looked up in the container's own segments before the engine
 * (nine megabytes of WebAssembly) is loaded, because most files have none. Carriers as in C2PA 2.2, appendix A.3.
 */
import type { ContainerFacts } from '../../core/media.ts';
import { TiffBlock } from '../../media/ifd.ts';
import { type Embedded, firstXmp } from '../embedded.ts';
import { XMP_NAMESPACE } from '../xmp.ts';

export interface ManifestPresence {
  /** Where manifest stores stand: `jpeg:APP11`, `png:caBX`, `webp:C2PA`, `avif:uuid`, `tiff:52545`, `gif:C2PA_GIF`. */
  readonly carriers: readonly string[];
  /** Address of a manifest kept elsewhere (XMP dcterms:provenance); never fetched. */
  readonly remote?: string;
}

const C2PA_BOX = [
  0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81,
];
const TIFF_TAG = 0xcd41;

function has(bytes: Uint8Array, at: number, wanted: readonly number[] | string): boolean {
  if (at < 0 || at + wanted.length > bytes.length) return false;
  for (let i = 0; i < wanted.length; i++) {
    if (bytes[at + i] !== (typeof wanted === 'string' ? wanted.charCodeAt(i) : wanted[i])) return false;
  }
  return true;
}

/** APP11 with a JUMBF packet (`JP`) whose super box is of the C2PA kind; later packets of the same box repeat its header. */
function inJpeg(bytes: Uint8Array, facts: ContainerFacts): boolean {
  return facts.segments.some(({ offset, length }) => {
    if (bytes[offset] !== 0xff || bytes[offset + 1] !== 0xeb || !has(bytes, offset + 4, 'JP')) return false;
    const end = Math.min(offset + length, offset + 120);
    for (let at = offset + 6; at < end; at++) if (has(bytes, at, 'c2pa')) return true;
    return false;
  });
}

function inBoxes(bytes: Uint8Array, facts: ContainerFacts): boolean {
  return facts.segments.some(
    ({ type, offset }) =>
      type.startsWith('uuid') && (has(bytes, offset + 8, C2PA_BOX) || has(bytes, offset + 16, C2PA_BOX)),
  );
}

/** Looks for a manifest store. Never throws. */
export function findManifest(bytes: Uint8Array, facts: ContainerFacts, embedded: Embedded): ManifestPresence {
  const segment = (start: string) => facts.segments.some((s) => s.type.startsWith(start));
  const carriers: string[] = [];
  if (facts.format === 'jpeg' && inJpeg(bytes, facts)) carriers.push('jpeg:APP11');
  if (facts.format === 'png' && segment('caBX')) carriers.push('png:caBX');
  if (facts.format === 'webp' && segment('C2PA')) carriers.push('webp:C2PA');
  if (facts.format === 'avif' && inBoxes(bytes, facts)) carriers.push('avif:uuid');
  if (
    facts.format === 'tiff' &&
    (TiffBlock.open(bytes)
      ?.chain(32)
      .some((d) => d.entries.has(TIFF_TAG)) ??
      false)
  )
    carriers.push('tiff:52545');
  if (facts.format === 'gif' && segment('Application:C2PA_GIF')) carriers.push('gif:C2PA_GIF');
  const remote = firstXmp(embedded, XMP_NAMESPACE.dcterms, 'provenance');
  return { carriers, ...(remote && /^https?:/i.test(remote) && { remote: remote.slice(0, 1000) }) };
}
