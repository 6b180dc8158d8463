import { defineConfig } from 'tsdown';

const shared = {
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  dts: true,
  sourcemap: false,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
} as const;

/**
 * The library for a browser, after the rest and apart from it, so that it shares no chunk with what needs Node; and the
 * mark and the verdict for pages, small files that share none with the library.
 */
export default defineConfig([
  {
    ...shared,
    entry: { index: 'src/browser/index.ts', report: 'src/browser/report.ts' },
    outDir: 'dist/browser',
  },
  { ...shared, entry: { index: 'src/protect/screenmark/index.ts' }, outDir: 'dist/screenmark', minify: true },
  { ...shared, entry: { index: 'src/browser/verdict/index.ts' }, outDir: 'dist/verdict', minify: true },
]);
