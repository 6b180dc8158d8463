/**
 * Describes pictures of zoo generators that work at any size, 128 pixels a side: `npm run recipe:trace -- describe-zoo`.
 * They are the generators of which there are pictures without end: enrolment and pairs are measured on them beside the
 * real ones, and no metric ever sees them. What goes in are crops of photographs, shrunk twofold, another part of
 * which trained the generators.
 */
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import type { Random } from '../../src/core/random.ts';
import { readBytes, readImage, resize } from '../../src/media/index.node.ts';
import { reship } from '../../src/media/reshipping.node.ts';
import type { Weights } from '../../src/nn/index.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { describe } from '../../src/trace/description.ts';
import { shallowCatalogue } from '../../src/zoo/catalogue/shallow.ts';
import type { PictureSource, Subject } from '../../src/zoo/declaration.ts';
import { sampleFrom } from '../../src/zoo/sampling.node.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { CACHE, type Described } from './described.ts';

const SIDE = 128;
const GENERATORS = 48;
const PICTURES = 40;
/** Below this a reconstruction is visibly blurred, and that would be what is recognised. */
const FAITHFUL = 29;
const ZOO = '.cache/zoo';
const SETS = /^real_(bsds500|camera_exif|clothing_phone|grocery|iphone8|mcmaster|polyu|sun_hays|imagenet)/;

const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}

/** Crops of photographs, at least twofold shrunk. */
async function photographs(): Promise<PictureSource> {
  const shrunk: RgbImage[] = [];
  for (const set of imageSets(folder!).filter(({ name }) => SETS.test(name))) {
    for (const file of set.files.slice(0, 20)) {
      const { pixels } = await readImage(await readBytes(file), file);
      const scale = Math.min(0.5, 640 / Math.max(pixels.width, pixels.height));
      const width = Math.round(pixels.width * scale);
      const height = Math.round(pixels.height * scale);
      if (Math.min(width, height) < SIDE) continue;
      shrunk.push(await resize(pixels, { width, height, kernel: 'lanczos3' }));
    }
  }
  return {
    draw(random: Random, _: Subject, size: number, count: number): Uint8Array {
      const out = new Uint8Array(count * 3 * size * size);
      for (let i = 0; i < count; i++) {
        const picture = random.pick(shrunk);
        const x = random.below(picture.width - size + 1);
        const y = random.below(picture.height - size + 1);
        const { data } = crop(picture, { x, y, width: size, height: size });
        for (let c = 0; c < 3; c++)
          for (let p = 0; p < size * size; p++) out[(i * 3 + c) * size * size + p] = data[p * 3 + c];
      }
      return out;
    },
  };
}

mkdirSync(CACHE, { recursive: true });
const numbers = createWriteStream(join(CACHE, 'zoo.f32'));
const facts = createWriteStream(join(CACHE, 'zoo.ndjson'));
const pictures = await photographs();
let made = 0;
for (const declaration of shallowCatalogue()) {
  const file = join(ZOO, `${declaration.name}.safetensors`);
  if (made >= GENERATORS || !existsSync(file)) continue;
  const { psnr } = JSON.parse(readFileSync(join(ZOO, `${declaration.name}.json`), 'utf8'));
  if (psnr < FAITHFUL) continue;
  const weights = decodeTensors(readFileSync(file)).tensors as Weights;
  let number = 0;
  const request = { count: PICTURES, seed: made, pictures, size: SIDE };
  for await (const image of sampleFrom(zooModel(declaration), weights, request)) {
    for (const step of ['stored', 'jpeg75'] as const) {
      const pixels = step === 'stored' ? image : (await readImage(await reship(image, step), 'zoo')).pixels;
      numbers.write(Buffer.from(describe(pixels).buffer));
      const line: Described = {
        ...{ set: declaration.name, label: 'fake', role: 'whole', fold: made % 4 },
        ...{ file: String(number).padStart(3, '0'), step },
      };
      facts.write(`${JSON.stringify(line)}\n`);
    }
    number++;
  }
  made++;
  console.error(`${declaration.name} (${made})`);
}
for (const stream of [numbers, facts]) await new Promise((done) => stream.end(done));
