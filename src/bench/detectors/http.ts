/**
 * Any service behind HTTP, described by a small file: what to send, where its answer says how far it is, and where the
 * score stands. Throttling is waited out, a refused key ends the run, and a file is sent to no other place than the
 * description names (a signed address from its own answer counts as that).
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import { type BenchDetector, Hopeless, type Opinion, type Sample } from './detector.ts';
import { badDescription, malformed, tookTooLong } from './failures.ts';

export interface HttpStep {
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Below `base`, or a whole address; `{secret}`, `{name}` and whatever was kept are filled in. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Body as JSON; strings are filled in, `{base64}` is the file. */
  readonly json?: unknown;
  /** Body as a form with the file under this name, and other fields. */
  readonly form?: { readonly file: string; readonly fields?: Readonly<Record<string, string>> };
  /** Body is the file itself. */
  readonly raw?: boolean;
  /** Parts of the answer kept for later steps, by dotted path. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Asked again until the value at this path is none of these. */
  readonly until?: { readonly at: string; readonly not: readonly string[]; readonly everyMs: number };
}

export interface HttpDescription {
  readonly kind: 'http';
  readonly name: string;
  readonly version?: string;
  readonly base: string;
  /** Name of the environment variable that holds the key. */
  readonly secret?: string;
  readonly steps: readonly HttpStep[];
  readonly answer: {
    /** Dotted path of the score in the last answer; `[class=fake]` picks from a list by a field. */
    readonly score: string;
    /** The score is divided by this; default 1. */
    readonly divide?: number;
    /** Path of a word; when it is one of `realWords` the score is that of being real. */
    readonly word?: string;
    readonly realWords?: readonly string[];
    readonly inconclusiveWords?: readonly string[];
    readonly notApplicableWords?: readonly string[];
  };
  readonly polarity?: 'higher-is-fake' | 'higher-is-real';
  readonly scale?: 'probability' | 'logit' | 'unbounded';
  readonly threshold?: number;
  /** For one file altogether; default 120,000. */
  readonly timeoutMs?: number;
  /** Times a throttled or failing request is sent again; default 5. */
  readonly retries?: number;
  readonly concurrency?: number;
}

/** Longest wait that a service may ask for. */
const LONGEST_WAIT_MS = 60_000;
const MOST_ANSWER = 4 << 20;

export interface HttpOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** First wait after a refusal, doubled each time; default 1000. */
  readonly backOffMs?: number;
}

/** Throws HuoyanError `bad-argument` for a description that is none or a key that is not set. */
export function httpDetector(
  description: HttpDescription,
  path: string,
  options: HttpOptions = {},
): BenchDetector {
  const { name, base, steps, answer, polarity = 'higher-is-fake', scale = 'probability' } = description;
  const env = options.env ?? process.env;
  if (!URL.canParse(base) || !Array.isArray(steps) || steps.length === 0 || typeof answer?.score !== 'string')
    throw badDescription(path, {
      en: 'base, steps or answer.score is missing',
      zh: '缺少 base、steps 或 answer.score',
    });
  const secret = description.secret === undefined ? '' : env[description.secret];
  if (secret === undefined || (description.secret && secret === '')) {
    throw new HuoyanError(
      'bad-argument',
      {
        en: `${name} needs a key in ${description.secret}`,
        zh: `${name} 需要在 ${description.secret} 中设置密钥`,
      },
      {
        en: `set the environment variable ${description.secret}`,
        zh: `请设置环境变量 ${description.secret}`,
      },
    );
  }
  const timeoutMs = description.timeoutMs ?? 120_000;
  const client: Client = {
    ...{ name, base, retries: description.retries ?? 5, backOffMs: options.backOffMs ?? 1000 },
  };
  return {
    ...{ name, version: description.version, scale, threshold: description.threshold },
    settings: { base, steps, answer, polarity },
    sendsTo: new URL(base).host,
    concurrency: description.concurrency ?? 2,
    async judge(sample, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const known: Record<string, string> = { secret, name: basename(sample.item.key) };
        let last: unknown;
        for (const step of steps) last = await take(client, step, sample, known, limit);
        return opinionOf(last, description, polarity, scale);
      } catch (thrown) {
        if (thrown instanceof HuoyanError || thrown instanceof Hopeless) throw thrown;
        if (limit.aborted) throw tookTooLong(name, timeoutMs);
        throw unreachable(name, base, thrown);
      }
    },
    async close() {},
  };
}

interface Client {
  readonly name: string;
  readonly base: string;
  readonly retries: number;
  readonly backOffMs: number;
}

async function take(
  client: Client,
  step: HttpStep,
  sample: Sample,
  known: Record<string, string>,
  signal: AbortSignal,
): Promise<unknown> {
  for (;;) {
    const text = await ask(client, step, sample, known, signal);
    const wanted = step.keep || step.until;
    let answer: unknown;
    try {
      answer = text === '' ? null : JSON.parse(text);
    } catch (cause) {
      // The answer to an upload may be a page of XML; nobody reads it.
      if (wanted || step.method === 'GET' || !step.raw)
        throw malformed(client.name, text.slice(0, 80), cause);
    }
    for (const [name, path] of Object.entries(step.keep ?? {})) {
      const value = at(answer, path);
      if (typeof value !== 'string' && typeof value !== 'number') throw malformed(client.name, `no ${path}`);
      known[name] = String(value);
    }
    if (!step.until) return answer;
    const state = at(answer, step.until.at);
    if (typeof state !== 'string') throw malformed(client.name, `no ${step.until.at}`);
    if (!step.until.not.includes(state)) return answer;
    await wait(step.until.everyMs, signal);
  }
}

/** One request, sent again while the service asks for patience. */
async function ask(
  client: Client,
  step: HttpStep,
  sample: Sample,
  known: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => known[name] ?? whole);
  const url = new URL(fill(step.url), client.base);
  const headers = Object.fromEntries(Object.entries(step.headers ?? {}).map(([k, v]) => [k, fill(v)]));
  for (let attempt = 0; ; attempt++) {
    const { body, type } = bodyOf(step, sample, fill);
    const response = await fetch(url, {
      method: step.method ?? 'POST',
      headers: { ...(type ? { 'content-type': type } : {}), ...headers },
      body,
      signal,
      redirect: 'error',
    });
    const text = (await response.text()).slice(0, MOST_ANSWER);
    if (response.ok) return text;
    const { status } = response;
    if (status === 401 || status === 403) throw new Hopeless(refused(client.name, status));
    const again = status === 429 || status >= 500;
    if (!again || attempt >= client.retries) throw answered(client.name, status, text);
    const asked = retryAfter(response.headers.get('retry-after'));
    await wait(Math.min(LONGEST_WAIT_MS, asked ?? client.backOffMs * 2 ** attempt), signal);
  }
}

function bodyOf(step: HttpStep, { bytes, item }: Sample, fill: (text: string) => string) {
  const file = new Blob([new Uint8Array(bytes)]);
  if (step.raw) return { body: file, type: 'application/octet-stream' };
  if (step.form) {
    const form = new FormData();
    for (const [name, value] of Object.entries(step.form.fields ?? {})) form.set(name, fill(value));
    form.set(step.form.file, file, basename(item.key));
    return { body: form, type: null };
  }
  if (step.json === undefined) return { body: undefined, type: null };
  const base64 = () => Buffer.from(bytes).toString('base64');
  const filled = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.includes('{base64}')
        ? value.replace('{base64}', base64())
        : fill(value)
      : Array.isArray(value)
        ? value.map(filled)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, filled(v)]))
          : value;
  return { body: JSON.stringify(filled(step.json)), type: 'application/json' };
}

/** Milliseconds of a Retry-After header, seconds or a date; null when it says nothing. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** What stands at `a.0.b[class=fake].c`; undefined where the way ends. */
export function at(value: unknown, path: string): unknown {
  let here = value;
  for (const part of path.split('.')) {
    const [, name, field, wanted] = /^([^[]*)(?:\[(\w+)=([^\]]*)\])?$/.exec(part) ?? [];
    if (name) {
      if (here === null || typeof here !== 'object' || !Object.hasOwn(here, name)) return undefined;
      here = (here as Record<string, unknown>)[name];
    }
    if (field) {
      if (!Array.isArray(here)) return undefined;
      here = here.find((one) => String((one as Record<string, unknown> | null)?.[field]) === wanted);
    }
  }
  return here;
}

function opinionOf(
  last: unknown,
  { name, answer }: HttpDescription,
  polarity: string,
  scale: string,
): Opinion {
  const word = answer.word === undefined ? undefined : at(last, answer.word);
  const said = typeof word === 'string' ? word : '';
  if (answer.notApplicableWords?.includes(said)) return { status: 'notApplicable', reason: said };
  const given = at(last, answer.score);
  const number = given === null || given === undefined ? Number.NaN : Number(given);
  const inconclusive = answer.inconclusiveWords?.includes(said) ?? false;
  if (!Number.isFinite(number)) {
    if (inconclusive) return { status: 'inconclusive', score: null };
    throw malformed(name, `no number at ${answer.score}`);
  }
  const divided = number / (answer.divide ?? 1);
  const ofReal = polarity === 'higher-is-real' || (answer.realWords?.includes(said) ?? false);
  const score = ofReal ? (scale === 'probability' ? 1 - divided : -divided) : divided;
  return { status: inconclusive ? 'inconclusive' : 'ok', score };
}

function refused(name: string, status: number): HuoyanError {
  return new HuoyanError(
    'permission-denied',
    { en: `${name} refused the key (${status})`, zh: `${name} 拒绝了密钥（${status}）` },
    { en: 'check the key and what it is allowed to do', zh: '请检查密钥及其权限' },
  );
}

function answered(name: string, status: number, text: string): HuoyanError {
  return new HuoyanError(
    status === 429 ? 'timeout' : 'corrupt',
    {
      en: `${name} answered ${status}: ${text.slice(0, 120)}`,
      zh: `${name} 返回 ${status}：${text.slice(0, 120)}`,
    },
    { en: 'run again later: what was answered is kept', zh: '请稍后重试：已得的回答会保留' },
  );
}

function unreachable(name: string, base: string, cause: unknown): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: `${name} cannot be reached at ${base}`, zh: `无法连接 ${name}（${base}）` },
    { en: 'check the network and the address', zh: '请检查网络与地址' },
    { cause },
  );
}

/** A description from a file. Throws HuoyanError `bad-argument`. */
export async function readDescription(
  path: string,
): Promise<{ readonly kind: string; readonly name: string }> {
  try {
    const description = JSON.parse(await readFile(path, 'utf8'));
    if (typeof description.kind !== 'string' || typeof description.name !== 'string')
      throw new TypeError('kind or name is missing');
    return description;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badDescription(path, { en: reason, zh: reason }, cause);
  }
}
