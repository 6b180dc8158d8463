/**
 * Pixels in and out: the only file that knows sharp (libvips). Everything leaves here upright, 8-bit, sRGB and
 * without alpha, so that no detector has to think about orientation, profiles or bit depth; and everything that
 * re-encodes (the stability ladder, previews, training chains) goes through the same few functions.
 */
import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from '../core/image.ts';
import { corrupt, timedOut, tooManyPixels } from './failures.ts';
import type { Decoded, DecodeOptions } from './image.ts';

// A cache of operations holds on to whole pictures; in a batch it is only memory. One libvips thread a picture:
// parallelism comes from several pictures at once.
sharp.cache(false);
sharp.concurrency(1);

/** Threads libvips may use for one picture (default 1; raise it when one large picture matters more than many). */
export function setPixelThreads(threads: number): void {
  sharp.concurrency(threads);
}

/** The decoder's own buffer, without copying. */
function view(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Decodings under way, and those waiting for their turn: libuv has four threads, and waiting must not count as decoding. */
const MOST_AT_ONCE = 4;
let underWay = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (underWay >= MOST_AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  else underWay++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else underWay--;
  }
}

/** Rejects with `timeout` after `timeoutMs`; native work that cannot be interrupted is left to finish unheard. */
async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    // One more turn of the event loop: a result that came while this thread was busy elsewhere still counts.
    timer = setTimeout(() => setImmediate(() => reject(timedOut(timeoutMs))), timeoutMs);
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}

/** A decoder's complaint as our error. */
function decodeFailure(thrown: unknown, options: DecodeOptions): Error {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/timeout/i.test(message)) return timedOut(options.timeoutMs ?? 0);
  if (/exceeds pixel limit/i.test(message)) return tooManyPixels(options.maxPixels ?? 0);
  const short =
    message
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.slice(0, 200) ?? 'unknown reason';
  return corrupt({ en: `it cannot be decoded (${short})`, zh: `无法解码（${short}）` }, thrown);
}

/**
 * Decodes a JPEG, PNG, WebP, AVIF, GIF or TIFF file to an upright 8-bit sRGB picture: EXIF orientation and ICC
 * profile applied, CMYK and grey converted, 16 bits reduced to 8, alpha laid on white, first frame only.
 * Throws HuoyanError `corrupt`, `timeout` or `too-many-pixels`.
 */
export async function decodePixels(bytes: Uint8Array, options: DecodeOptions = {}): Promise<RgbImage> {
  return (await decode(bytes, options)).image;
}

/** As `decodePixels`, and tells whether anything was transparent. */
export async function decode(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Decoded> {
  const { maxPixels = 120_000_000, timeoutMs = 20_000, tolerant = false, ignoreIcc = false } = options;
  try {
    const open = () =>
      sharp(bytes, {
        failOn: tolerant ? 'none' : 'error',
        limitInputPixels: maxPixels,
        ignoreIcc,
        autoOrient: true,
        pages: 1,
      })
        .timeout({ seconds: Math.min(3600, Math.max(1, Math.ceil(timeoutMs / 1000))) })
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
    const { data, info } = await inTurn(() => within(open(), timeoutMs));
    return toRgb(view(data), info.width, info.height, info.channels);
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'HuoyanError') throw thrown;
    throw decodeFailure(thrown, options);
  }
}

/** Interleaved samples of 1 to 4 channels as RGB; the second of two and the fourth of four are alpha. */
function toRgb(data: Uint8Array, width: number, height: number, channels: number): Decoded {
  if (channels === 3) return { image: { width, height, data }, transparent: false };
  const out = new Uint8Array(width * height * 3);
  const grey = channels < 3;
  const alphaAt = channels === 2 ? 1 : channels === 4 ? 3 : -1;
  const step = grey ? 0 : 1;
  let transparent = false;
  for (let i = 0, j = 0; j < out.length; i += channels, j += 3) {
    out[j] = data[i];
    out[j + 1] = data[i + step];
    out[j + 2] = data[i + 2 * step];
    if (alphaAt < 0 || data[i + alphaAt] === 255) continue;
    transparent = true;
    const alpha = data[i + alphaAt];
    const white = 255 * (255 - alpha) + 127;
    for (let c = 0; c < 3; c++) out[j + c] = (out[j + c] * alpha + white) / 255;
  }
  return { image: { width, height, data: out }, transparent };
}

function source(image: RgbImage): Sharp {
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

export interface JpegOptions {
  /** 1..100 on the IJG scale. */
  readonly quality: number;
  readonly subsampling?: '4:2:0' | '4:4:4';
  readonly progressive?: boolean;
}

/** `image` as JPEG with the standard IJG tables and optimised Huffman codes; no metadata. */
export async function encodeJpeg(image: RgbImage, options: JpegOptions): Promise<Uint8Array> {
  const { quality, subsampling = '4:2:0', progressive = false } = options;
  return view(await source(image).jpeg({ quality, chromaSubsampling: subsampling, progressive }).toBuffer());
}

export interface WebpOptions {
  /** 1..100. */
  readonly quality?: number;
  readonly lossless?: boolean;
  /** 0 (fast) .. 6 (small). */
  readonly effort?: number;
}

/** `image` as WebP; no metadata. */
export async function encodeWebp(image: RgbImage, options: WebpOptions = {}): Promise<Uint8Array> {
  const { quality = 80, lossless = false, effort = 2 } = options;
  return view(await source(image).webp({ quality, lossless, effort }).toBuffer());
}

export interface AvifOptions {
  /** 1..100. */
  readonly quality?: number;
  /** 0 (fast) .. 9 (small). */
  readonly effort?: number;
  readonly subsampling?: '4:2:0' | '4:4:4';
}

/** `image` as AVIF (AV1); no metadata. */
export async function encodeAvif(image: RgbImage, options: AvifOptions = {}): Promise<Uint8Array> {
  const { quality = 60, effort = 1, subsampling = '4:2:0' } = options;
  return view(await source(image).avif({ quality, effort, chromaSubsampling: subsampling }).toBuffer());
}

/** `image` as PNG, losslessly; `compression` 0 (fast) .. 9 (small). */
export async function encodePng(
  image: RgbImage,
  options: { compression?: number } = {},
): Promise<Uint8Array> {
  return view(
    await source(image)
      .png({ compressionLevel: options.compression ?? 6 })
      .toBuffer(),
  );
}

export type ResizeKernel = 'nearest' | 'linear' | 'cubic' | 'mitchell' | 'lanczos2' | 'lanczos3';

export interface ResizeOptions {
  /** Pixels, at least 1; the aspect is not kept for you. */
  readonly width: number;
  readonly height: number;
  readonly kernel?: ResizeKernel;
}

/** `image` scaled to exactly `width` x `height`; when reducing, the kernel is widened (no aliasing) except for `nearest`. */
export async function resize(image: RgbImage, options: ResizeOptions): Promise<RgbImage> {
  const { width, height, kernel = 'lanczos3' } = options;
  if (width === image.width && height === image.height) return image;
  const { data, info } = await source(image)
    .resize({ width, height, fit: 'fill', kernel })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return toRgb(view(data), info.width, info.height, info.channels).image;
}

/** `image` blurred by a Gaussian of `sigmaPx` (0.3 .. 1000) pixels. */
export async function blur(image: RgbImage, sigmaPx: number): Promise<RgbImage> {
  const { data, info } = await source(image).blur(sigmaPx).raw().toBuffer({ resolveWithObject: true });
  return toRgb(view(data), info.width, info.height, info.channels).image;
}

/** `image` so reduced that its longer side is at most `longest` pixels; as it is when it is small enough. */
export async function shrinkTo(image: RgbImage, longest: number, kernel?: ResizeKernel): Promise<RgbImage> {
  const scale = longest / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  return resize(image, {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
    kernel,
  });
}
