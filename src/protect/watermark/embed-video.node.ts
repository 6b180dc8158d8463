/** The mark in every frame of a video, or in some. */
import type { RandomAccess } from '../../core/media.ts';
import { type RewriteOptions, type Rewritten, rewriteVideo } from '../../media/video/rewrite.node.ts';
import { checkRoom, type EmbedOptions, tilePx } from './embed.ts';
import { FrameMark } from './frame-mark.ts';

/** Every frame, those that are coded by themselves, or every so many-th. */
export type MarkedFrames = 'all' | 'key' | number;

/**
 * A mark stands still and the picture moves, so that in frames that are predicted from others it is what the encoder has
 * to add, and it adds nothing as fine as its quantizer. With a bit rate, or a coarser one, only frames that are coded by
 * themselves keep the mark. Six steps are 6 dB; a frame that shows fewer tiles needs as much more of each.
 */
const QUANTIZER = 21;
const FINEST = 12;
const TILES = 49;

function quantizerFor(width: number, height: number): number {
  const tiles = (width * height) / tilePx(width, height) ** 2;
  return Math.max(FINEST, QUANTIZER - Math.max(0, 10 * Math.log10(TILES / tiles)));
}

export interface EmbedVideoOptions extends EmbedOptions, Omit<RewriteOptions, 'keys' | 'quantizer'> {
  /** By default all, so that the mark is read from any frame. */
  readonly frames?: MarkedFrames;
}

export interface MarkedVideo extends Rewritten {
  readonly marked: number;
}

/** Writes `file`, marked, to `to`. Throws HuoyanError as `rewriteVideo` does, and as `checkRoom`. */
export async function embedVideo(
  file: RandomAccess,
  to: string,
  { key, message, frames = 'all', ...options }: EmbedVideoOptions,
): Promise<MarkedVideo> {
  let marked = 0;
  let seen = 0;
  const written = await rewriteVideo(
    file,
    to,
    ({ width, height, rotation }) => {
      checkRoom(width, height);
      const mark = new FrameMark({ key, message }, width, height, rotation);
      return (frame) => {
        const chosen = frames === 'all' || (frames === 'key' ? frame.key : seen % frames === 0);
        seen++;
        if (!chosen) return;
        mark.apply(frame.luma);
        marked++;
      };
    },
    {
      ...options,
      keys: frames === 'key',
      quantizer: ({ width, height }) => quantizerFor(width, height),
    },
  );
  return { ...written, marked };
}
