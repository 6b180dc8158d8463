import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { peakMemory } from './peak-memory.ts';

const MEBIBYTE = 1024 * 1024;

test('what was held for a moment counts, and what the parent holds does not', () => {
  const held = Buffer.alloc(400 * MEBIBYTE, 1);
  const script = fileURLToPath(new URL('peak-memory.ts', import.meta.url));
  const told = execFileSync(process.execPath, [
    ...['--import', 'tsx', '--input-type=module', '-e'],
    `import { peakMemory } from ${JSON.stringify(script)};
     const before = peakMemory();
     Buffer.alloc(100 * ${MEBIBYTE}, 1);
     console.log(JSON.stringify([before, peakMemory() - before]));`,
  ]);
  const [before, grown] = JSON.parse(told.toString()) as number[];
  expect(grown).toBeGreaterThan(70 * MEBIBYTE);
  expect(before).toBeLessThan(held.length);
  expect(peakMemory()).toBeGreaterThan(held.length);
});
