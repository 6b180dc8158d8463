import type { Text } from './text.ts';

/** Why something could not be done; stable, part of the public record. */
export type ErrorCode =
  | 'not-found'
  | 'permission-denied'
  | 'not-a-file'
  | 'empty'
  | 'too-large'
  | 'too-many-pixels'
  | 'unsupported-format'
  | 'corrupt'
  | 'timeout'
  | 'cancelled'
  | 'model-missing'
  | 'component-missing'
  | 'bad-argument'
  | 'training-diverged'
  | 'internal';

/**
 * The one error of this house. Bad input is normal input: whoever meets it throws this, with a stable code,
 * what happened in two languages, and a hint at what to do about it.
 */
export class HuoyanError extends Error {
  override readonly name = 'HuoyanError';

  constructor(
    readonly code: ErrorCode,
    readonly text: Text,
    readonly hint: Text,
    options?: { cause?: unknown },
  ) {
    super(text.en, options);
  }
}

/** Any thrown value as a HuoyanError; what was not foreseen becomes `internal`, with the original as cause. */
export function asHuoyanError(thrown: unknown): HuoyanError {
  if (thrown instanceof HuoyanError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new HuoyanError(
    'internal',
    { en: `unexpected: ${message}`, zh: `意外错误：${message}` },
    {
      en: 'this is a defect of Huoyan; please report it with the file if you may share it',
      zh: '这是火眼的缺陷；如可分享该文件，请一并报告',
    },
    { cause: thrown },
  );
}
