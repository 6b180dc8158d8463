/** What `train.ts` left in the cache: generators whose tensors fit their declaration, in the catalogue's order. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from '../../src/nn/index.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { fullCatalogue } from '../../src/zoo/catalogue/full.ts';
import { shallowCatalogue } from '../../src/zoo/catalogue/shallow.ts';
import type { ZooDeclaration, ZooModel } from '../../src/zoo/declaration.ts';
import { type Trained, weightsFit, type ZooFacts } from '../../src/zoo/weights.node.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { CACHE } from './pictures.ts';

/** The whole zoo, family after family. */
export function wholeCatalogue(): ZooDeclaration[] {
  const all = [...fullCatalogue(), ...shallowCatalogue()];
  const families = [...new Set(all.map((declaration) => declaration.family))];
  return families.flatMap((family) => all.filter((declaration) => declaration.family === family));
}

export interface Cached extends Trained {
  readonly model: ZooModel;
}

/** The generator as trained, or why it is not: `absent`, or weights of another declaration. */
export function cached(declaration: ZooDeclaration): Cached | 'absent' | 'misfit' {
  const file = join(CACHE, `${declaration.name}.safetensors`);
  const facts = join(CACHE, `${declaration.name}.json`);
  if (!existsSync(file) || !existsSync(facts)) return 'absent';
  const weights = decodeTensors(readFileSync(file)).tensors as Weights;
  const model = zooModel(declaration);
  if (!weightsFit(model, weights)) return 'misfit';
  const { psnr, rateFactor, seconds } = JSON.parse(readFileSync(facts, 'utf8')) as ZooFacts;
  return { model, weights, facts: { psnr, rateFactor, seconds } };
}
