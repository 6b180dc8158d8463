/** `huoyan serve` and `huoyan worker`: a service until it is told to stop. */
import { pino } from 'pino';
import { DEFAULTS, type ServiceOptions } from '../../service/options.ts';
import { type Service, startService } from '../../service/serve.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { type PlaceFlags, placeOf } from '../service-place.ts';

export interface ServeFlags extends PlaceFlags {
  readonly host?: string;
  readonly port?: number;
  readonly workers?: number;
  readonly blobs?: string;
  readonly blobKey?: string;
  /** Seconds. */
  readonly timeout?: number;
  /** Megabytes. */
  readonly memory?: number;
  readonly allowPrivateUrls?: boolean;
  readonly apiKey?: string;
  readonly requireKey?: boolean;
  readonly allowHost?: string;
  /** Megabytes. */
  readonly maxUpload?: number;
  readonly maxWaiting?: number;
  /** Hours. */
  readonly keep?: number;
  readonly log?: string;
}

function optionsOf(flags: ServeFlags): ServiceOptions {
  return {
    ...DEFAULTS,
    ...placeOf(flags),
    blobs: flags.blobs,
    blobKey: flags.blobKey,
    host: flags.host ?? DEFAULTS.host,
    port: flags.port ?? DEFAULTS.port,
    workers: flags.workers ?? DEFAULTS.workers,
    apiKey: flags.apiKey ?? process.env.HUOYAN_API_KEY,
    requireKey: flags.requireKey ?? false,
    allowedHosts: flags.allowHost?.split(',').map((name) => name.trim()) ?? [],
    allowPrivateUrls: flags.allowPrivateUrls ?? false,
    timeoutMs: flags.timeout === undefined ? DEFAULTS.timeoutMs : flags.timeout * 1000,
    childMemoryMb: flags.memory ?? DEFAULTS.childMemoryMb,
    maxUploadBytes: flags.maxUpload === undefined ? DEFAULTS.maxUploadBytes : flags.maxUpload * 2 ** 20,
    maxWaiting: flags.maxWaiting ?? DEFAULTS.maxWaiting,
    maxAtDesk: DEFAULTS.maxAtDesk,
    keepSeconds: flags.keep === undefined ? DEFAULTS.keepSeconds : flags.keep * 3600,
  };
}

const logOf = (flags: ServeFlags) => pino({ level: flags.log ?? 'warn' }, pino.destination(2));

/** Runs the service until SIGTERM or Ctrl-C; a second one ends it at once. */
export async function serve(flags: ServeFlags, io: Console): Promise<number> {
  const options = optionsOf(flags);
  const service = await startService(options, logOf(flags));
  await io.write(`${service.url}\n`);
  io.note({
    en: `Huoyan answers at ${service.url} (data in ${options.data}); Ctrl-C stops it`,
    zh: `火眼已在 ${service.url} 提供服务（数据位于 ${options.data}）；按 Ctrl-C 停止`,
  });
  if (!service.page) {
    io.note({
      en: 'the web page is not built here ("npm run build" does that); the API works without it',
      zh: '此处尚未构建网页（运行 npm run build）；接口不受影响',
    });
  }
  return untilStopped(service, io);
}

/** Runs workers without HTTP. */
export async function worker(flags: ServeFlags, io: Console): Promise<number> {
  const options = optionsOf(flags);
  if (options.database === undefined) {
    throw usageError(
      { en: 'a worker needs a database that others can reach', zh: '分析进程需要可供多方访问的数据库' },
      {
        en: 'give --database postgres://… or HUOYAN_DATABASE; "huoyan serve" alone has workers of its own',
        zh: '请给出 --database postgres://… 或 HUOYAN_DATABASE；单独的 huoyan serve 自带分析进程',
      },
    );
  }
  const service = await startService(options, logOf(flags), { http: false });
  io.note({
    en: `${options.workers} worker process(es) take work; Ctrl-C stops them`,
    zh: `${options.workers} 个分析进程开始工作；按 Ctrl-C 停止`,
  });
  return untilStopped(service, io);
}

async function untilStopped(service: Service, io: Console): Promise<number> {
  await new Promise<void>((resolve) => {
    let asked = 0;
    const stop = () => (++asked === 1 ? resolve() : process.exit(EXIT.interrupted));
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
  io.note({ en: 'finishing what is under way', zh: '正在完成进行中的任务' });
  await service.stop();
  return EXIT.ok;
}
