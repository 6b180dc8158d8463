/** In which format a picture is written: by the name the user gave the file. */
import { extname } from 'node:path';
import type { RgbImage } from '../core/image.ts';
import { WRITE, type WrittenFormat } from '../media/index.node.ts';
import { usageError } from './failure.ts';

const FORMAT: Readonly<Record<string, WrittenFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** The encoder of {@link WRITE} that `path` names. Throws a usage failure for another name. */
export function encoderFor(path: string): (image: RgbImage) => Promise<Uint8Array> {
  const name = extname(path).toLowerCase();
  if (Object.hasOwn(FORMAT, name)) return WRITE[FORMAT[name]];
  throw usageError(
    { en: `"${path}" has no known picture format`, zh: `“${path}”不是已知的图片格式` },
    { en: 'name it .png, .jpg or .webp', zh: '请以 .png、.jpg 或 .webp 结尾' },
  );
}
