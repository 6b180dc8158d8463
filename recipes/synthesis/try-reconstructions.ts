/**
 * Do faithful reconstructions teach? Photographs of the training sources are given back by shallow generators of the
 * zoo (reconstruction above 30 dB; Yang et al. 2023, arXiv:2307.15977; the idea of DDA), travel the same chain as
 * everything else, and join the generated class of the linear discriminant:
 *
 *   npx tsx recipes/synthesis/try-reconstructions.ts --views 3000
 *
 * Prints, for each fold left out, the mean AUC over its generators with none, some and all of them. Nothing is
 * published: docs/measured/synthesis-tried.md has what it printed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { auc } from '../../src/bench/metrics.ts';
import { grouped } from '../../src/core/group.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { STATISTICS, statistics } from '../../src/core/residuals/index.ts';
import { MIN_SIDE, TILE, tiles } from '../../src/core/tiles.ts';
import { pool } from '../../src/evidence/synthesis/score.ts';
import { decodePixels, readBytes } from '../../src/media/index.node.ts';
import { reship } from '../../src/media/reshipping.node.ts';
import type { Weights } from '../../src/nn/index.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { shallowCatalogue } from '../../src/zoo/catalogue/shallow.ts';
import type { PictureSource } from '../../src/zoo/declaration.ts';
import { sampleFrom } from '../../src/zoo/sampling.node.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { randomView } from './chain.ts';
import { fitDiscriminant } from './discriminant.ts';
import { type Placed, place, trainingSets } from './splits.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    zoo: { type: 'string', default: '.cache/zoo' },
    views: { type: 'string', default: '3000' },
    cap: { type: 'string', default: '8' },
  },
});
const FAITHFUL = 30;
const SIDE = 320;
const STEPS = ['jpeg96', 'jpeg75', 'half'] as const;
const CLIP = 5;
const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const sets = imageSets(folder).map(place);

const generators = shallowCatalogue().flatMap((declaration) => {
  const file = join(values.zoo, declaration.name);
  if (!existsSync(`${file}.safetensors`)) return [];
  if (JSON.parse(readFileSync(`${file}.json`, 'utf8')).psnr < FAITHFUL) return [];
  const weights = decodeTensors(readFileSync(`${file}.safetensors`)).tensors as Weights;
  return [{ model: zooModel(declaration), weights }];
});

/** One picture, as the generator is asked for: [1, 3, side, side]. */
function only({ width, height, data }: RgbImage): PictureSource {
  const out = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) out[c * width * height + i] = data[i * 3 + c];
  return { draw: () => out };
}

function tileOf(view: RgbImage, random: Random): Float32Array {
  const [width, height] = [Math.min(TILE, view.width), Math.min(TILE, view.height)];
  const at = (length: number, size: number) => Math.floor(random.below(length - size + 1) / 8) * 8;
  return statistics(crop(view, { x: at(view.width, width), y: at(view.height, height), width, height }));
}

interface Reconstruction {
  readonly fold: number;
  readonly row: Float32Array;
}

async function reconstructions(count: number): Promise<Reconstruction[]> {
  const real = sets.filter((set) => set.role === 'real');
  const weight = (set: Placed) => Math.sqrt(Math.min(64, set.files.length));
  const total = real.reduce((sum, set) => sum + weight(set), 0);
  const rows: Reconstruction[] = [];
  for (let i = 0; rows.length < count; i++) {
    const random = new Random(777 + i);
    let left = random.uniform(0, total);
    const set = real.find((one) => {
      left -= weight(one);
      return left < 0;
    });
    if (!set) continue;
    const picture = await decodePixels(await readBytes(random.pick(set.files)), {});
    const side = Math.min(SIDE, Math.floor(Math.min(picture.width, picture.height) / 16) * 16);
    if (side < MIN_SIDE) continue;
    const at = (length: number) => Math.floor(random.below(length - side + 1) / 8) * 8;
    const part = crop(picture, { x: at(picture.width), y: at(picture.height), width: side, height: side });
    const { model, weights } = random.pick(generators);
    for await (const made of sampleFrom(model, weights, {
      count: 1,
      seed: i,
      pictures: only(part),
      size: side,
    })) {
      for (let k = 0; k < 2; k++)
        rows.push({ fold: set.fold, row: tileOf((await randomView(made, random)).image, random) });
    }
  }
  return rows;
}

interface Asked {
  readonly set: Placed;
  readonly step: string;
  readonly rows: readonly Float32Array[];
}

async function asked(): Promise<Asked[]> {
  const list: Asked[] = [];
  for (const set of sets.filter((s) => s.role === 'whole' || s.role === 'real')) {
    for (const file of set.files.slice(0, Number(values.cap))) {
      const picture = await decodePixels(await readBytes(file), {});
      for (const step of STEPS) {
        const arrived = await decodePixels(await reship(picture, step), {});
        if (Math.min(arrived.width, arrived.height) < MIN_SIDE) continue;
        const rows = tiles(arrived.width, arrived.height, 2).map((box) => statistics(crop(arrived, box)));
        list.push({ set, step, rows });
      }
    }
  }
  return list;
}

console.error(`${generators.length} faithful generators`);
const extra = await reconstructions(Number(values.views));
const pictures = await asked();
const views = new Views(values.cache);
const rows = views.statistics();
const shares = [0, 0.2, 1];
const sums = new Map<string, number[]>();
for (const fold of [0, 1, 2, 3]) {
  const names = new Set(trainingSets(sets, fold).map((set) => set.name));
  // Every other view: the comparison needs no more.
  const indices = views.facts.flatMap((fact, i) => (names.has(fact.set) && i % 2 === 0 ? [i] : []));
  const mean = new Float64Array(STATISTICS);
  const square = new Float64Array(STATISTICS);
  for (const i of indices) {
    rows[i].forEach((v, j) => {
      mean[j] += v / indices.length;
      square[j] += (v * v) / indices.length;
    });
  }
  const scale = square.map((s, j) => 1 / (Math.sqrt(Math.max(0, s - mean[j] ** 2)) + 1e-3));
  const standard = (row: Float32Array) =>
    row.map((v, j) => Math.max(-CLIP, Math.min(CLIP, (v - mean[j]) * scale[j])));
  const x = indices.map((i) => standard(rows[i]));
  const fake = indices.map((i) => views.facts[i].label === 'fake');
  const known = extra.filter((one) => one.fold !== fold).map((one) => standard(one.row));
  for (const share of shares) {
    const added = known.slice(0, Math.round(share * known.length));
    const { direction, offset } = fitDiscriminant([...x, ...added], [...fake, ...added.map(() => true)], 0.3);
    const score = ({ rows: tilesOf }: Asked) =>
      pool(tilesOf.map((row) => standard(row).reduce((s, v, j) => s + v * direction[j], offset)));
    for (const step of STEPS) {
      const here = pictures.filter((p) => p.set.fold === fold && p.step === step);
      const real = here.filter((p) => p.set.label === 'real').map(score);
      const each = [
        ...grouped(
          here.filter((p) => p.set.label === 'fake'),
          (p) => p.set,
        ).values(),
      ].map((group) =>
        auc([...group.map(score), ...real], [...group.map(() => true), ...real.map(() => false)]),
      );
      const key = `${share} ${step}`;
      sums.set(key, [...(sums.get(key) ?? []), each.reduce((a, b) => a + b, 0) / each.length]);
    }
  }
}
console.log(`${extra.length} views of reconstructions by ${generators.length} generators.\n`);
console.log(
  `| reconstructions among the generated | ${STEPS.join(' | ')} |\n| --- |${STEPS.map(() => ' --- |').join('')}`,
);
for (const share of shares) {
  const cells = STEPS.map((step) => {
    const list = sums.get(`${share} ${step}`) ?? [];
    return (list.reduce((a, b) => a + b, 0) / list.length).toFixed(3);
  });
  console.log(`| ${share === 0 ? 'none' : share === 1 ? 'all' : 'a fifth of them'} | ${cells.join(' | ')} |`);
}
