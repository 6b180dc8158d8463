/** `/v1/session` for the page, `/v1/keys` and the log for administrators. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Context } from '../../context.ts';
import { callerOf, createKey, type KeyRow, listKeys, revokeKey } from '../../keys/keys.ts';
import { COOKIE, closeSession, csrfToken, openSession } from '../../keys/sessions.ts';
import { append, entries, verify } from '../../log/chain.ts';
import { notFound } from '../../problem.ts';
import { SCHEMA } from '../../store/migrations.ts';
import { readSetting, WEBHOOK_SECRET } from '../../store/settings.ts';
import { newSecret } from '../../webhooks/sign.ts';
import { idParam, json, problems } from '../documented.ts';
import type { Env } from '../env.ts';
import { need, unauthorised } from '../guard.ts';
import { keySchema, newKeyBody } from '../schemas.ts';

const callerSchema = z
  .object({
    role: z.enum(['viewer', 'analyst', 'admin']).nullable(),
    csrf: z.string().nullable().openapi({ description: 'To be sent with every change, as x-huoyan-csrf.' }),
  })
  .openapi('Session');

const told = ({ created, used, revoked, ...key }: KeyRow) => ({
  ...key,
  created: new Date(created).toISOString(),
  used: used && new Date(used).toISOString(),
  revoked: revoked && new Date(revoked).toISOString(),
});

export function accessRoutes(app: OpenAPIHono<Env>, context: Context): void {
  const { store, options } = context;

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/session',
      summary: 'Who one is to the service',
      responses: { 200: json('Role, and token of the session.', callerSchema), ...problems },
    }),
    (http) => {
      const cookie = getCookie(http, COOKIE);
      const caller = http.get('caller');
      return http.json(
        { role: caller?.role ?? null, csrf: caller && cookie ? csrfToken(cookie) : null },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/session',
      summary: 'Exchange a key for a session',
      request: {
        body: {
          required: true,
          content: { 'application/json': { schema: z.object({ key: z.string().max(300) }) } },
        },
      },
      responses: { 200: json('Role, and token of the session.', callerSchema), ...problems },
    }),
    async (http) => {
      const caller = await callerOf(store, http.req.valid('json').key, options.apiKey);
      if (!caller) throw unauthorised();
      const token = await openSession(store, caller);
      const secure = http.req.header('origin')?.startsWith('https:') ?? false;
      setCookie(http, COOKIE, token, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
      await store.transaction((sql) =>
        append(sql, { actor: caller.id, action: 'session.open', subject: caller.id }),
      );
      return http.json({ role: caller.role, csrf: csrfToken(token) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/session',
      summary: 'End the session',
      responses: { 204: { description: 'Ended.' }, ...problems },
    }),
    async (http) => {
      const cookie = getCookie(http, COOKIE);
      if (cookie) await closeSession(store, cookie);
      deleteCookie(http, COOKIE, { path: '/' });
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/keys',
      summary: 'The keys there are',
      responses: {
        200: json('Keys, without what opens the door.', z.object({ items: z.array(keySchema) })),
        ...problems,
      },
    }),
    async (http) => {
      need(http, 'admin');
      return http.json({ items: (await listKeys(store)).map(told) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/keys',
      summary: 'Make a key',
      request: { body: { required: true, content: { 'application/json': { schema: newKeyBody } } } },
      responses: {
        201: json('The key, shown this once.', z.object({ id: z.string(), key: z.string() })),
        ...problems,
      },
    }),
    async (http) => {
      const caller = need(http, 'admin');
      const wanted = http.req.valid('json');
      const made = await store.transaction(async (sql) => {
        const key = await createKey(sql, wanted);
        const { name, role, scopes } = wanted;
        await append(sql, {
          actor: caller.id,
          action: 'key.create',
          subject: key.id,
          detail: { name, role, scopes },
        });
        return key;
      });
      return http.json(made, 201);
    },
  );

  app.openapi(
    createRoute({
      method: 'delete',
      path: '/v1/keys/{id}',
      summary: 'Revoke a key',
      request: { params: idParam },
      responses: { 204: { description: 'Revoked, and its sessions ended.' }, ...problems },
    }),
    async (http) => {
      const caller = need(http, 'admin');
      const { id } = http.req.valid('param');
      const revoked = await store.transaction(async (sql) => {
        const done = await revokeKey(sql, id);
        if (done) await append(sql, { actor: caller.id, action: 'key.revoke', subject: id });
        return done;
      });
      if (!revoked) throw notFound({ en: 'there is no such key', zh: '没有这个密钥' });
      return http.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhook-secret',
      summary: 'The secret webhooks are signed with (Standard Webhooks)',
      responses: { 200: json('The secret.', z.object({ secret: z.string() })), ...problems },
    }),
    async (http) => {
      need(http, 'admin');
      return http.json({ secret: await readSetting(store, WEBHOOK_SECRET, newSecret) }, 200);
    },
  );

  const lineSchema = z.object({
    seq: z.int(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    detail: z.string(),
    previous: z.string(),
    hash: z.string(),
  });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/log',
      summary: 'The newest lines of the log, and whether its chain holds',
      request: { query: z.object({ subject: z.string().optional() }) },
      responses: {
        200: json(
          'The log.',
          z.object({ whole: z.boolean(), entries: z.int(), items: z.array(lineSchema) }).openapi('Log'),
        ),
        ...problems,
      },
    }),
    async (http) => {
      need(http, 'admin');
      const { subject } = http.req.valid('query');
      const lines = await store.query<z.infer<typeof lineSchema>>(
        `select * from ${SCHEMA}.log where $1::text is null or subject = $1 order by seq desc limit 200`,
        [subject ?? null],
      );
      const items = lines.map((line) => ({ ...line, seq: Number(line.seq) }));
      const { whole, entries: count } = await verify(entries(store));
      return http.json({ whole, entries: count, items }, 200);
    },
  );
}
