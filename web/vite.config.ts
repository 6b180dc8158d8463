/**
 * Builds the page into dist/web, where `huoyan serve` finds it. Everything is a file of ours: no request goes elsewhere,
 * and the content security policy (src/service/http/page.ts) admits nothing inline.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { AUDIT_STYLE } from '../src/report/audit/style.ts';
import { CLUSTER_STYLE } from '../src/report/html/clusters/style.ts';
import { STYLE } from '../src/report/html/style.ts';
import { TRACE_STYLE } from '../src/report/trace/style.ts';

/** The report's style sheets as a file: the page shows what the report shows, and looks as it does. */
const reportStyle: Plugin = {
  name: 'report-style',
  resolveId: (id) => (id === 'virtual:report.css' ? id : null),
  load: (id) =>
    id === 'virtual:report.css' ? [STYLE, TRACE_STYLE, AUDIT_STYLE, CLUSTER_STYLE].join('\n') : null,
};

/**
 * ONNX Runtime's and C2PA's WebAssembly are served from their packages (`src/service/http/device.ts`), forty megabytes that
 * need not lie in the package once more.
 */
const withoutWasm = (): Plugin => ({
  name: 'without-wasm',
  generateBundle(_, bundle) {
    for (const file of Object.keys(bundle)) if (file.endsWith('.wasm')) delete bundle[file];
  },
});

/** The files that the service worker keeps, for when there is no network. */
const offlineList = (): Plugin => ({
  name: 'offline-list',
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((file) => file.startsWith('assets/'));
    const source = JSON.stringify(['/', '/mark.svg', ...files.map((file) => `/${file}`)]);
    this.emitFile({ type: 'asset', fileName: 'offline.json', source });
  },
});

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [reportStyle, withoutWasm(), offlineList()],
  worker: { format: 'es', plugins: () => [withoutWasm()] },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'src/sw.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url))),
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
