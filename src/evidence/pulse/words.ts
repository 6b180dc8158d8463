/** What the pulse detector says, in words. */
import type { Text } from '../../core/text.ts';

export const NO_SKIN: Text = {
  en: 'No face could be followed, so there is no skin to read a pulse from.',
  zh: '没有能持续跟踪的人脸，因此无法从皮肤读取脉搏。',
};
export const TOO_SHORT: Text = {
  en: 'A pulse needs one face in view for at least six seconds at fourteen frames a second; this clip has less.',
  zh: '读取脉搏需要同一张人脸持续出现至少六秒、每秒至少十四帧；此视频不满足。',
};
export const TOO_DARK: Text = {
  en: 'Forehead and cheeks are too dark, too bright or too small for a pulse to be read.',
  zh: '额头与脸颊过暗、过亮或过小，无法读取脉搏。',
};
export const BEAT: Text = {
  en: 'The skin of the followed face changes colour at the rate of a heart. That speaks neither for nor against a swap: a swap can carry the pulse of whoever acted for it.',
  zh: '所跟踪人脸的肤色以心跳频率变化。这既不支持也不反驳换脸：换脸视频可能带有替身演员的脉搏。',
};
export const NO_BEAT: Text = {
  en: 'No clear pulse can be seen in the skin, which compression alone often brings about.',
  zh: '未能从皮肤中看出清晰的脉搏，仅压缩就常会造成这种情况。',
};
export const MEASURED_ON: Text = {
  en: 'Synthetic skin signals only: no clip with a known pulse was at hand.',
  zh: '仅在合成的皮肤信号上验证过：没有已知脉搏的视频可用。',
};
