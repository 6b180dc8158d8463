/** Files as an attacker would send them, made once and kept on disk, so that every detector and every run sees the same. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchItem } from '../../src/bench/data/item.ts';
import type { BenchDetector, Sample } from '../../src/bench/detectors/detector.ts';
import type { Condition } from '../../src/bench/run/run.ts';
import type { RgbImage } from '../../src/core/image.ts';
import type { ImageMedia } from '../../src/core/media.ts';
import { encodeJpeg, encodePng, readImage } from '../../src/media/index.node.ts';

export type Make = (image: RgbImage, item: BenchItem) => Promise<RgbImage>;

/** Questions an attacker may ask about a picture. */
export const QUERIES = 200;

/** -1 pushes a fake towards real, 1 a real towards fake. */
export const towards = ({ label }: BenchItem) => (label === 'fake' ? -1 : 1);

/** The quality of the second file of each pair. */
const SHARED = 90;

/** `name` and `name+jpeg90`: what `make` gives, without loss and as it is shared. Kept below `folder`. */
export function keptPair(name: string, folder: string, make: Make): Condition[] {
  const png = async (image: RgbImage, item: BenchItem): Promise<Uint8Array> => {
    const path = join(
      folder,
      name,
      `${createHash('sha256').update(item.key).digest('hex').slice(0, 24)}.png`,
    );
    try {
      return new Uint8Array(await readFile(path));
    } catch {
      const bytes = await encodePng(await make(image, item), { compression: 3 });
      mkdirSync(dirname(path), { recursive: true });
      await writeFile(`${path}.partial`, bytes);
      await rename(`${path}.partial`, path);
      return bytes;
    }
  };
  return [
    { name, apply: ({ pixels }, item) => png(pixels, item) },
    {
      name: `${name}+jpeg${SHARED}`,
      async apply({ pixels }, item) {
        const { pixels: made } = await readImage(await png(pixels, item), item.key);
        return encodeJpeg(made, { quality: SHARED });
      },
    },
  ];
}

/** Files in `condition`, for a detector that is fitted first. */
export async function* samplesIn(items: readonly BenchItem[], condition: Condition): AsyncGenerator<Sample> {
  for (const item of items) {
    const stored = await readImage(new Uint8Array(await readFile(item.path)), item.key);
    const bytes = (await condition.apply?.(stored, item)) ?? stored.bytes;
    yield sampleOf(item, bytes);
  }
}

/** What somebody who can only ask is told about `image`; pixels are handed over as they are, without a file. */
export async function asked(
  detector: BenchDetector,
  image: RgbImage,
  item: BenchItem,
): Promise<number | null> {
  blank ??= readImage(await encodePng({ width: 1, height: 1, data: new Uint8Array(3) }), 'question');
  const media: ImageMedia = { ...(await blank), pixels: image };
  const sample = { ...sampleOf(item, new Uint8Array()), image: async () => media };
  const opinion = await detector.judge(sample, AbortSignal.timeout(60_000));
  return 'score' in opinion ? opinion.score : null;
}

let blank: Promise<ImageMedia> | undefined;

function sampleOf(item: BenchItem, bytes: Uint8Array): Sample {
  const nowhere = () => Promise.reject(new TypeError('detectors here are shown pixels, not files'));
  let image: ReturnType<typeof readImage> | undefined;
  return {
    ...{ item, bytes, file: nowhere, fileOf: nowhere },
    image() {
      image ??= readImage(bytes, item.key);
      return image;
    },
  };
}
