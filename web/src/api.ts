/** The service as the page calls it: same origin, with the session's token on everything that changes something. */
import type { Text } from '../../src/core/text.ts';

export type Status = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type Role = 'viewer' | 'analyst' | 'admin';

export interface Analysis {
  readonly id: string;
  readonly status: Status;
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly created: string;
  readonly summary: {
    readonly label?: string;
    readonly probability?: number;
    readonly kind?: string;
    readonly error?: string;
  } | null;
  readonly result?: { readonly error?: { readonly message: string; readonly hint: string } } | null;
}

export interface Session {
  readonly role: Role | null;
  readonly csrf: string | null;
}

/** An answer that is a problem; its words are already in the language of the page. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

let csrf: string | null = null;

const language = () => (document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');

/** Texts for what happens before the service could say anything. */
const OFFLINE: Text = { en: 'the service does not answer', zh: '服务没有响应' };
const OFFLINE_HINT: Text = { en: 'check that it runs, then try again', zh: '请确认服务正在运行后重试' };

function headers(method: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    'accept-language': language(),
    ...(csrf && method !== 'GET' && { 'x-huoyan-csrf': csrf }),
    ...more,
  };
}

async function refusal(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({}));
  return new Refused(
    response.status,
    problem.code ?? 'unknown',
    problem.title ?? response.statusText,
    problem.hint ?? '',
  );
}

/** Asks and returns the response; throws {@link Refused} for anything but success. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const { method = 'GET' } = init;
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: headers(method, init.headers as Record<string, string>),
    });
  } catch {
    throw new Refused(0, 'offline', OFFLINE[language()], OFFLINE_HINT[language()]);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await ask(path, init)).json();
}

/** A piece of a report, as markup that the service made safe (src/report/html/escape.ts). */
export async function askFragment(path: string): Promise<string> {
  return (await ask(path, { headers: { accept: 'text/html' } })).text();
}

export const asJson = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Who we are to the service; keeps the token for later changes. */
export async function openSession(key?: string): Promise<Session> {
  const session = await askJson<Session>('/v1/session', key === undefined ? {} : asJson('POST', { key }));
  csrf = session.csrf;
  return session;
}

/** Sends a file with its progress, 0..1; XMLHttpRequest, because fetch does not tell how an upload goes. */
export function upload(
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Analysis> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/v1/analyses?name=${encodeURIComponent(file.name)}`);
    for (const [name, value] of Object.entries(headers('POST'))) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'text';
    request.upload.onprogress = (event) => progress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = async () => {
      const response = new Response(request.responseText, {
        status: request.status || 500,
        statusText: request.statusText,
      });
      if (response.ok) resolve(await response.json());
      else reject(await refusal(response));
    };
    request.onerror = () => reject(new Refused(0, 'offline', OFFLINE[language()], OFFLINE_HINT[language()]));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

/** Follows an analysis until it is over. */
export function follow(id: string, heard: (analysis: Analysis) => void, lost: () => void): () => void {
  const stream = new EventSource(`/v1/analyses/${id}/events?language=${language()}`);
  stream.addEventListener('status', (event) => {
    const analysis = JSON.parse((event as MessageEvent<string>).data) as Analysis;
    if (analysis.status !== 'queued' && analysis.status !== 'running') stream.close();
    heard(analysis);
  });
  stream.addEventListener('deleted', () => {
    stream.close();
    lost();
  });
  return () => stream.close();
}
