/** Why a picture cannot be compared by its fingerprint. */
import { HuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { SMALLEST } from './description.ts';

export function tooSmall({ width, height }: RgbImage): HuoyanError {
  return new HuoyanError(
    'unsupported-format',
    {
      en: `${width}x${height} is too small to carry a fingerprint`,
      zh: `${width}x${height} 过小，不含可用指纹`,
    },
    {
      en: `give pictures with sides of at least ${SMALLEST} pixels`,
      zh: `请提供边长不小于 ${SMALLEST} 像素的图片`,
    },
  );
}
