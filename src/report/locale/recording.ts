/** Words for the recording that can be played in the page. */
import type { Text } from '../../core/text.ts';

export const RECORDING = {
  heading: { en: 'The recording', zh: '原始录制' },
  video: {
    en: 'Choose a face or a place on a time line below to go there. If nothing plays, this browser does not know the format.',
    zh: '点选下方的人脸或时间线可跳转到该处。若无法播放，说明此浏览器不支持该格式。',
  },
  sound: {
    en: 'If nothing plays, this browser does not know the format.',
    zh: '若无法播放，说明此浏览器不支持该格式。',
  },
  absent: {
    en: 'The file itself is not part of this report: it is too large for it, or was not at hand when the report was written.',
    zh: '本报告未包含文件本身：文件过大，或写报告时无法读取。',
  },
} as const satisfies Record<string, Text>;

export function recordingAlt(file: string): Text {
  return { en: `Player of ${file}`, zh: `播放 ${file}` };
}

export function goTo(at: string): Text {
  return { en: `Go to ${at}`, zh: `跳转到 ${at}` };
}
