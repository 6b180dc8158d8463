/**
 * What all services have in common: a request, a time limit, an answer that is JSON, and a few ways of failing. What a
 * status means is said here; what a service's own error codes mean is said by its adapter. Keys stand in headers or
 * bodies and never in a message.
 */
import type { z } from 'zod';
import type { Text } from '../../../core/text.ts';
import { type FailureKind, ServiceFailure } from '../../recogniser.ts';

export interface Asked {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData | URLSearchParams;
}

/** What an adapter makes of an answer that is an error; null leaves it to the status. */
export type Verdict = (status: number, body: unknown) => FailureKind | null;

/** Larger answers are not from a face recogniser. */
const MOST_BYTES = 16 * 2 ** 20;

/** The answer to a request, as `schema` has it. Throws ServiceFailure. */
export async function ask<T>(
  service: string,
  request: Asked,
  schema: z.ZodType<T>,
  signal: AbortSignal,
  verdict: Verdict = () => null,
): Promise<T> {
  const { url, method = 'POST', headers, body } = request;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body instanceof Uint8Array ? new Blob([Uint8Array.from(body)]) : body,
      signal,
      redirect: 'error',
    });
    text = await bounded(response);
  } catch (cause) {
    if (cause instanceof ServiceFailure) throw cause;
    throw failed(service, 'unavailable', signal.aborted ? LATE : UNREACHABLE, null, cause);
  }
  const json = parsed(text);
  if (!response.ok) {
    const kind = verdict(response.status, json) ?? kindOf(response.status);
    throw failed(service, kind, said(response.status, json), retryAfter(response.headers.get('retry-after')));
  }
  if (json === undefined)
    throw failed(service, 'malformed', { en: 'the answer is not JSON', zh: '应答不是 JSON' });
  const checked = schema.safeParse(json);
  if (checked.success) return checked.data;
  const where = checked.error.issues[0];
  throw failed(
    service,
    'malformed',
    {
      en: `not the answer that is documented (${where?.path.join('.') || 'answer'}: ${where?.message ?? ''})`,
      zh: `应答与其文档不符（${where?.path.join('.') || '应答'}）`,
    },
    null,
    checked.error,
  );
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of response.body ?? []) {
    total += part.length;
    if (total > MOST_BYTES) throw new RangeError('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Undefined for what is no JSON; an empty answer is an empty object, as services answer to acts. */
function parsed(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindOf(status: number): FailureKind {
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status >= 500 || status === 408) return 'unavailable';
  return 'refused';
}

const LATE: Text = { en: 'no answer in time', zh: '超时无应答' };
const UNREACHABLE: Text = { en: 'cannot be reached', zh: '无法连接' };
/** Of what a service says about an error. */
const LONGEST_MESSAGE = 200;

/** The service's own words, wherever it puts them. */
function said(status: number, body: unknown): Text {
  const words = findMessage(body, 0)?.slice(0, LONGEST_MESSAGE);
  const text = words ? `HTTP ${status}: ${words}` : `HTTP ${status}`;
  return { en: text, zh: text };
}

function findMessage(body: unknown, depth: number): string | null {
  if (typeof body !== 'object' || body === null || depth > 2) return null;
  for (const [key, value] of Object.entries(body))
    if (/message$/i.test(key) && typeof value === 'string') return value;
  for (const value of Object.values(body)) {
    const found = findMessage(value, depth + 1);
    if (found) return found;
  }
  return null;
}

const HINTS: Readonly<Record<FailureKind, Text>> = {
  throttled: {
    en: 'the service wants fewer calls a second; run the audit again later, it goes on where it stopped',
    zh: '该服务要求降低调用频率；请稍后重新运行，审计会从中断处继续',
  },
  unavailable: {
    en: 'check the address and the network, and run the audit again: it goes on where it stopped',
    zh: '请检查地址与网络后重新运行，审计会从中断处继续',
  },
  refused: { en: 'the service does not take this picture', zh: '该服务不接受此图片' },
  denied: {
    en: 'check the key, its region and its rights; keys come from the environment or --config',
    zh: '请检查密钥及其区域与权限；密钥取自环境变量或 --config',
  },
  malformed: {
    en: 'is the address that of the service, and its version the one this adapter knows?',
    zh: '请确认地址确为该服务，且版本与适配器一致',
  },
};

export function failed(
  service: string,
  kind: FailureKind,
  { en, zh }: Text,
  retryAfterMs: number | null = null,
  cause?: unknown,
): ServiceFailure {
  return new ServiceFailure(
    kind,
    { en: `${service}: ${en}`, zh: `${service}：${zh}` },
    HINTS[kind],
    retryAfterMs,
    { cause },
  );
}

/** Seconds, or a date. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** A form with one picture in it. */
export function pictureForm(
  field: string,
  bytes: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(more)) form.append(name, value);
  form.append(field, new Blob([Uint8Array.from(bytes)]), 'picture');
  return form;
}
