/** What the lip-sync detector says, in words. */
import type { Text } from '../../core/text.ts';

export const NO_SOUND: Text = {
  en: 'The video has no sound, so lips and voice cannot be compared.',
  zh: '视频没有声音，无法比较口型与语音。',
};
export const NO_FACE: Text = {
  en: 'No face could be followed long enough for its lips to be compared with the sound.',
  zh: '没有能跟踪足够久的人脸，无法比较其口型与声音。',
};
export const NOBODY_SPEAKS: Text = {
  en: 'The followed face does not move its mouth while something is heard, so lips and voice cannot be compared.',
  zh: '所跟踪的人脸在有声音时口部没有明显动作，无法比较口型与语音。',
};
export const MEASURED_ON: Text = {
  en: 'Constructed curves only; too few clips with sound were at hand, so it weighs nothing.',
  zh: '仅在构造的曲线上验证过；带声音的样本太少，故不计入判定。',
};

/** How well they agree. */
export function agreement(correlation: number, lagSeconds: number): Text {
  const ms = Math.round(Math.abs(lagSeconds) * 1000);
  if (correlation >= 0.35) {
    return {
      en: `Lips and voice move together (the voice ${lagSeconds >= 0 ? 'trails' : 'leads'} by ${ms} ms). Lip-synchronised fakes do so as well.`,
      zh: `口型与语音同步（语音${lagSeconds >= 0 ? '滞后' : '超前'} ${ms} 毫秒）。但经过口型合成的伪造视频同样会同步。`,
    };
  }
  return {
    en: 'Lips and loudness hardly follow each other; dubbing, a second speaker or music can be the reason.',
    zh: '口型与音量几乎不同步；原因可能是配音、另有人说话或背景音乐。',
  };
}
