/**
 * Pictures of every full generator of the zoo, of a third of the shallow ones, and photographs of the same subjects and
 * size, for the fingerprint network, model parsing and their measurement: `npm run recipe:fingerprint -- pictures`.
 * Sampled from the committed weights. What is there already and not older than those stays.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/core/random.ts';
import type { Subject, ZooDeclaration } from '../../src/zoo/declaration.ts';
import { sampleFrom } from '../../src/zoo/sampling.node.ts';
import { openZooWeights, packFile } from '../../src/zoo/weights.node.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { wholeCatalogue } from '../zoo/cached.ts';
import { zooPictures } from '../zoo/pictures.ts';

export const CACHE = '.cache/fingerprint';
const PICTURES = join(CACHE, 'pictures');
export const SIDE = 32;
const BYTES = 3 * SIDE * SIDE;
/** Pictures of a full and of a shallow generator: the second half of them is for testing. */
const FULL = 240;
const SHALLOW = 200;
/** Shallow generators are many and much alike: of so many, one. */
const THINNED = 3;
const PHOTOGRAPHS = 1500;

/** Pictures [count, 3, SIDE, SIDE] side by side. */
export interface Small {
  readonly count: number;
  readonly data: Uint8Array;
}

function read(file: string): Small {
  const data = new Uint8Array(readFileSync(file));
  return { count: data.length / BYTES, data };
}

const fileOf = (name: string): string => join(PICTURES, `${name}.u8`);

function wanted(): ZooDeclaration[] {
  let shallow = 0;
  return wholeCatalogue().filter(({ family }) => family !== 'shallow' || shallow++ % THINNED === 0);
}

/** Generators there are pictures of, in the catalogue's order. */
export function sampled(): { declaration: ZooDeclaration; pictures: Small }[] {
  return wanted()
    .filter(({ name }) => existsSync(fileOf(name)))
    .map((declaration) => ({ declaration, pictures: read(fileOf(declaration.name)) }));
}

/** Photographs, those that trained generators or those kept from them. */
export function photographs(part: 'train' | 'sample', subject: Subject): Small {
  return read(fileOf(`photographs-${part}-${subject}`));
}

const newer = (a: string, b: string): boolean => existsSync(a) && statSync(a).mtimeMs > statSync(b).mtimeMs;

if (process.argv[1]?.endsWith('fingerprint/pictures.ts')) {
  mkdirSync(PICTURES, { recursive: true });
  for (const part of ['train', 'sample'] as const) {
    for (const subject of ['faces', 'textures'] as const) {
      const file = fileOf(`photographs-${part}-${subject}`);
      if (!existsSync(file))
        writeFileSync(file, zooPictures(part).draw(new Random(17), subject, SIDE, PHOTOGRAPHS));
    }
  }
  const held = zooPictures('sample');
  const zoo = openZooWeights();
  for (const declaration of wanted()) {
    const file = fileOf(declaration.name);
    if (newer(file, packFile(zoo.folder, declaration.family))) continue;
    if (!(await zoo.known(declaration.family)).has(declaration.name)) continue;
    const begun = Date.now();
    const count = declaration.family === 'shallow' ? SHALLOW : FULL;
    const out = new Uint8Array(count * BYTES);
    let i = 0;
    const model = zooModel(declaration);
    const request = { count, seed: 29, pictures: held };
    for await (const { data } of sampleFrom(model, (await zoo.of(model)).weights, request)) {
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < SIDE * SIDE; p++) out[i * BYTES + c * SIDE * SIDE + p] = data[p * 3 + c];
      i++;
    }
    writeFileSync(file, out);
    console.error(`${declaration.name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
  console.error(`${readdirSync(PICTURES).length - 4} generators`);
}
