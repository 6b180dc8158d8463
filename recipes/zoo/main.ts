/**
 * Rebuilds the zoo of generators: `npm run recipe:zoo`, or one step of it:
 * `npm run recipe:zoo -- pictures|train|publish|sheet`. Seeded and resumable: what is trained already is passed over, an
 * interrupted generator goes on from its checkpoint. Training takes about a day of one core; the rest, minutes.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

interface Step {
  readonly name: string;
  /** Processes that run side by side; arguments of each. */
  readonly runs: readonly (readonly string[])[];
}

const SHARDS = Math.max(1, availableParallelism());
const tier = (name: string) =>
  Array.from({ length: SHARDS }, (_, i) => ['--tier', name, '--shard', `${i + 1}/${SHARDS}`]);

const STEPS: readonly (Step & { readonly script: string })[] = [
  { name: 'pictures', script: 'pictures.ts', runs: [[]] },
  { name: 'train', script: 'train.ts', runs: tier('full') },
  { name: 'train', script: 'train.ts', runs: tier('shallow') },
  { name: 'publish', script: 'publish.ts', runs: [[]] },
  { name: 'sheet', script: 'sheet.ts', runs: [[]] },
];

function run(script: string, args: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('npx', ['tsx', `recipes/zoo/${script}`, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${script} ended with ${code}`))));
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `no step ${unknown.join(', ')}; there are: ${[...new Set(STEPS.map((s) => s.name))].join(', ')}`,
  );
  process.exit(2);
}
for (const { name, script, runs } of STEPS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  await Promise.all(runs.map((args) => run(script, args)));
}
