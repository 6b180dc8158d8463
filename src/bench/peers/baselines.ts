/**
 * Detectors that are fitted on the data set they are judged on, each file by a fit that has not seen its source: what a
 * spectrum shows, and what the mere kind of file gives away. A detector that does not beat the second has learned
 * nothing about fakes.
 */
import { exportInference } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { BenchItem } from '../data/item.ts';
import type { BenchDetector, Opinion, Sample } from '../detectors/detector.ts';
import { factsOfImage, formatFeatures } from '../leakage/facts.ts';
import { foldsBySource } from '../measure/folds.ts';
import { fitLogistic, type Logistic, logitOf } from '../measure/logistic.ts';
import { type Differentiable, differentiable, planesOf } from './learned.ts';
import { RINGS, SPECTRUM_SIDE, spectrumCrops, spectrumNetwork, spectrumWeights } from './spectrum.ts';

/** Numbers of a sample, or why there are none. */
type Features = (sample: Sample) => Promise<readonly number[] | string>;

/** Who may learn from whom, where folds by source are not strict enough: galleries with a common owner, one generator in two. */
export interface FitProtocol {
  /** Folds, each of which is judged by one fit. */
  readonly count: number;
  /** The fold a file is judged in, 0 .. count - 1. */
  foldOf(item: BenchItem): number;
  /** Whether the fit that judges `fold` may see the file. */
  mayLearn(item: BenchItem, fold: number): boolean;
}

export interface Baseline extends BenchDetector {
  /** The fit that judged the sample called `key`; null before `prepare` and for what it cannot judge. */
  fitOf(key: string): Logistic | null;
}

function baseline(
  name: string,
  features: Features,
  close: () => Promise<void>,
  protocol?: FitProtocol,
): Baseline {
  let fits: readonly (Logistic | null)[] = [];
  let foldOf = new Map<string, number>();
  const fitOf = (key: string) => fits[foldOf.get(key) ?? -1] ?? null;
  return {
    ...{ name, scale: 'logit', threshold: 0, fitOf, close },
    settings: protocol ? { folds: protocol.count, protocol: 'stated' } : { folds: 5, seed: 1 },
    async prepare(samples) {
      const items: (BenchItem & { readonly source: string })[] = [];
      const rows = new Map<string, readonly number[]>();
      for await (const sample of samples) {
        const { item } = sample;
        const row = await features(sample).catch(() => 'unreadable');
        if (typeof row === 'string') continue;
        rows.set(item.key, row);
        items.push({ ...item, source: item.source ?? item.key });
      }
      const folds = protocol
        ? { count: protocol.count, of: items.map((item) => protocol.foldOf(item)) }
        : foldsBySource(items);
      foldOf = new Map(items.map(({ key }, i) => [key, folds.of[i]]));
      fits = Array.from({ length: folds.count }, (_, fold) => {
        const others = items.filter((item, i) =>
          protocol ? protocol.mayLearn(item, fold) : folds.of[i] !== fold,
        );
        const positive = others.map(({ label }) => label === 'fake');
        if (!positive.includes(true) || !positive.includes(false)) return null;
        return fitLogistic(
          others.map(({ key }) => rows.get(key) as readonly number[]),
          positive,
          { ridge: 1e-2 },
        );
      });
    },
    async judge(sample): Promise<Opinion> {
      const row = await features(sample);
      const fit = fitOf(sample.item.key);
      if (typeof row === 'string') return { status: 'notApplicable', reason: row };
      if (!fit) return { status: 'notApplicable', reason: 'too-few-sources' };
      return { status: 'ok', score: logitOf(fit, row) };
    },
  };
}

/** Knows only what kind of file it was given. */
export function formatOnly(protocol?: FitProtocol): Baseline {
  const features: Features = async (sample) => {
    const { item, bytes } = sample;
    if (item.media === 'image') return formatFeatures(factsOfImage(await sample.image()));
    const format = item.key.split('.').at(-1)?.toLowerCase() ?? '';
    return formatFeatures({ bytes: bytes.length, format });
  };
  return baseline('format-only', features, async () => {}, protocol);
}

export interface SpectrumBaseline extends Baseline {
  /** The network with the fit that judges the sample called `key`. Throws RangeError where there is none. */
  insideOf(key: string): Promise<Differentiable>;
}

/** Knows only how strong each ring of frequencies is. */
export async function spectrum(protocol?: FitProtocol): Promise<SpectrumBaseline> {
  const nothing = { weights: new Array(RINGS).fill(0), offset: 0, mean: new Array(RINGS).fill(0), scale: [] };
  const file = exportInference(spectrumNetwork(), spectrumWeights({ ...nothing, scale: nothing.mean }), {
    half: false,
    outputs: ['features'],
  });
  const session = await (await nodeRuntime()).load(file, { threads: 1 });
  const features: Features = async (sample) => {
    if (sample.item.media !== 'image') return 'not-a-picture';
    const { pixels } = await sample.image();
    if (Math.min(pixels.width, pixels.height) < SPECTRUM_SIDE) return 'too-small';
    const crops = spectrumCrops(pixels);
    const data = new Float32Array(crops.length * 3 * SPECTRUM_SIDE ** 2);
    crops.forEach((one, i) => {
      data.set(planesOf(one), i * 3 * SPECTRUM_SIDE ** 2);
    });
    const dims = [crops.length, 3, SPECTRUM_SIDE, SPECTRUM_SIDE];
    const found = (await session.run({ x: { dims, data } })).features.data as Float32Array;
    return Array.from({ length: RINGS }, (_, r) => {
      let sum = 0;
      for (let i = 0; i < crops.length; i++) sum += found[i * RINGS + r];
      return sum / crops.length;
    });
  };
  const opened = new Map<Logistic, Promise<Differentiable>>();
  const close = async () => {
    await session.release();
    for (const inside of opened.values()) await (await inside).close();
  };
  const base = baseline('spectrum', features, close, protocol);
  return {
    ...base,
    insideOf(key) {
      const fit = base.fitOf(key);
      if (!fit) throw new RangeError(`nothing was fitted that may judge ${key}`);
      const inside =
        opened.get(fit) ?? differentiable(spectrumNetwork(), spectrumWeights(fit), SPECTRUM_SIDE);
      opened.set(fit, inside);
      return inside;
    },
  };
}
