/** The sentences and headings of the terminal output. */
import type { Text } from '../../core/text.ts';

export const TERMINAL = {
  evidence: { en: 'Evidence', zh: '证据' },
  stability: { en: 'Stability', zh: '稳定性' },
  asIs: { en: 'as is', zh: '原样' },
  file: { en: 'File', zh: '文件' },
  time: { en: 'Time', zh: '用时' },
  warning: { en: 'Odd', zh: '异常' },
  tag: { en: 'Tag', zh: '标签' },
  heardAt: { en: 'at', zh: '时间：' },
  noFlips: {
    en: 'the verdict turns to the other side in none of them',
    zh: '经过每种处理，结论都没有转向另一侧',
  },
  notRun: { en: 'not examined', zh: '未检验' },
  texts: { en: 'Embedded text', zh: '内嵌文本' },
  percent: {
    en: '% is the probability that the file was made by AI or altered; in brackets its 90 % interval',
    zh: '百分数为文件由 AI 生成或经过篡改的概率，括号内为 90% 区间',
  },
} as const satisfies Record<string, Text>;

export function flipSentence(flips: number, steps: number): Text {
  return {
    en: `the verdict turns to the other side in ${flips} of ${steps} of them: do not rely on it`,
    zh: `${steps} 种处理中有 ${flips} 种使结论转向另一侧：请勿仅凭此结论`,
  };
}

export function priorSentence(prior: string, llr: string): Text {
  return {
    en: `assumed before looking ${prior} %, weight of all evidence ${llr}`,
    zh: `检验前假定 ${prior}%，全部证据的权重合计 ${llr}`,
  };
}

export function filesWord(count: string): Text {
  return { en: count === '1' ? '1 file' : `${count} files`, zh: `${count} 个文件` };
}

export function speed(perSecond: string): Text {
  return { en: `${perSecond} files/s`, zh: `每秒 ${perSecond} 个文件` };
}
