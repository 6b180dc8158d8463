import { defineConfig } from 'tsdown';

/** One bundle per thing that starts on its own: the library, its client, the command, its analysis worker, the service's. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'client/index': 'src/client/index.ts',
    'cli/main': 'src/cli/main.ts',
    'cli/worker': 'src/cli/worker.ts',
    'service/child': 'src/service/work/child.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: { entry: ['src/index.ts', 'src/client/index.ts'] },
  sourcemap: false,
  clean: true,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
});
