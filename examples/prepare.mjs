/**
 * Puts a few real photographs beside the rendered examples, so that `huoyan analyze examples/` shows what becomes of
 * them too. They are sample photos inside installed development packages; we copy them at install time, under names git
 * ignores, instead of redistributing them. Where a package is absent (a production install, an offline build) its
 * pictures are left out.
 */
import { copyFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Package, file in it, name here. */
const photographs = [
  ...[1, 2, 3, 4, 5, 6].map((n) => ['@vladmandic/face-api', `demo/sample${n}.jpg`, `real-sample${n}.jpg`]),
  ['jpeg-exif', 'test/IMG_0001.JPG', 'real-wall.jpg'],
];

function packageFolder(name) {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

const size = (path) =>
  stat(path).then(
    (s) => s.size,
    () => -1,
  );

for (const [name, file, as] of photographs) {
  const folder = packageFolder(name);
  if (!folder) continue;
  const from = join(folder, file);
  const to = join(here, as);
  const bytes = await size(from);
  if (bytes < 0 || bytes === (await size(to))) continue;
  await copyFile(from, to).catch((error) => console.error(`examples: ${error.message}`));
}
