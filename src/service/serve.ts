/**
 * A service put together: database, queue, blobs, workers, webhooks, HTTP. `huoyan serve` starts one, `huoyan worker`
 * starts one without HTTP.
 */
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { HuoyanError } from '../core/errors.ts';
import { openBlobs } from './blobs/open.ts';
import type { Context } from './context.ts';
import { Events } from './events.ts';
import { createApp } from './http/app.ts';
import { readPage } from './http/page.ts';
import { everyKind, jobKinds } from './jobs/manifest.ts';
import { eraseExpired } from './jobs/retention.ts';
import { anyKey } from './keys/keys.ts';
import { openMetrics } from './metrics.ts';
import { isLoopback, type ServiceOptions } from './options.ts';
import { Queue } from './queue/queue.ts';
import { openStore } from './store/store.ts';
import { lazyIndex } from './trace/index.ts';
import { Teller } from './webhooks/teller.ts';
import { Crew } from './work/crew.ts';
import { Dispatcher } from './work/dispatcher.ts';

export interface Service {
  /** Where it listens; null for a worker. */
  readonly url: string | null;
  /** Whether the web page is built and served. */
  readonly page: boolean;
  readonly context: Context;
  /** Takes nothing new, finishes what is under way within `graceMs`, lets go of everything. */
  stop(graceMs?: number): Promise<void>;
}

const SWEEP_MS = 60_000;
const GRACE_MS = 30_000;
/** A slow line may take this long to send a file. */
const REQUEST_TIMEOUT_MS = 30 * 60_000;
/** Longer than proxies and clients keep a connection, so that none is closed under a request that is on its way. */
const KEEP_ALIVE_MS = 75_000;

/** Starts a service; `http: false` leaves out the server. Rejects with HuoyanError. */
export async function startService(
  options: ServiceOptions,
  log: Logger,
  { http = true }: { readonly http?: boolean } = {},
): Promise<Service> {
  await mkdir(options.data, { recursive: true, mode: 0o700 });
  const store = await openStore(options);
  const undo: (() => Promise<void> | void)[] = [() => store.close()];
  try {
    if (http) await requireKeys(options, () => anyKey(store));
    const queue = await Queue.open(store, store.shared, (error) =>
      log.error({ err: error.message }, 'queue'),
    );
    undo.push(() => queue.close());
    if (!store.shared) await queue.reclaimAll(store);
    const blobs = await openBlobs(options);
    const home = join(options.data, 'home');
    const broken = (error: HuoyanError) => log.fatal({ err: error.message }, 'workers do not start');
    const crewOf = (workers: number, memoryMb = options.childMemoryMb) =>
      new Crew({ workers, memoryMb, home, broken });
    const desk = crewOf(1);
    undo.push(() => desk.close());
    // A cloak against everything holds some forty networks open beside a photograph of many pixels.
    const studio = crewOf(1, 2 * options.childMemoryMb);
    undo.push(() => studio.close());
    const events = new Events(store);
    undo.push(() => events.close());
    const crew = crewOf(Math.max(1, options.workers));
    undo.push(() => crew.close());
    const refresh = () => {
      desk.refresh();
      crew.refresh();
    };
    const metrics = openMetrics();
    const context: Context = { options, store, queue, blobs, desk, studio, events, metrics, log, refresh };
    const index = lazyIndex(store);
    undo.push(() => index.close());
    const kinds = jobKinds(context, index.forget);
    if (http) desk.warm();

    let dispatcher: Dispatcher | null = null;
    if (options.workers > 0) {
      dispatcher = new Dispatcher(context, crew);
      dispatcher.start();
    }
    const teller = new Teller(context, everyKind(kinds));
    teller.start();
    const sweep = setInterval(() => {
      eraseExpired(context, everyKind(kinds)).catch((error) =>
        log.error({ err: String(error) }, 'retention'),
      );
    }, SWEEP_MS);

    let ready = true;
    let server: Server | null = null;
    const page = http ? await readPage() : null;
    if (http) {
      const wake = () => dispatcher?.wake();
      const app = createApp({ context, kinds, index, page, wake, ready: () => ready });
      server = await listen(
        options,
        getRequestListener(app.fetch as Parameters<typeof getRequestListener>[0]),
      );
    }

    return {
      url: server && urlOf(server, options.host),
      page: page !== null,
      context,
      async stop(graceMs = GRACE_MS) {
        ready = false;
        clearInterval(sweep);
        const closed = server && new Promise((resolve) => server.close(resolve));
        server?.closeIdleConnections();
        await Promise.all([dispatcher?.drain(graceMs), teller.stop()]);
        server?.closeAllConnections();
        await closed;
        for (const step of undo.reverse()) await step();
      },
    };
  } catch (error) {
    for (const step of undo.reverse()) await Promise.resolve(step()).catch(() => {});
    throw error;
  }
}

/** Off the loopback address nobody may come in without a key, so there must be one. */
async function requireKeys(options: ServiceOptions, any: () => Promise<boolean>): Promise<void> {
  const open = isLoopback(options.host) && !options.requireKey;
  if (open || options.apiKey !== undefined || (await any())) return;
  throw new HuoyanError(
    'bad-argument',
    {
      en: `the service would be reachable at ${options.host} without any key`,
      zh: `服务将在 ${options.host} 上对外开放，却没有任何密钥`,
    },
    {
      en: 'make one with "huoyan keys create NAME --role admin --data DIR", or give --api-key',
      zh: '请用 huoyan keys create 名称 --role admin --data 目录 创建密钥，或给出 --api-key',
    },
  );
}

async function listen(
  { host, port }: ServiceOptions,
  listener: ReturnType<typeof getRequestListener>,
): Promise<Server> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(notListening(host, port, cause)));
    server.listen(port, host, resolve);
  });
  return server;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function notListening(host: string, port: number, cause: NodeJS.ErrnoException): HuoyanError {
  const taken = cause.code === 'EADDRINUSE';
  return new HuoyanError(
    'bad-argument',
    taken
      ? { en: `port ${port} on ${host} is taken`, zh: `${host} 的端口 ${port} 已被占用` }
      : {
          en: `cannot listen on ${host}:${port} (${cause.code})`,
          zh: `无法监听 ${host}:${port}（${cause.code}）`,
        },
    { en: 'choose another with --port', zh: '请用 --port 另选一个' },
    { cause },
  );
}
