/** One still picture from bytes in a browser; says of a file what `image.node.ts` says of it. */
import type { ImageMedia } from '../core/media.ts';
import { sha256Hex } from '../core/sha256.ts';
import { type Decoder, readPicture } from './image.ts';
import type { ReadLimits } from './limits.ts';
import { decode } from './pixels.web.ts';

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The platform's digest where there is one: outside secure contexts there is none. */
async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return sha256Hex(bytes);
  return hex(new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}

const BROWSER: Decoder = { decode, sha256 };

/**
 * The picture in `bytes`; `name` is only carried along. Throws HuoyanError `empty`, `too-large`, `too-many-pixels`
 * (from the header, before decoding), `unsupported-format`, `corrupt` or `timeout`.
 */
export function readImage(
  bytes: Uint8Array,
  name: string,
  limits?: Partial<ReadLimits>,
): Promise<ImageMedia> {
  return readPicture(bytes, name, BROWSER, limits);
}
