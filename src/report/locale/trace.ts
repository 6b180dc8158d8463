/** The words of a trace that terminal and page share. Chinese and English side by side. */
import type { Text } from '../../core/text.ts';
import type { Attributed, HeardFacts, Untraceable, UntraceableSound } from '../../core/trace.ts';
import type { Candidate, Medium } from '../trace/answer.ts';
import { percent } from './format.ts';

/** A possible source by its name. */
export function candidateName(candidate: Candidate): Text {
  if (candidate.kind === 'generator') return { en: candidate.generator, zh: candidate.generator };
  if (candidate.kind === 'photograph') return { en: 'a photograph', zh: '照片' };
  if (candidate.kind === 'recording') return { en: 'a recording of a human voice', zh: '真人录音' };
  return candidate.of === 'image'
    ? { en: 'a generator not known here', zh: '此处未收录的生成器' }
    : { en: 'a synthesis system not known here', zh: '此处未收录的合成系统' };
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
  noAnswer: {
    en: 'No answer is likelier than all others together: treat the source as unknown.',
    zh: '没有一个答案比其余答案合起来更可能：请当作来源不明。',
  },
  amongCompared: {
    en: 'Probabilities hold among the sources compared with. They name likely tools, not people.',
    zh: '概率只在参与比对的来源之间成立；指向的是可能的工具，而不是人。',
  },
  hint: { en: 'hint: ', zh: '提示：' },
  time: { en: 'Time', zh: '用时' },
  measured: { en: 'Picture', zh: '图片' },
  heard: { en: 'Sound', zh: '声音' },
} as const satisfies Record<string, Text>;

/** How many pictures likely share the source of this one. */
export function sameSourceAs(count: string): Text {
  return {
    en: `may share its source with ${count} ${count === '1' ? 'other' : 'others'}`,
    zh: `与另外 ${count} 张可能同源`,
  };
}

export const SAME_SOURCE: Readonly<Record<Medium, Text>> = {
  image: { en: 'May share its source with', zh: '可能同源的图片' },
  audio: { en: 'May share its source with', zh: '可能同源的声音' },
};

/** What to do where a file cannot be traced. */
export const UNTRACEABLE_HINT: Readonly<Record<Medium, Text>> = {
  image: {
    en: 'look for a larger copy, best the first one that was published',
    zh: '请寻找尺寸更大的版本，最好是最早发布的那一份',
  },
  audio: {
    en: 'give a longer part of the recording in which one person speaks, best a few seconds without music',
    zh: '请提供更长的、仅有一人讲话且没有音乐的片段，最好有数秒',
  },
};

const seconds = (value: number) => (Math.round(value * 10) / 10).toString();

/** Length, speech and band of a sound. */
export function heardInShort({ duration, speechSeconds, band }: HeardFacts): Text {
  const [all, speech] = [seconds(duration), seconds(speechSeconds)];
  return {
    en: `${all} s, ${speech} s of speech, ${band === 'narrow' ? 'telephone band' : 'full band'}`,
    zh: `${all} 秒，其中讲话 ${speech} 秒，${band === 'narrow' ? '电话频带' : '全频带'}`,
  };
}

const NOT_SPEECH: Readonly<Record<UntraceableSound['reason'], Text>> = {
  'no-speech': { en: 'nobody speaks in it', zh: '其中没有人讲话' },
  'too-short': { en: 'too little speech', zh: '讲话太短' },
  'not-speech': { en: 'what is heard is no speech', zh: '听到的不是讲话' },
};

/** Why a file cannot be traced, in one clause. */
export function untraceable(trace: Untraceable): Text {
  if (trace.kind === 'image') {
    const { width, height, limit } = trace;
    return {
      en: `too small to be traced: ${width} × ${height}, at least ${limit} pixels a side are needed`,
      zh: `太小，无法溯源：${width} × ${height}，边长至少需要 ${limit} 像素`,
    };
  }
  const why = NOT_SPEECH[trace.reason];
  return {
    en: `cannot be traced: ${why.en}, at least ${trace.limit} seconds of speech are needed`,
    zh: `无法溯源：${why.zh}，至少需要 ${trace.limit} 秒讲话`,
  };
}
