/** The picture formats that can be read, one line each: adding one is a parser file and a line here. */
import type { ImageFormat } from '../core/media.ts';
import { readAvif } from './avif.ts';
import { readBmp } from './bmp.ts';
import { readGif } from './gif.ts';
import { readJpeg } from './jpeg/facts.ts';
import { readPng } from './png.ts';
import type { StructureReader } from './structure.ts';
import { readTiff } from './tiff.ts';
import { readWebp } from './webp.ts';

export const STRUCTURE_READERS: Readonly<Record<ImageFormat, StructureReader>> = {
  jpeg: readJpeg,
  png: readPng,
  webp: readWebp,
  avif: readAvif,
  gif: readGif,
  tiff: readTiff,
  bmp: readBmp,
};
