/** The explicit label put onto or into any file that can show or sound one; the rest of it is encoded anew. */
import { readFile, rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { openContainer } from '../../media/av/container.node.ts';
import { readImage, sniff } from '../../media/index.node.ts';
import { fileOf } from '../../media/random-access.node.ts';
import { preceded } from '../../media/sound/precede.node.ts';
import { rewriteVideo } from '../../media/video/rewrite.node.ts';
import { type LabelWords, withExplicitLabel } from './explicit.ts';
import { FrameWords, SHOWN_SECONDS } from './explicit-frames.ts';
import { rhythm } from './rhythm.ts';

export interface ExplicitOptions {
  readonly words: LabelWords;
  /** The file that will be written: its ending says what a video becomes, and beside it one is kept while it is made. */
  readonly out: string;
  readonly encodePicture: (image: RgbImage) => Promise<Uint8Array>;
  readonly onProgress?: (seconds: number, of: number) => void;
}

/** Endings of sound files, each of one kind: a sound keeps its kind. */
const SOUND_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  wav: ['.wav', '.wave'],
  mp3: ['.mp3'],
  flac: ['.flac'],
  ogg: ['.ogg', '.oga', '.opus'],
  m4a: ['.m4a', '.mp4'],
  mp4: ['.m4a', '.mp4'],
};

/** Throws HuoyanError `bad-argument`, `unsupported-format`, `component-missing`, `corrupt` … */
export async function explicitlyLabelled(
  bytes: Uint8Array,
  name: string,
  { words, out, encodePicture, onProgress }: ExplicitOptions,
): Promise<Uint8Array> {
  const found = sniff(bytes);
  if (found.status === 'audio' || (found.status === 'video' && !(await showsPictures(bytes)))) {
    const endings = SOUND_ENDINGS[found.format] ?? [];
    if (!endings.includes(extname(out).toLowerCase())) throw otherKind(out, endings);
    return preceded(bytes, rhythm);
  }
  if (found.status !== 'video')
    return encodePicture(withExplicitLabel((await readImage(bytes, name)).pixels, words));
  const beside = `${out}.${process.pid}.unlabelled${extname(out)}`;
  try {
    const begin = ({ width, height, rotation }: Parameters<Parameters<typeof rewriteVideo>[2]>[0]) => {
      const drawn = new FrameWords(words, width, height, rotation);
      return ({ time, luma, chroma }: { time: number; luma: Uint8Array; chroma: Uint8Array }) => {
        if (time < SHOWN_SECONDS) drawn.draw(luma, chroma);
      };
    };
    await rewriteVideo(fileOf(bytes), beside, begin, { ...(onProgress && { onProgress }) });
    return new Uint8Array(await readFile(beside));
  } finally {
    await rm(beside, { force: true });
  }
}

/** A container made for video may hold nothing but sound. */
async function showsPictures(bytes: Uint8Array): Promise<boolean> {
  const container = await openContainer(fileOf(bytes));
  container.close();
  return container.video !== null;
}

function otherKind(out: string, endings: readonly string[]): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `"${out}" would be of another kind than the sound`, zh: `“${out}”与原声音的格式不一致` },
    endings.length > 0
      ? { en: `name it ${endings.join(' or ')}`, zh: `请以 ${endings.join(' 或 ')} 结尾` }
      : { en: 'convert the sound to WAV first', zh: '请先将声音转换为 WAV' },
  );
}
