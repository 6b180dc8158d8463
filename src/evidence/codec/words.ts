/** What the codec detector says, in words. */
import type { Text } from '../../core/text.ts';

export const ORDINARY: Text = {
  en: 'The coding of the video shows nothing unusual. Nearly every video that was shared has been encoded again, so this weighs nothing.',
  zh: '视频编码未见异常。经过分享的视频几乎都被重新编码过，故不计入判定。',
};
export const NO_PACKETS: Text = {
  en: 'The coded pictures of the video could not be listed.',
  zh: '无法列出视频的编码帧。',
};
export const MEASURED_ON: Text = {
  en: 'Constructed sequences of coded pictures only; what is found here is told and weighs nothing.',
  zh: '仅在构造的编码序列上验证过；此处所见只作说明，不计入判定。',
};

/** What was found, in one sentence. */
export function found(what: { gaps: number; rhythm: boolean; tool: string | null }): Text {
  const en: string[] = [];
  const zh: string[] = [];
  if (what.gaps > 0) {
    en.push(`its time line has ${what.gaps} gap${what.gaps > 1 ? 's' : ''}`);
    zh.push(`时间线上有 ${what.gaps} 处间断`);
  }
  if (what.rhythm) {
    en.push('the sizes of its pictures keep the rhythm of an earlier coding');
    zh.push('各帧大小保留着更早一次编码的节奏');
  }
  if (what.tool) {
    en.push(`it was written by ${what.tool}`);
    zh.push(`由 ${what.tool} 写成`);
  }
  return {
    en: `The file was not taken from a camera as it is: ${en.join('; ')}. That alone is no sign of a fake.`,
    zh: `该文件并非直接来自相机：${zh.join('；')}。这本身并不说明是伪造。`,
  };
}
