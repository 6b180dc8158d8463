/** TIFF files: the pages and their layout. Texts, XMP, IPTC and profile are read as from any EXIF block. */
import { corrupt } from './failures.ts';
import { type Ifd, TAG, TiffBlock } from './ifd.ts';
import type { Findings } from './structure.ts';

const PHOTOMETRIC: Readonly<Record<number, string>> = {
  0: 'grey',
  1: 'grey',
  2: 'rgb',
  3: 'palette',
  5: 'cmyk',
  6: 'ycbcr',
  8: 'lab',
};

/** Reads the directories of the TIFF `bytes` into `findings`. */
export function readTiff(bytes: Uint8Array, findings: Findings): void {
  const block = TiffBlock.open(bytes);
  const pages = block?.chain(findings.limits.maxFrames) ?? [];
  if (!block || pages.length === 0) {
    throw corrupt({ en: 'its TIFF directory is missing', zh: '缺少 TIFF 目录' });
  }
  const value = (ifd: Ifd, tag: number) => block.number(ifd.entries.get(tag));
  pages.forEach((page, i) => {
    findings.segment(`IFD${i}`, page.offset, page.length);
  });
  const exif = block.ifd(value(pages[0], TAG.exif) ?? 0);
  if (exif) findings.segment('ExifIFD', exif.offset, exif.length);
  const first = pages[0];
  const photometric = value(first, TAG.photometric);
  const samples = value(first, TAG.samplesPerPixel) ?? 1;
  const extra = block.numbers(first.entries.get(TAG.extraSamples));
  findings.header = {
    width: value(first, TAG.width) ?? 0,
    height: value(first, TAG.height) ?? 0,
    frames: Math.max(1, pages.filter((page) => ((value(page, TAG.subfileType) ?? 0) & 1) === 0).length),
    bitDepth: value(first, TAG.bitsPerSample) ?? 1,
    channels: samples,
    colourSpace: PHOTOMETRIC[photometric ?? -1] ?? 'other',
    hasAlpha: extra.some((kind) => kind === 1 || kind === 2),
  };
  findings.exif = bytes;
}
