/**
 * A client of the service, for Node 20 and browsers, with nothing but `fetch`:
 *
 * ```ts
 * import { HuoyanClient } from 'huoyan/client';
 * const huoyan = new HuoyanClient({ url: 'http://127.0.0.1:8080' });
 * const { status, result } = await huoyan.analyse(await readFile('photo.jpg'), { name: 'photo.jpg' });
 * ```
 *
 * `request` calls any operation of the service, typed by its description (`generated.ts`).
 */
import type { AnalysisWithResult, Audit, Batch, Benchmark, Operations } from './generated.ts';

export type * from './generated.ts';

export interface ClientOptions {
  /** Where the service listens, for instance `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly key?: string;
  /** Language of sentences in answers; the service's default is English. */
  readonly language?: 'en' | 'zh';
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
}

type Parts<Name extends keyof Operations> = Operations[Name];
type Given<Name extends keyof Operations> = {
  readonly [Part in 'path' | 'query' | 'body' as Parts<Name>[Part] extends undefined
    ? never
    : Part]?: Parts<Name>[Part];
} & { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal };

/** An answer of the service that is a problem (RFC 9457). */
export class HuoyanProblem extends Error {
  override readonly name = 'HuoyanProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
    /** Seconds after which to try again, where the service says so. */
    readonly retryAfter: number | null,
  ) {
    super(message);
  }
}

/** Longest time the service lets one request wait, in seconds. */
const MOST_WAIT_S = 60;

export class HuoyanClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Calls one operation. Rejects with {@link HuoyanProblem}. */
  async request<Name extends keyof Operations>(
    operation: Name,
    given: Given<Name> = {} as Given<Name>,
  ): Promise<Parts<Name>['answer']> {
    const { url, key, language, fetch: fetchWith = fetch } = this.#options;
    const {
      path = {},
      query = {},
      body,
      headers,
      signal,
    } = given as {
      path?: Record<string, unknown>;
      query?: Record<string, unknown>;
      body?: unknown;
      headers?: Record<string, string>;
      signal?: AbortSignal;
    };
    const [method, template] = operation.split(' ') as [string, string];
    const filled = template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(path[name])));
    const target = new URL(filled, url);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) target.searchParams.set(name, String(value));
    const raw = body instanceof Uint8Array || body instanceof Blob;
    const type = raw ? 'application/octet-stream' : body instanceof FormData ? null : 'application/json';
    const response = await fetchWith(target, {
      method,
      signal,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(language && { 'accept-language': language }),
        ...(body !== undefined && type && { 'content-type': type }),
        ...headers,
      },
      ...(body !== undefined && {
        body: raw || body instanceof FormData ? (body as BodyInit) : JSON.stringify(body),
      }),
    });
    if (!response.ok) throw await problemOf(response);
    if (response.status === 204) return undefined as Parts<Name>['answer'];
    const isJson = /^application\/json\b/.test(response.headers.get('content-type') ?? '');
    return (isJson ? await response.json() : response) as Parts<Name>['answer'];
  }

  /** Sends a file and waits until its analysis is over, however long that takes. Rejects with {@link HuoyanProblem}. */
  async analyse(
    file: Blob | Uint8Array,
    options: { readonly name?: string; readonly stability?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<AnalysisWithResult> {
    const { signal, ...settings } = options;
    const query = { ...settings, wait: MOST_WAIT_S };
    const sent = await this.request('POST /v1/analyses', { body: file, query, signal });
    return this.#untilOver('GET /v1/analyses/{id}', sent, signal);
  }

  /** Sends files as one batch (a form) and waits until all of them are over. */
  async batch(
    files: FormData,
    options: { readonly stability?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<Batch> {
    const { signal, ...settings } = options;
    const query = { ...settings, wait: MOST_WAIT_S };
    const sent = await this.request('POST /v1/batches', { body: files, query, signal });
    return this.#untilOver('GET /v1/batches/{id}', sent, signal);
  }

  /** Sends recorded answers of a recogniser (a form with tables, or one table) and waits until they are measured. */
  async audit(
    answers: FormData | Blob | Uint8Array,
    options: { readonly service?: string; readonly signal?: AbortSignal } = {},
  ): Promise<Audit> {
    const { signal, ...settings } = options;
    const query = { ...settings, wait: MOST_WAIT_S };
    const sent = await this.request('POST /v1/audits', { body: answers, query, signal });
    return this.#untilOver('GET /v1/audits/{id}', sent, signal);
  }

  /** Sends score files of detectors, with their descriptions beside them, and waits until they are measured. */
  async benchmark(
    scores: FormData | Blob | Uint8Array,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Benchmark> {
    const { signal } = options;
    const query = { wait: MOST_WAIT_S };
    const sent = await this.request('POST /v1/benchmarks', { body: scores, query, signal });
    return this.#untilOver('GET /v1/benchmarks/{id}', sent, signal);
  }

  async #untilOver<Job extends { readonly id: string; readonly status: string }>(
    operation: JobOperation,
    sent: Job,
    signal: AbortSignal | undefined,
  ): Promise<Job> {
    let job = sent;
    while (job.status === 'queued' || job.status === 'running') {
      const asked = { path: { id: job.id }, query: { wait: MOST_WAIT_S }, signal };
      job = (await this.request(operation, asked)) as unknown as Job;
    }
    return job;
  }
}

/** How each kind of job goes. */
type JobOperation =
  | 'GET /v1/analyses/{id}'
  | 'GET /v1/batches/{id}'
  | 'GET /v1/audits/{id}'
  | 'GET /v1/benchmarks/{id}';

async function problemOf(response: Response): Promise<HuoyanProblem> {
  const said = await response.json().catch(() => ({}));
  const { code = 'unknown', title = response.statusText, hint = '' } = said;
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new HuoyanProblem(response.status, code, title, hint, Number.isFinite(after) ? after : null);
}
