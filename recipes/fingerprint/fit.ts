/** Publishes the parser beside the fingerprint network, with their card: `npm run recipe:fingerprint -- fit`. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../src/bench/corpus.ts';
import { encodeTensors } from '../../src/nn/safetensors.ts';
import {
  type FingerprintCard,
  NETWORK_FILE,
  PARSER_FILE,
  type ParserFacts,
} from '../../src/trace/parsing/trained.node.ts';
import { VECTOR } from '../../src/trace/parsing/vector.ts';
import { zooSets } from '../zoo/pictures.ts';
import { type Example, fitParser } from './fit-parser.ts';
import { fullGenerators } from './generators.ts';
import { looksAt } from './looks.ts';
import { asReference, published } from './published.ts';
import { VALIDATED, type Validated } from './validate.ts';

const FOLDER = join('models', 'fingerprint');
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus, whose licences the card states: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const { full, ranges, all } = fullGenerators();
const validated = JSON.parse(readFileSync(VALIDATED, 'utf8')) as Validated;
const examples: Example[] = [];
for (const { declaration, vector, pictures } of full)
  examples.push({ name: declaration.name, vector, looks: await looksAt(pictures) });
const data = await fitParser(examples, ranges, validated);
const beside = (await published(folder)).generators.map((p) => asReference(p, data.space, ranges));
const references = [...data.references, ...beside];
// Regression was solved for the zoo alone; published generators answer by retrieval.
const coefficients = [...data.coefficients, ...beside.map(() => new Float32Array(VECTOR))];
const stack = (list: readonly Float32Array[]) => {
  const each = list[0].length;
  const out = new Float32Array(list.length * each);
  list.forEach((row, i) => {
    out.set(row, i * each);
  });
  return { dims: [list.length, each], data: out };
};
const facts: ParserFacts = { ranges, ...validated, names: references.map((r) => r.name) };
const bytes = encodeTensors(
  {
    centre: { dims: [data.space.centre.length], data: data.space.centre },
    axes: {
      dims: [data.space.centre.length, data.space.axes.length / data.space.centre.length],
      data: data.space.axes,
    },
    mean: { dims: [data.mean.length], data: data.mean },
    places: stack(references.map((r) => r.place)),
    vectors: stack(references.map((r) => r.vector)),
    coefficients: stack(coefficients),
  },
  { facts: JSON.stringify(facts) },
  { half: true },
);
if (bytes.length >= 2_000_000) throw new Error(`${bytes.length} bytes, not below 2 MB`);
writeFileSync(join(FOLDER, PARSER_FILE), bytes);
const sha = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(FOLDER, file)))
    .digest('hex');
const card: FingerprintCard = {
  task: 'What a generator leaves in its pictures, and how a generator that leaves such things is likely built.',
  recipe: 'npm run recipe:fingerprint',
  licence: 'Apache-2.0',
  measured: 'docs/measured/trace.md',
  trainedOn: {
    generators: all.length,
    parsed: full.length,
    published: [...new Set(beside.map((r) => r.name))],
    photographs: zooSets(folder).map(({ name, licence }) => ({ name, licence })),
  },
  sha256: { [NETWORK_FILE]: sha(NETWORK_FILE), [PARSER_FILE]: sha(PARSER_FILE) },
};
writeFileSync(join(FOLDER, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
console.error(`${references.length} references, ${bytes.length} bytes`);
