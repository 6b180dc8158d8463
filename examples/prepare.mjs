/**
 * Puts a few real photographs beside the rendered examples, so that `huoyan analyze examples/` shows an authentic
 * picture too. They are sample photos inside the installed development package @vladmandic/face-api; we copy them at
 * install time, under names git ignores, instead of redistributing them. Where the package is absent (a production
 * install, an offline build) this does nothing.
 */
import { copyFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const samples = [1, 2, 3, 4, 5, 6].map((n) => `sample${n}.jpg`);

function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  } catch {
    return null;
  }
}

const size = (path) => stat(path).then((s) => s.size, () => -1);

const folder = packageFolder();
for (const name of folder ? samples : []) {
  const from = join(folder, 'demo', name);
  const to = join(here, `real-${name}`);
  const bytes = await size(from);
  if (bytes < 0 || bytes === (await size(to))) continue;
  await copyFile(from, to).catch((error) => console.error(`examples: ${error.message}`));
}
