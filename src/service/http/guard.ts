/**
 * The door. A browser on the same machine can be made to call us by any page it shows, so a request must come by a name
 * that is ours (DNS rebinding) and from a page that is ours (cross-site requests), on the loopback address as well.
 * Whoever is not on the loopback address needs a key.
 */
import { hostname } from 'node:os';
import type { Context as Http, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Context } from '../context.ts';
import { type Caller, callerOf, includes, type Role } from '../keys/keys.ts';
import { opens, type Scope } from '../keys/scopes.ts';
import { COOKIE, CSRF_HEADER, callerOfSession, csrfFits } from '../keys/sessions.ts';
import { isLoopback } from '../options.ts';
import { Problem } from '../problem.ts';
import type { Env } from './env.ts';

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/** `Host` must be an address, this machine's name or one of those allowed; on the loopback address, the loopback's. */
export function hostCheck({ options }: Pick<Context, 'options'>): MiddlewareHandler<Env> {
  const allowed = new Set(options.allowedHosts.map((name) => name.toLowerCase()));
  const local = isLoopback(options.host);
  if (!local) allowed.add(hostname().toLowerCase()).add(options.host.toLowerCase());
  return async (http, next) => {
    const name = hostOf(http.req.header('host'));
    const address = name !== null && (/^\d+\.\d+\.\d+\.\d+$/.test(name) || name.startsWith('['));
    const fits =
      name !== null && (allowed.has(name) || isLoopback(name) || name === '[::1]' || (!local && address));
    if (!fits) {
      throw new Problem(
        421,
        'wrong-host',
        { en: 'the service is not known by this name', zh: '服务不接受以此名称访问' },
        {
          en: 'use its address, or start it with --allow-host NAME',
          zh: '请用其地址访问，或以 --allow-host 名称 启动服务',
        },
      );
    }
    await next();
  };
}

/** The name in a Host header, without the port. */
function hostOf(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match ? match[1].toLowerCase() : null;
}

/** A page of another site may neither change anything nor read. */
export function originCheck(): MiddlewareHandler<Env> {
  return async (http, next) => {
    const origin = http.req.header('origin');
    const site = http.req.header('sec-fetch-site');
    const host = http.req.header('host');
    const foreign = origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`;
    const crossing = site !== undefined && site === 'cross-site' && !SAFE.includes(http.req.method);
    if (foreign || crossing) {
      throw new Problem(
        403,
        'foreign-origin',
        { en: 'requests from pages of other sites are refused', zh: '拒绝来自其他网站页面的请求' },
        { en: 'call the service from a server, with a key', zh: '请从服务器端携带密钥调用' },
      );
    }
    await next();
  };
}

/** Finds out who asks. Routes then say with {@link need} what that must be. */
export function authentication({
  options,
  store,
}: Pick<Context, 'options' | 'store'>): MiddlewareHandler<Env> {
  const open = isLoopback(options.host) && !options.requireKey;
  return async (http, next) => {
    const given = keyOf(http);
    const cookie = getCookie(http, COOKIE);
    let caller: Caller | null = null;
    if (given !== null) {
      caller = await callerOf(store, given, options.apiKey);
      if (!caller) throw unauthorised();
    } else if (cookie) {
      caller = await callerOfSession(store, cookie);
      if (caller && !SAFE.includes(http.req.method) && !csrfFits(cookie, http.req.header(CSRF_HEADER))) {
        throw new Problem(
          403,
          'csrf',
          { en: 'the session token is missing', zh: '缺少会话令牌' },
          { en: 'reload the page', zh: '请重新加载页面' },
        );
      }
    }
    caller ??= open ? { id: 'local', role: 'admin', daily: null, scopes: null } : null;
    if (caller && !opens(caller.scopes, http.req.path)) throw notFor(caller.scopes ?? []);
    http.set('caller', caller);
    await next();
  };
}

function keyOf(http: Http<Env>): string | null {
  const bearer = /^Bearer\s+(\S+)$/i.exec(http.req.header('authorization') ?? '');
  return bearer?.[1] ?? http.req.header('x-api-key') ?? null;
}

/** The caller, who must at least have `role`. */
export function need(http: Http<Env>, role: Role): Caller {
  const caller = http.get('caller');
  if (!caller) throw unauthorised();
  if (includes(caller.role, role)) return caller;
  throw new Problem(
    403,
    'forbidden',
    { en: `this needs the role ${role}`, zh: `此操作需要 ${role} 角色` },
    { en: 'ask an administrator for another key', zh: '请向管理员申请相应的密钥' },
  );
}

function notFor(scopes: readonly Scope[]): Problem {
  return new Problem(
    403,
    'forbidden',
    { en: `this key is only for: ${scopes.join(', ')}`, zh: `该密钥仅可用于：${scopes.join('、')}` },
    { en: 'ask an administrator for another key', zh: '请向管理员申请相应的密钥' },
  );
}

export function unauthorised(): Problem {
  return new Problem(
    401,
    'unauthorised',
    { en: 'a valid key is needed', zh: '需要有效的密钥' },
    {
      en: 'send it as "Authorization: Bearer KEY"; "huoyan keys create" makes one',
      zh: '请以“Authorization: Bearer 密钥”发送；可用 huoyan keys create 创建',
    },
    { headers: { 'www-authenticate': 'Bearer' } },
  );
}
