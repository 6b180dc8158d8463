/** Whether a file met in a folder or a bucket is worth a record: its name, or its first bytes, must say that it is media. */
import { sniff } from '../media/index.node.ts';

const NAME =
  /\.(jpe?g|jpe|jfif|png|apng|webp|avif|gif|tiff?|bmp|dib|wave?|aiff?|aifc|au|snd|mp3|m4a|aac|flac|og[ag]|opus|mp4|m4v|mov|webm|mkv|ts|mts|m2ts)$/i;

/** Enough of a file to recognise every format by content. */
export const SNIFF_BYTES = 4096;

export const namedAsMedia = (name: string): boolean => NAME.test(name);

/** Whether the first bytes of a file are those of a picture, a sound or a video. */
export const isMedia = (head: Uint8Array): boolean => sniff(head).status !== 'unsupported';
