import { defineConfig } from 'tsdown';

/** The library for a browser, after the rest and apart from it, so that it shares no chunk with what needs Node. */
export default defineConfig({
  entry: { index: 'src/browser/index.ts', report: 'src/browser/report.ts' },
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  outDir: 'dist/browser',
  dts: true,
  sourcemap: false,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
});
