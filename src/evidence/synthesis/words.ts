/** What the synthesis detector says, in words. */
import type { Text } from '../../core/text.ts';

export const TOO_SMALL: Text = {
  en: 'The picture is too small for its fine texture to be judged (a side below 96 pixels).',
  zh: '图片太小（有一边不足 96 像素），无法判断其细微纹理。',
};

export const NOT_A_PHOTOGRAPH: Text = {
  en: 'Most of the picture is flat, as in drawings, screenshots and documents; the detector was measured on photographs only.',
  zh: '画面大部分为纯色（如图画、截图、文档）；本检测器只在照片类图片上验证过，故不作判断。',
};

export const MAP_MEANING: Text = {
  en: 'How much the fine texture of each part that was looked at resembles generated pictures',
  zh: '所检视的各部分，其细微纹理与生成图片的相似程度',
};

export const MEASURED_ON: Text = {
  en: 'Photographs and photo-like generated pictures with sides of at least 96 pixels, JPEG quality 50 and better, half size; generators and sources not used for fitting (docs/measured/synthesis.md).',
  zh: '在边长不小于 96 像素、JPEG 质量不低于 50 或缩小一半的照片与类照片生成图上测得；所用生成器与来源均未参与拟合（见 docs/measured/synthesis.md）。',
};

/** The sentence for a log-likelihood ratio. */
export function summaryOf(llr: number): Text {
  if (llr >= 2) {
    return {
      en: 'The fine texture is much more typical of generated pictures than of camera photographs.',
      zh: '细微纹理明显更像由模型生成的图片，而非相机拍摄的照片。',
    };
  }
  if (llr >= 1) {
    return {
      en: 'The fine texture is somewhat more typical of generated pictures than of camera photographs.',
      zh: '细微纹理较为接近由模型生成的图片。',
    };
  }
  if (llr > -1) {
    return {
      en: 'The fine texture fits a photograph about as well as a generated picture.',
      zh: '细微纹理既可能来自照片，也可能来自生成图片，无法区分。',
    };
  }
  return {
    en: 'The fine texture looks like that of camera photographs.',
    zh: '细微纹理与相机拍摄的照片相符。',
  };
}
