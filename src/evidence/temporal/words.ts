/** What the temporal detector says, in words. */
import type { Text } from '../../core/text.ts';

export const NO_FACE: Text = {
  en: 'No face could be followed through at least sixteen successive frames, so nothing can be said about how it changes.',
  zh: '没有能在至少十六个连续帧中跟踪的人脸，因此无法判断其随时间的变化。',
};

export const NOTED: Text = {
  en: 'How the followed face flickers and trembles was measured, and a network looked at it; on the clips at hand neither told faces made by unknown methods from real ones, so they weigh nothing.',
  zh: '已测量所跟踪人脸的闪烁与抖动，并由网络判读；在现有样本上，两者都不能区分未知方法生成的人脸与真实人脸，故不计入判定。',
};

export const MEASURED_ON: Text = {
  en: 'Clips of swapped and re-enacted faces and of real ones, a whole source left out each time (docs/measured/video.md).',
  zh: '在换脸、驱动与真实人脸的短片上测得，每次留出整个来源（见 docs/measured/video.md）。',
};
