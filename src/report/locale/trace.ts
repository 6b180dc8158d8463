/** The words of a trace that terminal and page share. Chinese and English side by side. */
import type { Text } from '../../core/text.ts';
import type { Attributed, Untraceable } from '../../core/trace.ts';
import type { Candidate } from '../trace/answer.ts';
import { percent } from './format.ts';

/** A possible source by its name. */
export function candidateName(candidate: Candidate): Text {
  if (candidate.kind === 'generator') return { en: candidate.generator, zh: candidate.generator };
  if (candidate.kind === 'photograph') return { en: 'a photograph', zh: '照片' };
  return { en: 'a generator not known here', zh: '此处未收录的生成器' };
}

/** The name with its probability. */
export function candidateShare(candidate: Candidate): Text {
  const name = candidateName(candidate);
  const share = percent(candidate.probability);
  return { en: `${name.en} ${share} %`, zh: `${name.zh} ${share}%` };
}

export const ORIGIN_WORD: Readonly<Record<Attributed['origin'], Text>> = {
  known: { en: 'known to this release', zh: '本版本收录' },
  enrolled: { en: 'enrolled by you', zh: '您登记的' },
};

export const TRACE = {
  notClear: { en: 'not clear: ', zh: '不明确：' },
  origin: { en: 'Likely origin', zh: '可能的来源' },
  sameSource: { en: 'May share its source with', zh: '可能同源的图片' },
  noAnswer: {
    en: 'No answer is likelier than all others together: treat the source as unknown.',
    zh: '没有一个答案比其余答案合起来更可能：请当作来源不明。',
  },
  amongCompared: {
    en: 'Probabilities hold among the sources compared with. They name likely tools, not people.',
    zh: '概率只在参与比对的来源之间成立；指向的是可能的工具，而不是人。',
  },
  hint: { en: 'hint: ', zh: '提示：' },
  untraceableHint: {
    en: 'look for a larger copy, best the first one that was published',
    zh: '请寻找尺寸更大的版本，最好是最早发布的那一份',
  },
  time: { en: 'Time', zh: '用时' },
  measured: { en: 'Picture', zh: '图片' },
} as const satisfies Record<string, Text>;

/** How many pictures likely share the source of this one. */
export function sameSourceAs(count: string): Text {
  return {
    en: `may share its source with ${count} ${count === '1' ? 'other' : 'others'}`,
    zh: `与另外 ${count} 张可能同源`,
  };
}

/** Why a picture cannot be traced, in one clause. */
export function tooSmall({ width, height, limit }: Untraceable): Text {
  return {
    en: `too small to be traced: ${width} × ${height}, at least ${limit} pixels a side are needed`,
    zh: `太小，无法溯源：${width} × ${height}，边长至少需要 ${limit} 像素`,
  };
}
