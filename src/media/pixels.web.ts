/**
 * Pixels in a browser: its own decoder and a canvas in main memory, so arranged that the numbers are those libvips gives
 * in Node. Equal to the last bit for what photographs are mostly made of (8-bit JPEG, PNG and WebP without a colour
 * profile or with sRGB); where a profile must be applied, or 16 bits reduced, the browser rounds in its own way.
 */
import { HuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { corrupt, timedOut, unsupported } from './failures.ts';
import type { Decoded, Decoder } from './image.ts';
import { MIME } from './sniff.ts';

/** Pixels read back at once: some browsers refuse larger canvases. */
const STRIP_PIXELS = 1 << 22;

type Surface = OffscreenCanvasRenderingContext2D;

function surface(width: number, height: number): Surface {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
    colorSpace: 'srgb',
  });
  if (!context) throw componentMissing();
  context.globalCompositeOperation = 'source-over';
  return context;
}

function componentMissing(): HuoyanError {
  return new HuoyanError(
    'component-missing',
    { en: 'this browser cannot draw off the screen', zh: '此浏览器不支持离屏绘制' },
    { en: 'use a current browser', zh: '请使用较新的浏览器' },
  );
}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(timeoutMs)), timeoutMs);
  });
  return Promise.race([work, alarm]).finally(() => clearTimeout(timer));
}

/** The pixels of `bitmap`, what is transparent laid on white. */
function toRgb(bitmap: ImageBitmap): Decoded {
  const { width, height } = bitmap;
  const data = new Uint8Array(width * height * 3);
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const context = surface(width, rows);
  let transparent = false;
  for (let top = 0; top < height; top += rows) {
    const high = Math.min(rows, height - top);
    const read = () => {
      context.drawImage(bitmap, 0, top, width, high, 0, 0, width, high);
      return context.getImageData(0, 0, width, high).data;
    };
    context.clearRect(0, 0, width, rows);
    let rgba = read();
    if (someTransparent(rgba)) {
      transparent = true;
      context.fillStyle = '#fff';
      context.fillRect(0, 0, width, rows);
      rgba = read();
    }
    for (let i = 0, j = top * width * 3; i < rgba.length; i += 4, j += 3) {
      data[j] = rgba[i];
      data[j + 1] = rgba[i + 1];
      data[j + 2] = rgba[i + 2];
    }
  }
  return { image: { width, height, data }, transparent };
}

function someTransparent(rgba: Uint8ClampedArray): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return true;
  return false;
}

/** Decodes as a browser does. TIFF, which browsers do not know, is `unsupported-format`; so is what this one lacks. */
export const decode: Decoder['decode'] = async (bytes, format, { timeoutMs = 20_000, ignoreIcc }) => {
  if (format === 'tiff')
    throw unsupported(
      { en: 'a browser does not decode TIFF', zh: '浏览器无法解码 TIFF' },
      { en: 'send it to the service, or save it as PNG', zh: '请发送至服务，或另存为 PNG' },
    );
  let bitmap: ImageBitmap;
  try {
    const file = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: MIME[format] });
    const work = createImageBitmap(file, {
      colorSpaceConversion: ignoreIcc ? 'none' : 'default',
      premultiplyAlpha: 'default',
    });
    bitmap = await within(work, timeoutMs);
  } catch (thrown) {
    if (thrown instanceof HuoyanError) throw thrown;
    throw corrupt({ en: 'this browser cannot decode it', zh: '此浏览器无法解码' }, thrown);
  }
  try {
    return toRgb(bitmap);
  } finally {
    bitmap.close();
  }
};

function draw({ width, height, data }: RgbImage): OffscreenCanvas {
  const context = surface(width, height);
  const pixels = context.createImageData(width, height);
  for (let i = 0, j = 0; i < pixels.data.length; i += 4, j += 3) {
    pixels.data[i] = data[j];
    pixels.data[i + 1] = data[j + 1];
    pixels.data[i + 2] = data[j + 2];
    pixels.data[i + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return context.canvas;
}

async function bytesOf(canvas: OffscreenCanvas, type: string, quality: number): Promise<Uint8Array> {
  const blob = await canvas.convertToBlob({ type, quality: quality / 100 });
  return new Uint8Array(await blob.arrayBuffer());
}

/** `image` by the browser's encoder (JPEG as 4:2:0); `quality` 1..100. */
export function encode(
  image: RgbImage,
  type: 'image/jpeg' | 'image/webp',
  quality: number,
): Promise<Uint8Array> {
  return bytesOf(draw(image), type, quality);
}

/** A JPEG of `image`, so reduced that its longer side is at most `longest` pixels: for the eye. */
export function previewJpeg(image: RgbImage, longest: number, quality: number): Promise<Uint8Array> {
  const scale = longest / Math.max(image.width, image.height);
  if (scale >= 1) return encode(image, 'image/jpeg', quality);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const context = surface(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(draw(image), 0, 0, width, height);
  return bytesOf(context.canvas, 'image/jpeg', quality);
}
