/**
 * What a request that cannot be served is answered with: RFC 9457 `application/problem+json`, with a stable code for
 * programs and a hint for people, in the language the request asks for.
 */
import { asHuoyanError, type ErrorCode, HuoyanError } from '../core/errors.ts';
import type { Language, Text } from '../core/text.ts';

export interface ProblemMore {
  /** Response headers, for instance `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document: the numbers behind the refusal. */
  readonly members?: Readonly<Record<string, string | number | boolean>>;
  readonly cause?: unknown;
}

export class Problem extends Error {
  override readonly name = 'Problem';

  /** `code` is one of HuoyanError's, or one that only a service has, such as `unauthorised`. */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Text,
    readonly hint: Text,
    readonly more: ProblemMore = {},
  ) {
    super(text.en, { cause: more.cause });
  }
}

/** The status a reason deserves where a file or an argument of the request is at fault; everything else is ours, 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'bad-argument': 400,
  empty: 422,
  'not-a-file': 422,
  corrupt: 422,
  'unsupported-format': 415,
  'too-large': 413,
  'too-many-pixels': 413,
  timeout: 504,
  cancelled: 499,
  'model-missing': 503,
  'component-missing': 503,
};

/** Content that was kept a moment ago is gone again, because somebody deleted the same file meanwhile. */
export function deletedMeanwhile(): Problem {
  return new Problem(
    503,
    'try-again',
    { en: 'the same file was being deleted at this very moment', zh: '相同的文件此刻正被删除' },
    { en: 'send it again', zh: '请重新发送' },
    { headers: { 'retry-after': '1' } },
  );
}

/** Whatever was thrown, as a problem. What was not foreseen says nothing of our insides. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HuoyanError && thrown.code !== 'internal') {
    return new Problem(STATUS[thrown.code] ?? 500, thrown.code, thrown.text, thrown.hint, { cause: thrown });
  }
  return new Problem(
    500,
    'internal',
    { en: 'something went wrong inside the service', zh: '服务内部出错' },
    {
      en: 'try again; if it happens again, the log of the service tells more',
      zh: '请重试；若再次出现，请查看服务日志',
    },
    { cause: asHuoyanError(thrown).cause ?? thrown },
  );
}

/** The answer. */
export function problemResponse(problem: Problem, language: Language): Response {
  const { status, code, text, hint, more } = problem;
  const body = {
    type: `urn:huoyan:problem:${code}`,
    title: text[language],
    status,
    code,
    hint: hint[language],
    ...more.members,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'content-language': language,
      ...more.headers,
    },
  });
}

export const notFound = (what: Text): Problem =>
  new Problem(404, 'not-found', what, {
    en: 'it may have been deleted, or its time of retention is over',
    zh: '可能已被删除，或已超过保留时间',
  });

export const badRequest = (text: Text, hint: Text, cause?: unknown): Problem =>
  new Problem(400, 'bad-argument', text, hint, { cause });
