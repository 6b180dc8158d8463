/**
 * Builds the page into dist/web, where `huoyan serve` finds it. Everything is a file of ours: no request goes elsewhere,
 * and the content security policy (src/service/http/page.ts) admits nothing inline.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { STYLE } from '../src/report/html/style.ts';
import { TRACE_STYLE } from '../src/report/trace/style.ts';

/** The report's style sheets as a file: the page shows what the report shows, and looks as it does. */
const reportStyle: Plugin = {
  name: 'report-style',
  resolveId: (id) => (id === 'virtual:report.css' ? id : null),
  load: (id) => (id === 'virtual:report.css' ? `${STYLE}\n${TRACE_STYLE}` : null),
};

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [reportStyle],
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
