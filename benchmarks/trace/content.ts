/**
 * `npm run bench:trace -- content`: is a fingerprint free of content? A decoder is trained to rebuild photographs from
 * their fingerprints; the control is the same decoder on fingerprints of other photographs, and the other end of the
 * scale what the network says of one block, before anything is averaged. Then: do fingerprints tell persons apart?
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readNetwork } from '../../recipes/fingerprint/networks.ts';
import { dataFolder, imageSets } from '../../src/bench/corpus.ts';
import { crop, type RgbImage } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { readImageFile, resize } from '../../src/media/index.node.ts';
import {
  adamW,
  type Builder,
  compileTraining,
  cosine,
  exportInference,
  network,
  type Value,
} from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { BLOCK, type FingerprintEstimator, toPlanes } from '../../src/trace/fingerprint/estimator.ts';
import { estimationNetwork } from '../../src/trace/fingerprint/network.ts';
import { inner, unit } from '../../src/trace/parsing/space.ts';
import { readEstimator } from '../../src/trace/parsing/trained.node.ts';
import { head, interval, mean, percent, row } from './table.ts';

const PICTURE = 160;
const EACH = 3 * BLOCK * BLOCK;
const STEPS = 400;
const BATCH = 64;
const PERSONS = ['gallery_lfw10', 'gallery_lfw_more'];
/** Photographs whose files are large enough to be shrunk twofold first. */
const SETS =
  /^real_(bsds500|camera_exif|clothing_phone|grocery|iphone8|mcmaster|polyu|sun_hays|imagenet|unsplash|pixabay)/;
const CROPS = 12;

const folder = dataFolder();
if (!folder) {
  console.error('no picture corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
const estimator = await readEstimator();

/** A photograph, small, beside what is said of it. */
interface Sample {
  /** [3, BLOCK, BLOCK] on -1..1: the whole crop shrunk. */
  readonly picture: Float32Array;
  readonly pattern: Float32Array;
  /** The middle block, and what the network alone makes of it, scaled to a spread of about one. */
  readonly block: Float32Array;
  readonly raw: Float32Array;
}

const centred = (image: RgbImage): Float32Array => {
  const planes = new Uint8Array(EACH);
  toPlanes(image, planes);
  return Float32Array.from(planes, (v) => v / 127.5 - 1);
};

const single = await (await nodeRuntime()).load(
  exportInference(estimationNetwork(BLOCK), readNetwork('all').weights),
);
async function rawOf(block: RgbImage): Promise<Float32Array> {
  const data = new Uint8Array(EACH);
  toPlanes(block, data);
  const { fingerprint } = await single.run({ pixels: { dims: [1, 3, BLOCK, BLOCK], data } });
  return fingerprint.data as Float32Array;
}

async function samples(): Promise<{ train: Sample[]; test: Sample[] }> {
  const out = { train: [] as Sample[], test: [] as Sample[] };
  const random = new Random(8);
  for (const set of imageSets(folder!).filter(({ name }) => SETS.test(name))) {
    for (const [number, file] of set.files.slice(0, 14).entries()) {
      const { pixels } = await readImageFile(file);
      const scale = Math.min(0.5, 640 / Math.max(pixels.width, pixels.height));
      const [width, height] = [Math.round(pixels.width * scale), Math.round(pixels.height * scale)];
      if (Math.min(width, height) < PICTURE) continue;
      const small = await resize(pixels, { width, height, kernel: 'lanczos3' });
      for (let k = 0; k < CROPS; k++) {
        const x = random.below(width - PICTURE + 1);
        const y = random.below(height - PICTURE + 1);
        const part = crop(small, { x, y, width: PICTURE, height: PICTURE });
        const whole = await resize(part, { width: BLOCK, height: BLOCK, kernel: 'lanczos3' });
        const middle = crop(part, { x: 64, y: 64, width: BLOCK, height: BLOCK });
        const { pattern } = await estimator.fingerprint(part);
        out[number % 5 === 4 ? 'test' : 'train'].push({
          ...{ picture: centred(whole), block: centred(middle), raw: await rawOf(middle) },
          pattern: pattern.map((v) => v * Math.sqrt(EACH)),
        });
      }
    }
  }
  return out;
}

/** Fingerprint to picture: down to a quarter and up again with what was handed across. */
const decoder = network({
  name: 'content',
  seed: 5,
  inputs: { f: [3, BLOCK, BLOCK] },
  build(b: Builder, { f }) {
    const block = (x: Value, width: number, stride = 1) =>
      b.relu(b.batchNorm(b.conv(x, width, { stride, bias: false })));
    const a = block(f, 16);
    const c = block(a, 32, 2);
    const d = block(block(c, 48, 2), 48);
    const e = block(b.concat([b.resize(d, BLOCK / 2, BLOCK / 2), c]), 32);
    const g = block(b.concat([b.resize(e, BLOCK, BLOCK), a]), 16);
    return { picture: b.conv(g, 3) };
  },
});

/** Share of the variance of pictures kept from training that the decoder rebuilds, picture by picture. */
async function rebuilt(
  train: readonly Sample[],
  test: readonly Sample[],
  from: (s: Sample) => Float32Array,
  to: (s: Sample) => Float32Array,
  shuffled = false,
): Promise<number[]> {
  const program = compileTraining(decoder, {
    batch: BATCH,
    targets: { wanted: [3, BLOCK, BLOCK] },
    loss: (b, { picture }, { wanted }) => b.mean(b.square(b.sub(picture, wanted))),
    optimiser: adamW({ rate: 3e-3, schedule: cosine(STEPS, { warmupSteps: 50 }) }),
    averageDecay: 0.99,
  });
  const trainer = await Trainer.create(program, { progress: null });
  const random = new Random(3);
  for (let step = 0; step < STEPS; step++) {
    const f = new Float32Array(BATCH * EACH);
    const wanted = new Float32Array(BATCH * EACH);
    for (let i = 0; i < BATCH; i++) {
      const one = random.pick(train);
      f.set(from(one), i * EACH);
      wanted.set(to(shuffled ? random.pick(train) : one), i * EACH);
    }
    await trainer.train({ f, wanted });
  }
  const session = await (await nodeRuntime()).load(exportInference(decoder, trainer.averagedWeights()));
  await trainer.release();
  const centre = Float32Array.from({ length: EACH }, (_, k) => mean(test.map((s) => to(s)[k])));
  const shares: number[] = [];
  for (const one of test) {
    const { picture } = await session.run({ f: { dims: [1, 3, BLOCK, BLOCK], data: from(one) } });
    const made = picture.data as Float32Array;
    const wanted = to(one);
    let [error, variance] = [0, 0];
    wanted.forEach((v, k) => {
      error += (v - made[k]) ** 2;
      variance += (v - centre[k]) ** 2;
    });
    shares.push(1 - error / variance);
  }
  await session.release();
  return shares;
}

/** Median and its share above zero say more of a heavy-tailed share than a mean. */
const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

const { train, test } = await samples();
console.log('## Is a fingerprint free of content?\n');
console.log(
  `Share of each photograph's variance that a decoder rebuilds, in %: median over ${test.length} crops of files kept from training (${train.length} crops trained on), and how many crops are rebuilt better than by the average picture. ${PICTURE} by ${PICTURE} pixels, shown to the decoder's judge at ${BLOCK} by ${BLOCK}.\n`,
);
head('handed to the decoder', 'median share', 'better than the average picture');
const show = (name: string, shares: readonly number[]) =>
  row([name, percent(middle(shares)), `${percent(mean(shares.map((s) => (s > 0 ? 1 : 0))))} %`]);
show(
  'its fingerprint',
  await rebuilt(
    train,
    test,
    (s) => s.pattern,
    (s) => s.picture,
  ),
);
show(
  "another photograph's fingerprint (control)",
  await rebuilt(
    train,
    test,
    (s) => s.pattern,
    (s) => s.picture,
    true,
  ),
);
show(
  'one block as the network answers it, not averaged',
  await rebuilt(
    train,
    test,
    (s) => s.raw,
    (s) => s.block,
  ),
);

interface Face {
  readonly set: string;
  readonly person: string;
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

async function faces(of: FingerprintEstimator): Promise<Face[]> {
  const all: Face[] = [];
  for (const set of PERSONS) {
    const root = join(folder!, 'faces', set);
    for (const person of readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory())) {
      for (const file of readdirSync(join(root, person))) {
        const { pixels } = await readImageFile(join(root, person, file));
        const { width, height } = pixels;
        const side = Math.min(width, height) * 0.5;
        const face = crop(pixels, {
          ...{ x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2) },
          ...{ width: Math.floor(side), height: Math.floor(side) },
        });
        const small = await resize(face, { width: BLOCK, height: BLOCK, kernel: 'lanczos3' });
        all.push({
          ...{ set, person },
          vectors: {
            fingerprint: (await of.fingerprint(pixels)).pattern,
            embedding: unit(await of.embed(pixels)),
            'pixels of the face, 32 by 32 (for comparison)': unit(centred(small)),
          },
        });
      }
    }
  }
  return all;
}

/** Is the nearest other picture, of the same set of photographs, of the same person? One answer a picture. */
function recognised(all: readonly Face[], by: string, persons: readonly string[]): number[] {
  return all.map((face, i) => {
    let [best, score] = [-1, Number.NEGATIVE_INFINITY];
    all.forEach((other, j) => {
      if (j === i || other.set !== face.set) return;
      const cosine = inner(face.vectors[by], other.vectors[by]);
      if (cosine > score) [best, score] = [j, cosine];
    });
    return persons[best] === persons[i] ? 1 : 0;
  });
}

const known = await faces(estimator);
const persons = known.map((face) => `${face.set}/${face.person}`);
console.log(
  `\nPersons by fingerprints: how often the nearest other photograph is of the same person, in %, ${known.length} photographs of ${new Set(persons).size} people (${PERSONS.map((p) => basename(p)).join(', ')}; compared inside each set). Chance: the same with persons shuffled inside their set, mean of 50 shuffles.\n`,
);
head('compared', 'same person nearest', 'chance');
for (const by of Object.keys(known[0].vectors)) {
  const random = new Random(1);
  const chance = Array.from({ length: 50 }, () => {
    const shuffled = [...persons];
    for (const set of PERSONS) {
      const places = known.flatMap((face, i) => (face.set === set ? [i] : []));
      const moved = random.shuffle(places.map((i) => persons[i]));
      places.forEach((place, k) => {
        shuffled[place] = moved[k];
      });
    }
    return mean(recognised(known, by, shuffled));
  });
  row([by, interval(recognised(known, by, persons)), percent(mean(chance))]);
}
console.log('');
await single.release();
await estimator.release();
