/** What the detector of generated clips says, in words. */
import type { Text } from '../../core/text.ts';

export const TOO_SMALL: Text = {
  en: 'The picture is too small, or too few frames could be read, for its fine texture to be judged.',
  zh: '画面太小或可读取的帧太少，无法判断其细微纹理。',
};

export const MEASURED_ON: Text = {
  en: 'Clips of text-to-video models and of cameras, a whole source left out each time; few clips of few sources (docs/measured/video.md).',
  zh: '在文生视频模型与真实拍摄的短片上测得，每次留出整个来源；样本与来源都不多（见 docs/measured/video.md）。',
};

/** The sentence for a log-likelihood ratio. */
export function summaryOf(llr: number, detected: boolean): Text {
  if (detected) {
    return {
      en: 'The fine texture of the frames, and how it travels from one to the next, is more typical of a generated clip than of a recording.',
      zh: '各帧的细微纹理及其随时间的变化，更像由模型生成的视频，而非实拍。',
    };
  }
  if (llr > -0.5) {
    return {
      en: 'The fine texture fits a recording about as well as a generated clip.',
      zh: '细微纹理既可能来自实拍，也可能来自生成的视频，无法区分。',
    };
  }
  return {
    en: 'The fine texture of the frames looks like that of recordings.',
    zh: '各帧的细微纹理与实拍相符。',
  };
}
