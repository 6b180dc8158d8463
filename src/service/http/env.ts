/** What a request carries through the handlers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context as Http } from 'hono';
import type { Language } from '../../core/text.ts';
import type { Caller } from '../keys/keys.ts';

export interface Env {
  Bindings: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
  Variables: { caller: Caller | null };
}

/** The language of an answer: what `?language=` says, else the first of Accept-Language that is spoken here. */
export function languageOf(http: Http): Language {
  const asked = http.req.query('language');
  if (asked === 'zh' || asked === 'en') return asked;
  const first = /\b(zh|en)\b/.exec(http.req.header('accept-language') ?? '');
  return first?.[1] === 'zh' ? 'zh' : 'en';
}
