/**
 * Fetches a file that a request names by its URL, without lending the caller our place in the network (SSRF). The name is looked up once, here; every address it has
 * must be public, and the connection goes to one of just these, so that a second answer of the name server changes nothing.
 * Redirects are followed by hand, a few of them, each checked the same way.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { HuoyanError } from '../../core/errors.ts';
import { isPublicAddress } from './address.ts';

export interface FetchOptions {
  /** Whether addresses of the network we stand in are allowed. */
  readonly allowPrivate: boolean;
  /** Milliseconds until the answer must have begun, and again between two pieces of it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How often to follow a redirect. */
  readonly redirects: number;
}

export interface Fetched {
  readonly status: number;
  readonly body: Readable;
  /** The last part of the path of the URL that answered. */
  readonly name: string;
  /** Without user, password and fragment. */
  readonly url: string;
}

/** Ports that are not the web's have no business in a link. */
const PORTS = ['', '80', '443', '8080', '8443'];

/** The answer to `GET url`. Rejects with HuoyanError `bad-argument` for a URL we do not follow, `not-found` for no answer. */
export async function fetchUrl(url: string, options: FetchOptions): Promise<Fetched> {
  let target = checkedUrl(url, options.allowPrivate);
  for (let hop = 0; ; hop++) {
    const response = await ask(target, options);
    const { statusCode = 0, headers } = response;
    const redirect = [301, 302, 303, 307, 308].includes(statusCode) && headers.location;
    if (!redirect) {
      return { status: statusCode, body: response, name: nameOf(target), url: shown(target) };
    }
    response.destroy();
    if (hop >= options.redirects) {
      throw refused({ en: 'the URL redirects too often', zh: '该网址重定向次数过多' });
    }
    target = checkedUrl(new URL(headers.location as string, target).href, options.allowPrivate);
  }
}

function checkedUrl(text: string, allowPrivate: boolean): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw refused({ en: 'this is not a URL', zh: '这不是有效的网址' }, cause);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused({ en: 'only http and https URLs are fetched', zh: '只支持 http 与 https 网址' });
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && !PORTS.includes(url.port)) throw refusedPlace();
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw refusedPlace();
  return url;
}

function ask(url: URL, options: FetchOptions): Promise<IncomingMessage> {
  const { timeoutMs, allowPrivate, signal, method = 'GET', headers, body } = options;
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        agent: false,
        lookup: allowPrivate ? undefined : publicLookup,
        timeout: timeoutMs,
        signal,
        headers: { 'user-agent': 'huoyan', accept: '*/*', 'accept-encoding': 'identity', ...headers },
      },
      (response) => {
        response.setTimeout(timeoutMs, () => response.destroy(late()));
        resolve(response);
      },
    );
    asked.on('timeout', () => asked.destroy(late()));
    asked.on('error', (cause) => reject(cause instanceof HuoyanError ? cause : unreachable(cause)));
    asked.end(body);
  });
}

/** Looks a name up and gives only what may be connected to; one address that may not refuses the name as a whole. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = found as unknown as LookupAddress[];
    if (error) return callback(error, '', 0);
    if (addresses.length === 0 || addresses.some(({ address }) => !isPublicAddress(address))) {
      return callback(refusedPlace() as unknown as NodeJS.ErrnoException, '', 0);
    }
    if ((options as { all?: boolean }).all) {
      return (callback as unknown as (error: null, all: LookupAddress[]) => void)(null, addresses);
    }
    callback(null, addresses[0].address, addresses[0].family);
  });
};

function nameOf(url: URL): string {
  const last = url.pathname.split('/').filter(Boolean).at(-1) ?? url.hostname;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function shown(url: URL): string {
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  clean.hash = '';
  return clean.href;
}

function refused(text: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    text,
    { en: 'download the file yourself and upload it', zh: '请自行下载文件后上传' },
    { cause },
  );
}

function refusedPlace(): HuoyanError {
  return refused({
    en: 'the URL leads into a private or reserved network, which the service does not enter',
    zh: '该网址指向私有或保留网络，服务不予访问',
  });
}

function unreachable(cause: unknown): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: 'the URL does not answer', zh: '该网址没有响应' },
    { en: 'check the address, or upload the file itself', zh: '请检查网址，或直接上传文件' },
    { cause },
  );
}

function late(): HuoyanError {
  return new HuoyanError(
    'timeout',
    { en: 'the URL did not answer in time', zh: '该网址未及时响应' },
    { en: 'try again, or upload the file itself', zh: '请重试，或直接上传文件' },
  );
}
