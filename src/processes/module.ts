/** Where the module of a worker lies: beside the sources, or wherever the bundler put the code that asks. */
import { existsSync } from 'node:fs';

/**
 * @param asker `import.meta.url` of the file that asks
 * @param source the module as that file would import it in the sources, for instance `./worker.ts`
 * @param built its path in the bundle, from the bundle's root, without `.js`, for instance `cli/worker`
 */
export function workerModule(asker: string, source: string, built: string): URL {
  if (asker.endsWith('.ts')) return new URL(source, asker);
  // The asking code may have been put into the root of the bundle or into a folder of it.
  const fromRoot = new URL(`./${built}.js`, asker);
  return existsSync(fromRoot) ? fromRoot : new URL(`../${built}.js`, asker);
}
