/**
 * What the gate costs honest people, and what it catches: prints docs/measured/gate.md.
 *
 *   npm run bench:gate > docs/measured/gate.md          # the tables
 *   npm run bench:gate -- --latency                     # what one decision takes, alone
 *   npm run bench:gate -- --fit                         # and src/service/gate/fitted.ts anew
 *
 * Every source is judged with the synthesis network that was trained without its fold (recipes/synthesis/splits.ts), as
 * stored and as an app would send it on (longer side 1280, JPEG 85); real and made pictures go the same ways. Scores are
 * kept in `.cache/gate.ndjson`, so that an interrupted run goes on. Needs HUOYAN_DATA, or shared/data beside the checkout.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { version } from '../../package.json' with { type: 'json' };
import { place } from '../../recipes/synthesis/splits.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { ClusterBootstrap, wilsonRate } from '../../src/bench/intervals.ts';
import { Random } from '../../src/core/random.ts';
import { type Engine, openEngine } from '../../src/evidence/analyse.node.ts';
import { encodeJpeg, readImage, shrinkTo } from '../../src/media/index.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import type { Models } from '../../src/nn/models.ts';
import { latency } from './latency.ts';

const print = (text = '') => process.stdout.write(`${text}\n`);
const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
if (process.argv.includes('--latency')) {
  print(`${latency()}\n\n${machine}`);
  process.exit(0);
}

const data = dataFolder();
if (!data) throw new Error('no data folder: set HUOYAN_DATA');

const MOST = 12;
const ASKED = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1];
const WAYS = ['stored', 'sent'] as const;
const CACHE = '.cache/gate.ndjson';

interface Score {
  readonly key: string;
  readonly source: string;
  readonly fake: boolean;
  readonly way: (typeof WAYS)[number];
  /** Null where no evidence of generation applied. */
  readonly llr: number | null;
}

/** The shipped networks, with that of synthesis exchanged for one that never saw the fold. */
function without(fold: number): Models {
  const models = openModels();
  const other = (name: string) => (name === 'synthesis' ? `synthesis-without-${fold}` : name);
  return {
    session: (name) => models.session(other(name)),
    card: (name) => models.card(other(name)),
    close: () => models.close(),
  };
}

async function scores(): Promise<Score[]> {
  mkdirSync('.cache', { recursive: true });
  const known = new Map<string, Score>();
  if (existsSync(CACHE)) {
    for (const line of readFileSync(CACHE, 'utf8').split('\n').filter(Boolean)) {
      const score = JSON.parse(line) as Score;
      known.set(score.key, score);
    }
  }
  const engines = new Map<number, Engine>();
  const all: Score[] = [];
  for (const set of imageSets(data as string).map(place)) {
    if (set.role !== 'real' && set.role !== 'whole') continue;
    const engine = engines.get(set.fold) ?? (await openEngine({ models: without(set.fold) }));
    engines.set(set.fold, engine);
    const files = new Random(1).shuffle([...set.files]).slice(0, MOST);
    for (const file of files) {
      for (const way of WAYS) {
        const key = `${version} ${way} ${set.name}/${file.split('/').at(-1)}`;
        let score = known.get(key);
        if (!score) {
          score = {
            key,
            source: set.name,
            fake: set.label === 'fake',
            way,
            llr: await judge(engine, file, way),
          };
          appendFileSync(CACHE, `${JSON.stringify(score)}\n`);
        }
        all.push(score);
      }
    }
    process.stderr.write(`${set.name}\n`);
  }
  return all;
}

async function judge(engine: Engine, file: string, way: Score['way']): Promise<number | null> {
  let bytes: Uint8Array = await readFile(file);
  if (way === 'sent') {
    const { pixels } = await readImage(bytes, file);
    bytes = await encodeJpeg(await shrinkTo(pixels, 1280), { quality: 85 });
  }
  const analysis = await engine.analyseBytes(bytes, file, { stability: false });
  if (analysis.outcome !== 'analysed') return null;
  const applied = analysis.evidence.some((e) => e.detector === 'synthesis' && e.status !== 'notApplicable');
  return applied ? analysis.verdict.llr : null;
}

const percent = (share: number) => (100 * share).toFixed(1);
const table = (head: string[], rows: string[][]) => {
  for (const row of [head, head.map(() => '---'), ...rows]) print(`| ${row.join(' | ')} |`);
  print();
};

/** Share of `scored` at or above `llr`, with the wider of Wilson's interval and a bootstrap over sources. */
function share(scored: readonly (Score & { llr: number })[], llr: number) {
  const sources = [...new Set(scored.map(({ source }) => source))].sort();
  const shares = sources.map((source) => {
    const own = scored.filter((one) => one.source === source);
    return { count: own.filter((one) => one.llr >= llr).length, n: own.length };
  });
  const pooled = { count: shares.reduce((s, x) => s + x.count, 0), n: scored.length };
  const { rate, lo, hi } = wilsonRate(pooled);
  const drawn = new ClusterBootstrap(sources.length).interval(shares);
  return { rate, interval: [Math.min(lo, drawn?.[0] ?? lo), Math.max(hi, drawn?.[1] ?? hi)] as const };
}

const all = await scores();
const applied = all.filter((one): one is Score & { llr: number } => one.llr !== null);
const real = applied.filter(({ fake }) => !fake);
const made = applied.filter(({ fake }) => fake);
const sorted = real.map(({ llr }) => llr).sort((a, b) => b - a);
const fitted = ASKED.map((asked) => {
  // Above every score that must not be turned away: the smallest threshold whose share is not larger than asked.
  const most = Math.floor(asked * sorted.length);
  const llr = Math.ceil((sorted[most] + 1e-9) * 1000) / 1000;
  return { asked, llr, ...share(real, llr) };
});

const sourcesOf = (some: readonly Score[]) => new Set(some.map(({ source }) => source)).size;
print('# The gate: what it costs honest people, and what it catches\n');
print('Printed by `npm run bench:gate`.\n');
print(
  `Every source is judged by the synthesis network that was trained without its fold. At most ${MOST} pictures a source, each as stored and as an app would send it on (longer side 1280, JPEG 85). Real: ${real.length} of ${sourcesOf(real)} sources; made: ${made.length} of ${sourcesOf(made)} sets. ${all.length - applied.length} looks were too small or too plain to be examined; the gate holds those. Intervals are 95 %, the wider of Wilson and a bootstrap over sources. The trivial gate, which turns away at random, catches exactly as large a share as it costs.\n`,
);
table(
  [
    'asked',
    'from llr',
    'real photographs at or above %',
    'made pictures at or above %',
    'made, as stored %',
    'made, sent on %',
  ],
  fitted.map(({ asked, llr, rate, interval }) => {
    const cell = (some: readonly (Score & { llr: number })[]) => {
      const found = share(some, llr);
      return `${percent(found.rate)} (${percent(found.interval[0])}–${percent(found.interval[1])})`;
    };
    return [
      `${percent(asked)} %`,
      llr.toFixed(3),
      `${percent(rate)} (${percent(interval[0])}–${percent(interval[1])})`,
      cell(made),
      ...WAYS.map((way) => cell(made.filter((one) => one.way === way))),
    ];
  }),
);
print(`${latency()}\n\n${machine}`);

if (process.argv.includes('--fit')) {
  const file = 'src/service/gate/fitted.ts';
  const [head] = readFileSync(file, 'utf8').split('export const FALSE_REJECTS');
  const rows = fitted.map(
    ({ asked, llr, rate, interval }) =>
      `  { asked: ${asked}, llr: ${llr}, rate: ${rate.toFixed(5)}, interval: [${interval.map((x) => x.toFixed(5)).join(', ')}] },`,
  );
  const [n, sources] = [real.length, sourcesOf(real)];
  writeFileSync(
    file,
    `${head}export const FALSE_REJECTS: readonly FalseReject[] = [\n${rows.join('\n')}\n];\n\nexport const MEASURED_ON: Text = {\n  en: '${n} looks at real photographs of ${sources} sources that the network was not trained on',\n  zh: '在网络未训练过的 ${sources} 个来源的真实照片上测量，共 ${n} 次检验',\n};\n`,
  );
}
process.exit(0);
