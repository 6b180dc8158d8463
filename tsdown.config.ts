import { defineConfig } from 'tsdown';

const COMMON = {
  format: 'esm',
  sourcemap: false,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
} as const;

/** One bundle per thing that starts on its own: the library, its client, the command, its analysis worker, the service's. */
const node = defineConfig({
  ...COMMON,
  entry: {
    index: 'src/index.ts',
    'client/index': 'src/client/index.ts',
    'cli/main': 'src/cli/main.ts',
    'cli/worker': 'src/cli/worker.ts',
    'service/child': 'src/service/work/child.ts',
  },
  platform: 'node',
  target: 'node20',
  dts: { entry: ['src/index.ts', 'src/client/index.ts'] },
  clean: ['dist/**', '!dist/browser/**'],
});

/** The library for a browser, apart, so that it shares no chunk with what needs Node. */
const browser = defineConfig({
  ...COMMON,
  entry: { index: 'src/browser/index.ts', report: 'src/browser/report.ts' },
  outDir: 'dist/browser',
  platform: 'browser',
  target: 'es2022',
  dts: true,
});

export default [node, browser];
