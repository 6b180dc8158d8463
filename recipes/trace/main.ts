/**
 * Rebuilds what tracing needs: `npm run recipe:trace`, or one step of it:
 * `-- describe|describe-ways|describe-zoo|fit|calibrate`. Seeded; pictures described already are described again only
 * when the step is named. About half an hour on two quiet cores.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { CACHE } from './described.ts';

function run(script: string, args: readonly string[] = []): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('npx', ['tsx', `recipes/trace/${script}.ts`, ...args], { stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${script} ended with ${code}`))));
  });
}

const wanted = process.argv.slice(2);
const asked = (step: string) => wanted.length === 0 || wanted.includes(step);
const there = existsSync(CACHE) && readdirSync(CACHE).some((file) => file.endsWith('.ndjson'));
for (const [step, args] of [
  ['describe', []],
  ['describe-ways', ['--ways']],
] as const) {
  if (!asked(step) || (wanted.length === 0 && there)) continue;
  const shards = Math.max(1, availableParallelism());
  await Promise.all(
    Array.from({ length: shards }, (_, i) => run('describe', ['--shard', `${i + 1}/${shards}`, ...args])),
  );
}
if (asked('describe-zoo') && (wanted.length > 0 || !there)) await run('describe-zoo');
if (asked('fit')) await run('fit');
if (asked('calibrate')) await run('calibrate');
