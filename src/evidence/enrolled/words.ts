/** What the evidence of enrolled generators says, in words. */
import type { Text } from '../../core/text.ts';

export const TOO_SMALL: Text = {
  en: 'The picture is too small to be compared with the enrolled generators (a side below 96 pixels).',
  zh: '图片太小（有一边不足 96 像素），无法与已登记的生成器比对。',
};

export const NONE_OF_THEM: Text = {
  en: 'The fine texture does not match any of the generators enrolled here.',
  zh: '细微纹理与此处登记的任何生成器都不相符。',
};

export const MEASURED_ON: Text = {
  en: 'Generators enrolled from up to 20 pictures, as stored and re-saved as JPEG 75; sources not used for fitting (docs/measured/trace.md).',
  zh: '以至多 20 张图片登记的生成器测得，原样或重存为 JPEG 75；所用来源均未参与拟合（见 docs/measured/trace.md）。',
};

export function madeBy(generator: string): Text {
  return {
    en: `The fine texture matches the pictures enrolled as "${generator}".`,
    zh: `细微纹理与登记为“${generator}”的图片相符。`,
  };
}
