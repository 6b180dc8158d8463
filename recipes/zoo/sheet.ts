/**
 * The contact sheet of what `publish.ts` packed, `docs/zoo.webp`, and the page around it, `docs/zoo.md`:
 * `npm run recipe:zoo -- sheet`. Generators that start from pictures start from dead leaves: no picture of the corpus,
 * and no near copy of one, is published.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from '../../src/core/group.ts';
import type { RgbImage } from '../../src/core/image.ts';
import { encodeWebp } from '../../src/media/index.node.ts';
import { construction } from '../../src/zoo/construction.ts';
import type { Family } from '../../src/zoo/declaration.ts';
import { deadLeaves } from '../../src/zoo/material.ts';
import { sampleFrom } from '../../src/zoo/sampling.node.ts';
import { openZooWeights } from '../../src/zoo/weights.node.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { wholeCatalogue } from './cached.ts';
import { layOut, type Shown } from './grid.ts';
import { type Described, page } from './page.ts';

const FOLDER = 'docs';
const PICTURE = 'zoo.webp';
const LIMIT_BYTES = 1_500_000;
const QUALITIES = [90, 82, 74, 66];
const SEED = 1;

const picturesOf = (family: Family) => (family === 'shallow' ? 1 : 6);
const perRow = (family: Family) => (family === 'shallow' ? 20 : 4);

/** Mean absolute difference, in grey levels, of each picture to the one before it; undefined of a single one. */
function varietyOf(pictures: readonly RgbImage[]): number | undefined {
  if (pictures.length < 2) return undefined;
  let sum = 0;
  for (let k = 1; k < pictures.length; k++) {
    const [a, b] = [pictures[k].data, pictures[k - 1].data];
    for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i]) / a.length;
  }
  return sum / (pictures.length - 1);
}

const weights = openZooWeights();
const described: Described[] = [];
const shown: Shown[] = [];
for (const declaration of wholeCatalogue()) {
  const { name, family } = declaration;
  const model = zooModel(declaration);
  const facts = (await weights.known(family)).get(name);
  const built = construction(model);
  if (!facts) {
    described.push({ declaration, construction: built, facts, variety: undefined });
    continue;
  }
  const pictures: RgbImage[] = [];
  const options = { count: picturesOf(family), seed: SEED, pictures: deadLeaves };
  for await (const picture of sampleFrom(model, (await weights.of(model)).weights, options))
    pictures.push(picture);
  shown.push({ name, family, pictures });
  described.push({ declaration, construction: built, facts, variety: varietyOf(pictures) });
  if (shown.length % 20 === 0) console.error(`${shown.length} generators drawn`);
}
if (shown.length === 0) {
  console.error('no weights in models/zoo: run npm run recipe:zoo -- publish');
  process.exit(5);
}

const { sheet, legend } = layOut([...grouped(shown, (one) => one.family)], perRow);
let bytes = new Uint8Array(0);
for (const quality of QUALITIES) {
  bytes = Uint8Array.from(await encodeWebp(sheet, { quality, effort: 6 }));
  if (bytes.length <= LIMIT_BYTES) break;
}
if (bytes.length > LIMIT_BYTES) throw new Error(`the sheet has ${bytes.length} bytes, above ${LIMIT_BYTES}`);
mkdirSync(FOLDER, { recursive: true });
writeFileSync(join(FOLDER, PICTURE), bytes);
writeFileSync(join(FOLDER, 'zoo.md'), page(described, legend, PICTURE));
console.error(`${sheet.width}x${sheet.height}, ${bytes.length} bytes, ${shown.length} generators`);
