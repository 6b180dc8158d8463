/** What a file shows without looking at its content: enough for the trivial rival, and a perceptual hash for its copies. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { luma } from '../../core/image.ts';
import type { ImageMedia } from '../../core/media.ts';
import { type PerceptualHash, perceptualHash } from '../../core/perceptual-hash.ts';
import { readImage } from '../../media/index.node.ts';
import type { BenchItem } from '../data/item.ts';

export interface FileFacts {
  readonly sha256: string;
  readonly bytes: number;
  /** `jpeg`, `png`, `mp4` … by content for pictures, by name for the rest. */
  readonly format: string;
  readonly width?: number;
  readonly height?: number;
  /** Of a JPEG, 1..100. */
  readonly quality?: number;
  readonly subsampling?: string;
  readonly hash: PerceptualHash | null;
}

/** Facts of an item; null for a file that cannot be read as what it claims to be. */
export async function factsOf(item: BenchItem): Promise<FileFacts | null> {
  try {
    const bytes = new Uint8Array(await readFile(item.path));
    if (item.media === 'image') return factsOfImage(await readImage(bytes, item.key));
    return {
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      format: item.key.split('.').at(-1)?.toLowerCase() ?? '',
      hash: null,
    };
  } catch {
    return null;
  }
}

export function factsOfImage({ sha256, container, pixels }: ImageMedia): FileFacts {
  const { bytes, format, width, height, jpeg } = container;
  return {
    ...{ sha256, bytes, format, width, height, quality: jpeg?.quality, subsampling: jpeg?.subsampling },
    hash: perceptualHash(luma(pixels)),
  };
}

const FORMATS = ['jpeg', 'png', 'webp', 'mp4', 'wav', 'flac', 'mp3'];

/** The facts as numbers for a classifier, the same length for every file. */
export function formatFeatures(facts: Omit<FileFacts, 'hash' | 'sha256'>): number[] {
  const { bytes, format, width = 0, height = 0, quality = 0, subsampling } = facts;
  const pixels = Math.max(1, width * height);
  return [
    Math.log2(1 + bytes),
    Math.log2(1 + width),
    Math.log2(1 + height),
    width > 0 ? Math.log2((8 * bytes) / pixels) : 0,
    ...FORMATS.map((name) => Number(name === format)),
    quality / 100,
    Number(subsampling === '4:2:0'),
    Number(subsampling === '4:4:4'),
    Number(width > 0 && width === height),
    // Sides a network gives: 256, 512, 1024 …
    Number(width > 0 && width % 64 === 0 && height % 64 === 0),
  ];
}
