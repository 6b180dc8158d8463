/** What the steps of an enrolment say. */
import type { Text } from '../../../src/core/text.ts';

export const ENROL = {
  title: { en: 'Enrol a generator', zh: '登记生成器' },
  why: {
    en: 'Give 5 to 20 pictures that it made. Only numbers are kept, never the pictures; from then on every analysis knows it.',
    zh: '提供由它生成的 5 至 20 张图片。只保存特征数值，不保存图片；此后每次分析都能识别它。',
  },
  steps: { en: 'Steps', zh: '步骤' },
  choose: { en: 'Do they belong together?', zh: '是否同源' },
  itsPictures: { en: 'Its pictures', zh: '它的图片' },
  check: { en: 'Check them', zh: '检查' },
  name: { en: 'Name', zh: '名称' },
  nameIt: { en: 'Name it', zh: '命名' },
  allAlike: { en: 'All of them look like one source.', zh: '它们看起来都出自同一来源。' },
  noneAlike: {
    en: 'They do not look like one source. That happens with few or small pictures, too; you may enrol them nevertheless.',
    zh: '它们看起来不是同一来源。图片较少或较小时也会如此，仍可登记。',
  },
  leave: { en: 'These look different. Leave out:', zh: '以下图片看起来不同，排除：' },
  tooFew: { en: 'At least 5 pictures have to be left.', zh: '至少需保留 5 张图片。' },
  save: { en: 'Enrol', zh: '登记' },
  tryIt: { en: 'Try it', zh: '试用' },
  another: { en: 'Another picture that it made', zh: '它生成的另一张图片' },
  ask: { en: 'Ask', zh: '查询' },
  photograph: { en: 'a photograph', zh: '照片' },
  unknown: { en: 'an unknown generator', zh: '未知生成器' },
  cannot: { en: 'This picture cannot be traced.', zh: '这张图片无法追溯。' },
  restart: { en: 'Start again', zh: '重新开始' },
  again: { en: 'Enrol another one', zh: '再登记一个' },
} as const satisfies Record<string, Text>;

/** How many of `all` pictures came together. */
export const together = (alike: number, all: number): Text => ({
  en: `${alike} of ${all} look like one source.`,
  zh: `${all} 张中有 ${alike} 张看起来同源。`,
});

/** That `name` was enrolled from so many pictures. */
export const isEnrolled = (name: string, pictures: number): Text => ({
  en: `${name} is enrolled, from ${pictures} pictures. Give it a picture that was not among them: does it know its own?`,
  zh: `已用 ${pictures} 张图片登记 ${name}。请提供一张未使用过的图片，看它能否认出。`,
});

/** What was answered, in per cent. */
export const answered = (what: string, probability: number): Text => ({
  en: `Most likely ${what}: ${Math.round(100 * probability)} %.`,
  zh: `最可能是${what}：${Math.round(100 * probability)}%。`,
});
