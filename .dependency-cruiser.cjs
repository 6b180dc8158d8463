/**
 * The rules of the house (ARCHITECTURE.md): which room may import which.
 * A new room is one line in ROOMS.
 */
const ROOMS = {
  core: [],
  nn: ['core'],
  media: ['core'],
  face: ['core', 'nn', 'media'],
  credentials: ['core', 'media'],
  evidence: ['core', 'nn', 'media', 'face', 'credentials', 'trace'],
  trace: ['core', 'nn', 'media'],
  zoo: ['core', 'nn', 'media'],
  protect: ['core', 'nn', 'media', 'face', 'credentials', 'zoo'],
  bench: ['core', 'nn', 'media'],
  audit: ['core', 'media', 'face', 'evidence', 'bench'],
  report: ['core'],
  browser: ['core', 'nn', 'media', 'face', 'credentials', 'evidence', 'report'],
  processes: [],
  client: [],
  service: [
    'core',
    'nn',
    'media',
    'face',
    'credentials',
    'evidence',
    'trace',
    'protect',
    'audit',
    'bench',
    'report',
    'processes',
  ],
};

/** Native or heavy packages, and the one file that may import each. */
const ONE_DOOR = {
  sharp: '^src/media/pixels\\.node\\.ts$',
  'onnxruntime-node': '^src/nn/runtime\\.node\\.ts$',
  'onnxruntime-web': '^src/nn/runtime\\.web\\.ts$',
  'onnx-proto': '^src/nn/onnx\\.ts$',
  mediabunny: '^src/media/av/mediabunny\\.node\\.ts$',
  '@mediabunny/server': '^src/media/av/mediabunny\\.node\\.ts$',
  exifr: '^src/media/metadata\\.ts$',
  '@contentauth/c2pa-wasm': '^src/credentials/c2pa/reader\\.ts$',
  '@electric-sql/pglite': '^src/trace/index/pglite\\.node\\.ts$',
  '@electric-sql/pglite-pgvector': '^src/trace/index/pglite\\.node\\.ts$',
  pg: '^src/trace/index/postgres\\.node\\.ts$',
  commander: '^src/cli/main\\.ts$',
  'pg-boss': '^src/service/queue/queue\\.ts$',
  busboy: '^src/service/http/receive\\.ts$',
  'hyparquet-writer': '^src/cli/results-table\\.ts$',
  aws4fetch: '^src/service/s3/client\\.ts$',
  pdfkit: '^src/report/case/pdf\\.node\\.ts$',
  'subset-font': '^src/report/case/fonts\\.node\\.ts$',
  '@opentelemetry/api': '^src/service/tracing\\.ts$',
  'prom-client': '^src/service/metrics\\.ts$',
};

/** Rooms, or parts of them, that run in a browser as they are: no Node built-in outside `*.node.ts`. */
const BROWSER_SAFE = '^src/(core|nn|evidence|trace|face|credentials|protect|report|browser)/';

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(ROOMS).map(([room, allowed]) => ({
      name: `room-${room}`,
      severity: 'error',
      comment: `src/${room} may import ${allowed.length ? allowed.join(', ') : 'nothing'}`,
      from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
    })),
    ...Object.entries(ONE_DOOR).map(([dependency, door]) => ({
      name: `one-door-${dependency.replace(/[@/]/g, '')}`,
      severity: 'error',
      comment: `${dependency} is imported in exactly one file`,
      from: { path: '^src/', pathNot: `${door}|\\.test\\.ts$` },
      to: { path: `node_modules/${dependency}/` },
    })),
    {
      name: 'browser-safe',
      severity: 'error',
      comment: 'Node built-ins live in files named *.node.ts',
      from: { path: BROWSER_SAFE, pathNot: '\\.node\\.ts$|\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-safe-reach',
      severity: 'error',
      comment: 'a browser-safe file does not reach a *.node.ts file',
      from: { path: BROWSER_SAFE, pathNot: '\\.node\\.ts$|\\.test\\.ts$' },
      to: { path: '\\.node\\.ts$' },
    },
    {
      name: 'room-web',
      severity: 'error',
      comment: 'the page may import core, report and browser, and nothing that needs Node',
      from: { path: '^web/src/' },
      to: { path: '^src/', pathNot: '^src/(core|report|browser)/(?!.*\\.node\\.ts$)' },
    },
    { name: 'no-utils', severity: 'error', from: {}, to: { path: '/utils?\\.ts$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
