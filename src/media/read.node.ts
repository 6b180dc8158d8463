/** Any file as media: recognised by its content, read by its kind. The door through which every analysis goes. */
import type { Media, RandomAccess, SoundFormat } from '../core/media.ts';
import { openContainer } from './av/container.node.ts';
import { emptyFile, unsupported } from './failures.ts';
import { readBytes, readImage } from './image.node.ts';
import { type ReadLimits, withDefaults } from './limits.ts';
import { fileOf, openFile } from './random-access.node.ts';
import { type Sniffed, sniff } from './sniff.ts';
import { isPlain, plainLayout } from './sound/plain.ts';
import { readContainedSound, readPlainSound } from './sound/read.node.ts';
import { readContainedVideo } from './video/read.node.ts';

/** Enough of a file to recognise every format by content. */
const SNIFF_BYTES = 4096;

/**
 * The file at `path` (`-` is standard input), as what it is. Of sound and video the file stays open until it is closed
 * (`media.file.close()`). Throws HuoyanError.
 */
export async function readMediaFile(path: string, limits?: Partial<ReadLimits>): Promise<Media> {
  const within = withDefaults(limits);
  if (path === '-') return readMedia(await readBytes(path, within), path, within);
  const file = await openFile(path, within.maxStreamedBytes);
  try {
    const found = sniff(await file.slice(0, Math.min(SNIFF_BYTES, file.size)));
    if (found.status === 'audio' || found.status === 'video')
      return await readTracks(file, path, found, within);
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
  await file.close();
  return readImage(await readBytes(path, within), path, within);
}

/** The file in `bytes`, as what it is; `name` is only carried along. Throws HuoyanError. */
export async function readMedia(
  bytes: Uint8Array,
  name: string,
  limits?: Partial<ReadLimits>,
): Promise<Media> {
  const within = withDefaults(limits);
  if (bytes.length === 0) throw emptyFile(name);
  const found = sniff(bytes);
  if (found.status === 'unsupported') throw unsupported(found.what, found.hint);
  if (found.status === 'image') return readImage(bytes, name, within);
  return readTracks(fileOf(bytes), name, found, within);
}

type Tracked = Extract<Sniffed, { readonly status: 'audio' | 'video' }>;

async function readTracks(
  file: RandomAccess,
  name: string,
  found: Tracked,
  limits: ReadLimits,
): Promise<Media> {
  const format: SoundFormat = found.format;
  if (isPlain(format)) {
    const layout = await plainLayout(format, file);
    if (layout) return readPlainSound(file, name, layout, limits);
  }
  const container = await openContainer(file);
  let kept = false;
  try {
    if (container.video && found.status === 'video') {
      const media = await readContainedVideo(file, name, found.format, container, limits);
      // Its pictures are decoded on demand: closing the media closes the container.
      kept = true;
      return media;
    }
    return await readContainedSound(file, name, format, container, limits);
  } finally {
    if (!kept) container.close();
  }
}
