/**
 * Trains the fingerprint network without a fold of the zoo: `npx tsx recipes/fingerprint/train.ts --protocol
 * configurations --fold 0`. Resumable; one generator of two is full, the first half of each one's pictures is trained
 * on, and a part of every batch has been through a JPEG, photographs like all others.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTINUOUS } from '../../src/core/construction.ts';
import { Random } from '../../src/core/random.ts';
import { adamW, type Builder, compileTraining, cosine, type Value } from '../../src/nn/index.ts';
import { encodeTensors } from '../../src/nn/safetensors.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { constraintLoss, constraints } from '../../src/trace/fingerprint/constraints.ts';
import { fingerprintNetwork } from '../../src/trace/fingerprint/network.ts';
import { CLASSES, LOSSES_AT, VECTOR } from '../../src/trace/parsing/vector.ts';
import { generators, type Protocol } from './generators.ts';
import { throughJpeg } from './jpeg-sheet.ts';
import { type NetworkName, networkFile } from './networks.ts';
import { CACHE, photographs, SIDE } from './pictures.ts';

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'all' },
    fold: { type: 'string', default: '0' },
    steps: { type: 'string', default: '900' },
    threads: { type: 'string', default: '1' },
  },
});
const BATCH = 96;
const BYTES = 3 * SIDE * SIDE;
/** Share of a batch that is photographs, and that has been through a JPEG. */
const REAL = 0.1;
const RESAVED = 0.35;
const CHECKPOINT_EVERY = 60_000;
const protocol = values.protocol as Protocol;
const fold = Number(values.fold);
const steps = Number(values.steps);
const name: NetworkName = protocol === 'all' ? 'all' : `${protocol}-${fold}`;

const { all } = generators();
const known = all.filter(({ folds }) => protocol === 'all' || folds[protocol] !== fold);
const full = known.flatMap((g, i) => (g.declaration.family === 'shallow' ? [] : [i]));
const shallow = known.flatMap((g, i) => (g.declaration.family === 'shallow' ? [i] : []));
const real = (['faces', 'textures'] as const).map((subject) => photographs('train', subject));
const PHOTOGRAPH = known.length;
const net = fingerprintNetwork(SIDE, known.length + 1);

/** Mean over samples with a construction of the cross entropies of the six discrete parameters. */
function discreteLoss(b: Builder, logits: Value, wanted: Value, weight: Value): Value {
  const offset = CONTINUOUS.length;
  const terms = Object.values(CLASSES).map(([from, to]) => {
    const part = b.slice(logits, [{ axis: 1, start: from - offset, end: to - offset }]);
    return b.softmaxCrossEntropy(part, b.slice(wanted, [{ axis: 1, start: from, end: to }]), weight);
  });
  return b.div(
    terms.reduce((sum, term) => b.add(sum, term)),
    terms.length,
  );
}

const program = compileTraining(net, {
  batch: BATCH,
  targets: { label: { shape: [], type: 'int64' }, built: [VECTOR], made: [] },
  loss(b, outputs, { label, built, made }) {
    const continuous = b.slice(built, [{ axis: 1, start: 0, end: CONTINUOUS.length }]);
    const bits = b.slice(built, [{ axis: 1, start: LOSSES_AT, end: VECTOR }]);
    const losses = {
      constraints: constraintLoss(b, constraints(b, outputs.fingerprint)),
      source: b.softmaxCrossEntropy(outputs.source, label),
      continuous: b.weighedMean(b.square(b.sub(b.sigmoid(outputs.continuous), continuous)), made),
      discrete: discreteLoss(b, outputs.discrete, built, made),
      losses: b.sigmoidCrossEntropy(outputs.losses, bits, made),
    };
    const weights: Record<keyof typeof losses, number> = {
      ...{ constraints: 1, source: 0.5, continuous: 5, discrete: 0.5, losses: 1 },
    };
    const loss = (Object.keys(losses) as (keyof typeof losses)[])
      .map((part) => b.mul(losses[part], weights[part]))
      .reduce((sum, term) => b.add(sum, term));
    return { loss, metrics: losses };
  },
  optimiser: adamW({
    ...{ rate: 3e-3, weightDecay: 0.02 },
    schedule: cosine(steps, { warmupSteps: 100, floor: 0.01 }),
  }),
  clipNorm: 2,
  averageDecay: 0.998,
});

async function batch(random: Random): Promise<Record<string, Uint8Array | Float32Array | BigInt64Array>> {
  const pixels = new Uint8Array(BATCH * BYTES);
  const label = new BigInt64Array(BATCH);
  const built = new Float32Array(BATCH * VECTOR);
  const made = new Float32Array(BATCH);
  for (let i = 0; i < BATCH; i++) {
    if (i < REAL * BATCH) {
      const set = real[i % 2];
      const at = random.below(set.count) * BYTES;
      pixels.set(set.data.subarray(at, at + BYTES), i * BYTES);
      label[i] = BigInt(PHOTOGRAPH);
      continue;
    }
    const which = random.pick(shallow.length > 0 && i % 2 ? shallow : full);
    const { pictures, vector } = known[which];
    const at = random.below(pictures.count >> 1) * BYTES;
    pixels.set(pictures.data.subarray(at, at + BYTES), i * BYTES);
    label[i] = BigInt(which);
    built.set(vector, i * VECTOR);
    made[i] = 1;
  }
  const resaved = Array.from({ length: BATCH }, (_, i) => i).filter(() => random.chance(RESAVED));
  await throughJpeg(pixels, SIDE, resaved, 50 + random.below(46));
  return { pixels, label, built, made };
}

const checkpoint = join(CACHE, `fen-${name}.checkpoint`);
const settings = { threads: Number(values.threads), totalSteps: steps };
const trainer = existsSync(checkpoint)
  ? await Trainer.resume(program, checkpoint, settings)
  : await Trainer.create(program, settings);
console.error(`${net.size} numbers, ${known.length} generators and photographs`);
let saved = Date.now();
const seen: Record<string, number> = {};
while (trainer.step < steps) {
  const { metrics } = await trainer.train(await batch(new Random(trainer.step * 7919 + fold + 1)));
  for (const [key, value] of Object.entries(metrics)) seen[key] = (seen[key] ?? value) * 0.98 + value * 0.02;
  if (trainer.step % 100 === 0)
    console.error(
      Object.entries(seen)
        .map(([key, value]) => `${key} ${value.toFixed(4)}`)
        .join('  '),
    );
  if (Date.now() - saved > CHECKPOINT_EVERY) {
    await trainer.checkpoint(checkpoint);
    saved = Date.now();
  }
}
const file = networkFile(name);
const sources = JSON.stringify(known.map(({ declaration }) => declaration.name));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(`${file}.partial`, encodeTensors(trainer.averagedWeights(), { sources }, { half: true }));
renameSync(`${file}.partial`, file);
rmSync(checkpoint, { force: true });
