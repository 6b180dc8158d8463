/**
 * One network on the spectra of some sources. Fake and real views are drawn in pairs, most of them from one page and all
 * of them from the collection or from the pool, so that neither tells anything about the label; bands and frames are
 * hidden at random, and often all that a telephone would not let through.
 */
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { grouped } from '../../../src/core/group.ts';
import { Random } from '../../../src/core/random.ts';
import { adamW, compileTraining, cosine, type Network, type Weights } from '../../../src/nn/index.ts';
import { Trainer } from '../../../src/nn/trainer.node.ts';
import { RATE } from '../channel.ts';
import { FRAMES } from './network.ts';
import { BANDS, type Spectrum } from './spectra.ts';

export const CELLS = FRAMES * BANDS;
const BATCH = 32;
/** Share of pairs whose recording is of the page of the synthetic view, where that has recordings. */
const SAME_PAGE = 0.6;
/** How often only what passes a telephone is shown. */
const NARROW = 0.4;
const LOW_BAND = Math.ceil((300 / (RATE / 2)) * BANDS);
const HIGH_BAND = Math.floor((3400 / (RATE / 2)) * BANDS);
/** Steps of the stored levels that make one, and the most that is told: 10 dB, 30 dB. */
const SCALE = 20;
const MOST = 3;
const SOFT = 0.04;

/** A spectrum that a network is shown parts of. */
export interface Prepared {
  readonly spectrum: Spectrum;
  readonly frames: number;
  /** Mean level of each band. */
  readonly means: Float32Array;
}

export function prepare(spectrum: Spectrum): Prepared {
  const frames = spectrum.levels.length / BANDS;
  const means = new Float32Array(BANDS);
  spectrum.levels.forEach((v, i) => {
    means[i % BANDS] += v / frames;
  });
  return { spectrum, frames, means };
}

/** FRAMES frames of `view` from frame `from` on, over and over where it is shorter, at `offset` of `into`. */
export function put(into: Float32Array, offset: number, view: Prepared, from: number, narrow: boolean): void {
  const { levels } = view.spectrum;
  for (let t = 0; t < FRAMES; t++) {
    const row = ((from + t) % view.frames) * BANDS;
    for (let b = 0; b < BANDS; b++) {
      const shown = !narrow || (b >= LOW_BAND && b < HIGH_BAND);
      const z = shown ? (levels[row + b] - view.means[b]) / SCALE : 0;
      into[offset + t * BANDS + b] = Math.max(-MOST, Math.min(MOST, z));
    }
  }
}

/** Hides a few bands and a few frames of the view at `offset`. */
function hide(batch: Float32Array, offset: number, random: Random): void {
  const [bands, frames] = [random.below(20), random.below(12)];
  const [band, frame] = [random.below(BANDS - bands), random.below(FRAMES - frames)];
  for (let t = 0; t < FRAMES; t++) {
    const at = offset + t * BANDS;
    if (t >= frame && t < frame + frames) batch.fill(0, at, at + BANDS);
    else batch.fill(0, at + band, at + band + bands);
  }
}

/** Views by set and file, sets drawn by the square root of their files. */
class Pool {
  readonly #sets: { readonly about: SpeechSet; readonly weight: number; readonly files: Prepared[][] }[] = [];

  constructor(views: readonly Prepared[], sets: ReadonlyMap<string, SpeechSet>) {
    for (const [set, group] of grouped(views, (v) => v.spectrum.set)) {
      const files = [...grouped(group, (v) => v.spectrum.file).values()];
      this.#sets.push({ about: sets.get(set) as SpeechSet, weight: Math.sqrt(files.length), files });
    }
  }

  /** Null where no set is `wanted`. */
  draw(
    random: Random,
    wanted: (set: SpeechSet) => boolean,
  ): { readonly view: Prepared; readonly set: SpeechSet } | null {
    const sets = this.#sets.filter(({ about }) => wanted(about));
    if (sets.length === 0) return null;
    const chosen = random.weighted(sets, (s) => s.weight);
    return { view: random.pick(random.pick(chosen.files)), set: chosen.about };
  }
}

const isOfPool = (set: SpeechSet) => 'part' in set;

export interface Material {
  readonly views: readonly Prepared[];
  readonly sets: ReadonlyMap<string, SpeechSet>;
}

export interface TrainingPlan {
  readonly steps: number;
  readonly seed: number;
  readonly declare: (name: string, seed: number) => Network;
}

/** Trains on `material` for `steps` steps of one thread. */
export async function train(
  { views, sets }: Material,
  { steps, seed, declare }: TrainingPlan,
): Promise<{ readonly net: Network; readonly weights: Weights }> {
  const labelled = (label: 'real' | 'fake') => views.filter((v) => sets.get(v.spectrum.set)?.label === label);
  const fakes = new Pool(labelled('fake'), sets);
  const reals = new Pool(labelled('real'), sets);
  const net = declare('voice-convolution', seed);
  const program = compileTraining(net, {
    batch: BATCH,
    targets: { fake: [1] },
    loss: (b, { logit }, { fake }) => b.sigmoidCrossEntropy(logit, b.add(b.mul(fake, 1 - 2 * SOFT), SOFT)),
    optimiser: adamW({
      rate: 2e-3,
      weightDecay: 0.05,
      schedule: cosine(steps, { warmupSteps: 30, floor: 0.01 }),
    }),
    clipNorm: 2,
    averageDecay: 0.99,
  });
  const trainer = await Trainer.create(program, { threads: 1, totalSteps: steps });
  const spectrum = new Float32Array(BATCH * CELLS);
  const fake = Float32Array.from({ length: BATCH }, (_, i) => i % 2);
  for (let step = 0; step < steps; step++) {
    const random = new Random(seed * 1_000_003 + step);
    for (let i = 0; i < BATCH; i += 2) {
      const first = fakes.draw(random, () => true);
      if (!first) throw new TypeError('no synthetic views');
      const { page } = first.set;
      const near = random.chance(SAME_PAGE) ? reals.draw(random, (set) => set.page === page) : null;
      const real = near ?? reals.draw(random, (set) => isOfPool(set) === isOfPool(first.set));
      if (!real) throw new TypeError('no recorded views');
      const pair = [real.view, first.view];
      const narrow = random.chance(NARROW);
      pair.forEach((view, side) => {
        const offset = (i + side) * CELLS;
        put(spectrum, offset, view, random.below(view.frames), narrow);
        hide(spectrum, offset, random);
      });
    }
    await trainer.train({ spectrum, fake });
  }
  const weights = trainer.averagedWeights();
  await trainer.release();
  return { net, weights };
}
