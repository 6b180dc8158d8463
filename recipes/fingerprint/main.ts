/**
 * Rebuilds the fingerprint network and model parsing: `npm run recipe:fingerprint`, or one step of it:
 * `-- pictures|folds|train|validate|fit`. Seeded and resumable. `folds` trains the networks that only measure
 * (docs/measured/trace.md); about six minutes of a quiet core each network.
 */
import { spawn } from 'node:child_process';
import { FOLDS } from './generators.ts';
import { isTrained, type NetworkName } from './networks.ts';

function run(script: string, args: readonly string[] = []): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('npx', ['tsx', `recipes/fingerprint/${script}.ts`, ...args], { stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${script} ended with ${code}`))));
  });
}

const wanted = process.argv.slice(2);
const asked = (step: string) => wanted.length === 0 || wanted.includes(step);
if (asked('pictures')) await run('pictures');
if (asked('folds')) {
  for (const protocol of ['configurations', 'families'] as const) {
    for (let fold = 0; fold < FOLDS; fold++) {
      const name: NetworkName = `${protocol}-${fold}`;
      if (!isTrained(name)) await run('train', ['--protocol', protocol, '--fold', String(fold)]);
    }
  }
}
if (asked('train') && !isTrained('all')) await run('train');
if (asked('validate')) await run('validate');
if (asked('fit')) await run('fit');
