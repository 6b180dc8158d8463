/**
 * Rebuilds everything about the synthesis evidence: `npm run recipe:synthesis`, or one step of it:
 * `npm run recipe:synthesis -- pool|describe|averages|train|judge|calibrate`. Seeded; steps whose output is there already
 * are done again only when named. About forty minutes on two quiet cores, nearly all of it decoding and describing.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const CACHE = '.cache/synthesis';
const SHARDS = Math.max(1, availableParallelism());

interface Step {
  readonly name: string;
  readonly script: string;
  /** Runs as several processes, each on its share. */
  readonly sharded: boolean;
  /** Present in the cache when the step is done. */
  readonly leaves?: RegExp;
  readonly args?: readonly string[];
}

const STEPS: readonly Step[] = [
  { name: 'pool', script: 'pool.ts', sharded: true, leaves: /^pool-.*\.ndjson$/, args: ['--views', '16000'] },
  { name: 'describe', script: 'describe.ts', sharded: true, leaves: /^statistics-.*\.f32$/ },
  { name: 'averages', script: 'averages.ts', sharded: true, leaves: /^averages-.*\.f32$/ },
  { name: 'train', script: 'train.ts', sharded: false },
  { name: 'judge', script: 'judge.ts', sharded: true },
  { name: 'calibrate', script: 'calibrate.ts', sharded: false },
];

function run(script: string, args: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('npx', ['tsx', `recipes/synthesis/${script}`, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${script} ended with ${code}`))));
  });
}

const wanted = process.argv.slice(2);
for (const step of STEPS) {
  const named = wanted.includes(step.name);
  if (wanted.length > 0 && !named) continue;
  const done = step.leaves && existsSync(CACHE) && readdirSync(CACHE).some((file) => step.leaves?.test(file));
  if (done && !named) {
    console.error(`${step.name}: already there`);
    continue;
  }
  console.error(`${step.name} …`);
  const shards = step.sharded ? SHARDS : 1;
  await Promise.all(
    Array.from({ length: shards }, (_, i) =>
      run(step.script, [...(step.args ?? []), ...(step.sharded ? ['--shard', `${i + 1}/${shards}`] : [])]),
    ),
  );
}
