/**
 * Packs every trained generator of the cache into `models/zoo/`, one file a family, with the card:
 * `npm run recipe:zoo -- publish`. Prints a table of what is there; what is not trained yet is simply not there. Refuses
 * to write more than 60 MB.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from '../../src/bench/corpus.ts';
import { grouped } from '../../src/core/group.ts';
import type { Json } from '../../src/core/json.ts';
import { ZOO_CARD, type ZooCard } from '../../src/zoo/card.ts';
import type { Family } from '../../src/zoo/declaration.ts';
import { encodePack, packFile } from '../../src/zoo/weights.node.ts';
import { type Cached, cached, wholeCatalogue } from './cached.ts';
import { zooSets } from './pictures.ts';
import { quartiles } from './quartiles.ts';

const FOLDER = join('models', 'zoo');
const LIMIT_BYTES = 60_000_000;

const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus, whose licences the card states: set HUOYAN_DATA to its folder');
  process.exit(5);
}

const numbersOf = ({ weights }: Cached) =>
  Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);

const declared = wholeCatalogue();
const trained: Cached[] = [];
const misfits: string[] = [];
console.log(['name', 'family', 'subject', 'parameters', 'psnr_db', 'bytes'].join('\t'));
for (const declaration of declared) {
  const found = cached(declaration);
  if (found === 'absent') continue;
  if (found === 'misfit') {
    misfits.push(declaration.name);
    continue;
  }
  trained.push(found);
  const { name, family, subject } = declaration;
  const psnr = found.facts.psnr?.toFixed(2) ?? '-';
  console.log([name, family, subject, found.model.generator.size, psnr, numbersOf(found) * 2].join('\t'));
}

const families = grouped(trained, ({ model }) => model.declaration.family);
const packs = new Map<Family, Uint8Array>();
for (const [family, members] of families) {
  console.error(`packing ${family} …`);
  const byName = members.map((one) => [one.model.declaration.name, one] as const);
  packs.set(family, await encodePack(Object.fromEntries(byName)));
}
const total = [...packs.values()].reduce((sum, bytes) => sum + bytes.length, 0);
console.error(`${trained.length} of ${declared.length} generators, ${(total / 1e6).toFixed(1)} MB`);
if (misfits.length > 0)
  console.error(`left out, their tensors are of another declaration: ${misfits.join(', ')}`);
if (trained.length === 0) {
  console.error('nothing is trained yet: run npm run recipe:zoo -- train');
  process.exit(5);
}
if (total > LIMIT_BYTES) {
  console.error(`more than ${LIMIT_BYTES / 1e6} MB in all: nothing was written`);
  process.exit(1);
}

/** PSNR in dB of the families that give a picture back: five numbers each, and how many are below 30 dB. */
function fidelity(): Json {
  const entries = [...families].flatMap(([family, members]) => {
    const values = members.flatMap(({ facts }) => facts.psnr ?? []);
    if (values.length === 0) return [];
    const round = (v: number) => Math.round(v * 100) / 100;
    const below30 = values.filter((v) => v < 30).length;
    return [[family, { generators: values.length, below30, quartiles: quartiles(values).map(round) }]];
  });
  return { psnrOfHeldOutPictures: Object.fromEntries(entries) };
}

const card: ZooCard = {
  name: 'zoo',
  version: '1',
  task: 'Generators of declared construction, to make pictures whose maker is known: for attribution and model parsing.',
  licence: 'Apache-2.0',
  trainedOn: zooSets(folder),
  recipe: 'npm run recipe:zoo',
  ...{ generators: trained.length, declared: declared.length },
  parameters: trained.reduce((sum, one) => sum + numbersOf(one), 0),
  packs: Object.fromEntries(
    [...packs].map(([family, bytes]) => [
      family,
      {
        generators: families.get(family)?.length ?? 0,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ]),
  ),
  measured: fidelity(),
};
mkdirSync(FOLDER, { recursive: true });
for (const old of readdirSync(FOLDER)) rmSync(join(FOLDER, old));
for (const [family, bytes] of packs) writeFileSync(packFile(FOLDER, family), bytes);
writeFileSync(join(FOLDER, ZOO_CARD), `${JSON.stringify(card, null, 2)}\n`);
