/**
 * A small, clean copy of an EXIF block: main, Exif and GPS directories with bounded values, laid out afresh. What
 * comes from a stranger (a TIFF of 200 MB, offsets into nowhere, counts in the billions) never reaches the metadata
 * library; only this copy does.
 */
import { type Ifd, TAG, TiffBlock } from './ifd.ts';

const GPS = 34853;
const MAX_VALUE = 65_535;
const MAX_TOTAL = 1 << 20;
/** Structure of the picture and blocks that are read elsewhere: not metadata of the kind wanted here. */
const LEFT_OUT = new Set<number>([
  TAG.exif,
  GPS,
  TAG.xmp,
  TAG.iptc,
  TAG.photoshop,
  TAG.icc,
  TAG.subIfds,
  273,
  279,
  324,
  325,
  40965,
]);

/** Tags of TIFF files that say how the picture is laid out (`describe` reports that by itself). */
const LAYOUT = new Set<number>([
  254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325,
  338, 339, 347, 530, 531, 532,
]);

interface Copied {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

/** Values of one directory that are small enough, in ascending order of tag. */
function gather(block: TiffBlock, ifd: Ifd | undefined, budget: { left: number }, layout: boolean): Copied[] {
  const out: Copied[] = [];
  for (const entry of ifd?.entries.values() ?? []) {
    if (LEFT_OUT.has(entry.tag) || (!layout && LAYOUT.has(entry.tag))) continue;
    if (entry.type < 1 || entry.type > 12) continue;
    const value = block.raw(entry);
    if (!value || value.length > MAX_VALUE || value.length > budget.left) continue;
    budget.left -= value.length;
    out.push({ tag: entry.tag, type: entry.type, count: entry.count, value });
  }
  return out.sort((a, b) => a.tag - b.tag);
}

/**
 * The compact copy of the TIFF block `bytes` in its own byte order, or undefined when it holds nothing readable.
 * Without `layout`, tags of the main directory that describe strips, tiles and samples are left out.
 */
export function compactExif(bytes: Uint8Array, layout = true): Uint8Array | undefined {
  const block = TiffBlock.open(bytes);
  const main = block?.ifd(block.first);
  if (!block || !main) return undefined;
  const budget = { left: MAX_TOTAL };
  const sub = (tag: number) =>
    gather(block, block.ifd(block.number(main.entries.get(tag)) ?? 0), budget, true);
  const groups = [gather(block, main, budget, layout), sub(TAG.exif), sub(GPS)];
  const pointers = [
    { tag: TAG.exif, group: 1 },
    { tag: GPS, group: 2 },
  ].filter(({ group }) => groups[group].length > 0);
  if (groups.every((group) => group.length === 0)) return undefined;

  // Layout: header, the three directories, then every value longer than four bytes.
  const counts = groups.map((group, i) => group.length + (i === 0 ? pointers.length : 0));
  const starts: number[] = [];
  let at = 8;
  for (const count of counts) {
    starts.push(at);
    at += 2 + 12 * count + 4;
  }
  const long = groups
    .flat()
    .reduce((sum, { value }) => sum + (value.length > 4 ? value.length + (value.length & 1) : 0), 0);
  const out = new Uint8Array(at + long);
  const view = new DataView(out.buffer);
  const little = block.littleEndian;
  out.fill(little ? 0x49 : 0x4d, 0, 2);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  groups.forEach((group, i) => {
    view.setUint16(starts[i], counts[i], little);
    const links = i === 0 ? pointers.map((p) => ({ tag: p.tag, link: starts[p.group] })) : [];
    const entries = [...group, ...links].sort((a, b) => a.tag - b.tag);
    entries.forEach((entry, k) => {
      const where = starts[i] + 2 + 12 * k;
      view.setUint16(where, entry.tag, little);
      if ('link' in entry) {
        view.setUint16(where + 2, 4, little);
        view.setUint32(where + 4, 1, little);
        view.setUint32(where + 8, entry.link, little);
        return;
      }
      view.setUint16(where + 2, entry.type, little);
      view.setUint32(where + 4, entry.count, little);
      if (entry.value.length <= 4) out.set(entry.value, where + 8);
      else {
        view.setUint32(where + 8, at, little);
        out.set(entry.value, at);
        at += entry.value.length + (entry.value.length & 1);
      }
    });
  });
  return out;
}
