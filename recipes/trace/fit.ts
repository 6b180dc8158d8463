/**
 * Publishes the metric and the known sources: `npm run recipe:trace -- fit` writes `models/trace/`. Known are all
 * generators and kinds of photographs of the corpus with at least {@link FEWEST} described pictures.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { grouped } from '../../src/core/group.ts';
import { encodeTensors } from '../../src/nn/safetensors.ts';
import { DESCRIPTION } from '../../src/trace/description.ts';
import type { Source } from '../../src/trace/gallery.ts';
import type { TraceCard } from '../../src/trace/known.node.ts';
import { readDescribed } from './described.ts';
import { knownSource } from './evaluate.ts';
import { fitMetric } from './metric.ts';

const FEWEST = 4;
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const all = readDescribed();
const metric = fitMetric(all);
const sources: Source[] = [];
const tensors: Record<string, { dims: number[]; data: Float32Array }> = {
  mean: { dims: [DESCRIPTION], data: metric.mean },
  rate: { dims: [DESCRIPTION], data: metric.rate },
  diagonal: { dims: [DESCRIPTION], data: metric.diagonal },
};
const stack = (rows: readonly Float32Array[]) => {
  const data = new Float32Array(rows.length * DESCRIPTION);
  rows.forEach((row, i) => {
    data.set(row, i * DESCRIPTION);
  });
  return { dims: [rows.length, DESCRIPTION], data };
};
tensors.directions = stack(metric.directions);
for (const [set, pictures] of grouped(all, (p) => p.set)) {
  if (new Set(pictures.map((p) => p.file)).size < FEWEST) continue;
  const { label } = pictures[0];
  const name = set.replace(/^(fake|real)_/, '');
  const source = knownSource(metric, name, label === 'real' ? 'photograph' : 'generator', pictures);
  sources.push(source);
  tensors[`source/${name}`] = stack(source.prototypes);
}
const bytes = encodeTensors(
  tensors,
  { sources: JSON.stringify(Object.fromEntries(sources.map(({ name, kind }) => [name, kind]))) },
  { half: true },
);
if (bytes.length >= 2_000_000) throw new Error(`${bytes.length} bytes, not below 2 MB`);
const used = new Set(all.map((p) => p.set));
const card: TraceCard = {
  task: 'How alike two pictures are as works of one source, and what the known sources look like.',
  recipe: 'npm run recipe:trace',
  licence: 'Apache-2.0',
  measured: 'docs/measured/trace.md',
  trainedOn: imageSets(folder)
    .filter((set) => used.has(set.name))
    .map(({ name, files, licence }) => ({ name, pictures: files.length, licence })),
  pictures: all.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
};
mkdirSync('models/trace', { recursive: true });
writeFileSync('models/trace/trace.safetensors', bytes);
writeFileSync('models/trace/card.json', `${JSON.stringify(card, null, 2)}\n`);
const generators = sources.filter((source) => source.kind === 'generator').length;
console.error(
  `${generators} generators, ${sources.length - generators} kinds of photographs, ${bytes.length} bytes`,
);
