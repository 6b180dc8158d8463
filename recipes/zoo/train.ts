/**
 * Trains the zoo, one generator after the other: `npx tsx recipes/zoo/train.ts --tier full --shard 1/2 --threads 1`.
 *
 * Seeded; a generator whose weights lie in the cache already is passed over, one that was interrupted goes on from its
 * checkpoint (written once a minute). A run that diverges, or whose pictures come out all alike, begins again with a
 * part of its learning rate, and the facts say so; one that collapses even then is left out and named at the end. `publish.ts` packs what is there.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HuoyanError } from '../../src/core/errors.ts';
import { Random } from '../../src/core/random.ts';
import { compileTraining, exportInference, type Weights } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { encodeTensors } from '../../src/nn/safetensors.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { fullCatalogue } from '../../src/zoo/catalogue/full.ts';
import { shallowCatalogue } from '../../src/zoo/catalogue/shallow.ts';
import type { PictureSource, ZooDeclaration, ZooModel } from '../../src/zoo/declaration.ts';
import { zooModel } from '../../src/zoo/zoo.ts';
import { CACHE, zooPictures } from './pictures.ts';
import { LEAST_VARIETY, variety } from './variety.ts';

const { values } = parseArgs({
  options: {
    tier: { type: 'string', default: 'full' },
    shard: { type: 'string', default: '1/1' },
    threads: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    /** Stop after so many minutes. */
    minutes: { type: 'string', default: '100000' },
  },
});
const [part, parts] = values.shard.split('/').map(Number);
const threads = Number(values.threads);
const CHECKPOINT_EVERY = 60_000;
const HELD_OUT = 64;
const started = Date.now();

/** Trains to the end, or throws `training-diverged`. */
async function train(model: ZooModel, rateFactor: number, pictures: PictureSource): Promise<Trainer> {
  const { declaration } = model;
  const { network, options, settleFrom = Number.POSITIVE_INFINITY } = model.training();
  const optimiser = { ...options.optimiser, rate: options.optimiser.rate * rateFactor };
  const program = (settled: boolean) => compileTraining(network, { ...options, optimiser, settled });
  const file = join(CACHE, `${declaration.name}.checkpoint`);
  const settings = { threads, progress: null };
  const resume = (settled: boolean) =>
    existsSync(file)
      ? Trainer.resume(program(settled), file, settings)
      : Trainer.create(program(settled), settings);
  let trainer = await resume(false);
  let settled = false;
  let saved = Date.now();
  try {
    while (trainer.step < declaration.steps) {
      if (!settled && trainer.step >= settleFrom && network.statistics.length > 0) {
        settled = true;
        await trainer.checkpoint(file);
        await trainer.release();
        trainer = await resume(true);
      }
      const random = new Random(declaration.seed * 100_003 + trainer.step);
      await trainer.train(model.feed(random, pictures));
      if (Date.now() - saved > CHECKPOINT_EVERY) {
        await trainer.checkpoint(file);
        saved = Date.now();
      }
    }
  } catch (thrown) {
    await trainer.release();
    throw thrown;
  }
  rmSync(file, { force: true });
  return trainer;
}

/** Mean peak signal-to-noise ratio in dB over pictures not trained on, for generators that give a picture back. */
async function fidelity(model: ZooModel, weights: Weights, held: PictureSource): Promise<number | undefined> {
  const { family, size, subject } = model.declaration;
  if (family !== 'shallow' && family !== 'super-resolution' && family !== 'inpainting') return undefined;
  const runtime = await nodeRuntime();
  const sessions = new Map<string, Awaited<ReturnType<typeof runtime.load>>>();
  for (const [name, net] of Object.entries(model.networks))
    sessions.set(name, await runtime.load(exportInference(net, weights), { threads }));
  const random = new Random(1);
  const wanted = held.draw(new Random(1), subject, size, HELD_OUT);
  const made = await model.sample({
    run: (name, inputs) => sessions.get(name)!.run(inputs),
    ...{ random, pictures: held, count: HELD_OUT, size },
  });
  for (const session of sessions.values()) await session.release();
  const each = 3 * size * size;
  let sum = 0;
  for (let i = 0; i < HELD_OUT; i++) {
    let error = 0;
    for (let j = i * each; j < (i + 1) * each; j++) {
      const v = Math.max(0, Math.min(1, made[j]));
      error += (v - wanted[j] / 255) ** 2 / each;
    }
    sum += (-10 * Math.log10(error + 1e-10)) / HELD_OUT;
  }
  return sum;
}

async function make(
  declaration: ZooDeclaration,
  pictures: PictureSource,
  held: PictureSource,
): Promise<void> {
  const begun = Date.now();
  const model = zooModel(declaration);
  let rateFactor = 1;
  for (;;) {
    try {
      const trainer = await train(model, rateFactor, pictures);
      const weights = trainer.averagedWeights();
      await trainer.release();
      const needed = new Set(
        Object.values(model.networks).flatMap((net) =>
          [...net.parameters, ...net.statistics].map((d) => d.name),
        ),
      );
      const kept = Object.fromEntries(Object.entries(weights).filter(([name]) => needed.has(name)));
      const differing = await variety(model, kept, held);
      if (differing < LEAST_VARIETY) {
        if (rateFactor < 1) throw new Error('collapsed: its pictures come out all alike');
        rateFactor /= 2.5;
        console.error(`${declaration.name}: collapsed, again with ${rateFactor.toFixed(2)} of the rate`);
        continue;
      }
      const psnr = await fidelity(model, kept, held);
      const seconds = Math.round((Date.now() - begun) / 1000);
      const facts = { name: declaration.name, psnr, variety: differing, seconds, rateFactor };
      writeFileSync(join(CACHE, `${declaration.name}.json`), JSON.stringify(facts));
      const file = join(CACHE, `${declaration.name}.safetensors`);
      writeFileSync(`${file}.partial`, encodeTensors(kept, {}, { half: true }));
      renameSync(`${file}.partial`, file);
      const quality = psnr === undefined ? '' : `, ${psnr.toFixed(1)} dB`;
      console.error(`${declaration.name}: ${seconds} s${quality}`);
      return;
    } catch (thrown) {
      const diverged = thrown instanceof HuoyanError && thrown.code === 'training-diverged';
      rmSync(join(CACHE, `${declaration.name}.checkpoint`), { force: true });
      if (!diverged || rateFactor < 0.1) throw thrown;
      rateFactor /= 3;
      console.error(`${declaration.name}: diverged, again with ${rateFactor.toFixed(2)} of the rate`);
    }
  }
}

if (!existsSync(join(CACHE, 'faces-train.u8'))) {
  console.error('no pictures: run npx tsx recipes/zoo/pictures.ts first');
  process.exit(5);
}
mkdirSync(CACHE, { recursive: true });
const catalogue: readonly ZooDeclaration[] = values.tier === 'full' ? fullCatalogue() : shallowCatalogue();
const [training, held] = [zooPictures('train'), zooPictures('sample')];
let failed = 0;
for (const [index, declaration] of catalogue.entries()) {
  if (index % parts !== part - 1 || !declaration.name.includes(values.only)) continue;
  if (existsSync(join(CACHE, `${declaration.name}.safetensors`))) continue;
  if (Date.now() - started > Number(values.minutes) * 60_000) break;
  try {
    await make(declaration, training, held);
  } catch (thrown) {
    failed++;
    console.error(`${declaration.name}: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
}
if (failed > 0) process.exit(1);
