/** Ways in which a detector fails to answer, with what to do about each. */
import { HuoyanError } from '../../core/errors.ts';

export function badDescription(path: string, what: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `${path} describes no detector: ${what.en}`, zh: `${path} 不是检测器说明：${what.zh}` },
    { en: 'see "Describing a detector" in docs/bench.md', zh: '参见 docs/bench.zh-CN.md 的“描述检测器”一节' },
    { cause },
  );
}

export function malformed(name: string, what: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `${name} gave an answer that is none: ${what}`, zh: `${name} 的回答无法理解：${what}` },
    {
      en: 'check that the description fits what the detector answers',
      zh: '请检查说明文件是否与检测器的回答相符',
    },
    { cause },
  );
}

export function tookTooLong(name: string, timeoutMs: number): HuoyanError {
  return new HuoyanError(
    'timeout',
    {
      en: `${name} gave no answer within ${timeoutMs / 1000} s`,
      zh: `${name} 在 ${timeoutMs / 1000} 秒内未回答`,
    },
    { en: 'allow more with --timeout', zh: '可用 --timeout 放宽时限' },
  );
}
