/**
 * `npm run bench:trace`: everything that tracing claims, as Markdown; `-- sources|zoo|parsing|real|content` prints one
 * part. Under half an hour on two quiet cores once `npm run recipe:trace -- describe describe-zoo` and
 * `npm run recipe:fingerprint -- pictures` have run.
 */
import { spawn } from 'node:child_process';

const PARTS = ['sources', 'zoo', 'parsing', 'real', 'content'];

function run(part: string): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn('npx', ['tsx', `benchmarks/trace/${part}.ts`], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`${part} ended with ${code}`))));
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are: ${PARTS.join(', ')}`);
  process.exit(2);
}
for (const part of PARTS) if (wanted.length === 0 || wanted.includes(part)) await run(part);
