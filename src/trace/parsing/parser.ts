/**
 * Model parsing: how the generator behind one or more pictures is likely built (RED, Asnani et al., arXiv:2106.07873).
 *
 * Two ways. Retrieval goes by the constructions of the generators most alike, because many a new generator shares its
 * architecture with a known one: the median of their quantities, the shares of their choices and losses. Regression fits
 * every number by kernel ridge regression on the same likeness. Which of the two answers for which kind of parameter is
 * a result of validation (docs/measured/trace.md).
 */
import { CONTINUOUS, type ConstructionEstimate, LOSS_BITS } from '../../core/construction.ts';
import { grouped } from '../../core/group.ts';
import { inner, project, type SpaceData } from './space.ts';
import { CLASSES, DISCRETE_NAMES, denormalise, LOSSES_AT, type Ranges, VECTOR } from './vector.ts';

export interface Reference {
  readonly name: string;
  /** Where the generator lies, of length one; see `space.ts`. */
  readonly place: Float32Array;
  /** How it is built; see `vector.ts`. NaN for a quantity and no class for a choice that nobody stated. */
  readonly vector: Float32Array;
}

export type Way = 'retrieval' | 'regression';
export type Kind = 'continuous' | 'discrete' | 'losses';

export interface ParserData {
  readonly space: SpaceData;
  readonly ranges: Ranges;
  readonly references: readonly Reference[];
  /** [VECTOR]: mean over references, what regression adds to. */
  readonly mean: Float32Array;
  /** One [VECTOR] for each reference: weights of its likeness. */
  readonly coefficients: readonly Float32Array[];
  readonly ways: Readonly<Record<Kind, Way>>;
  /** Half of an interval is `base + slope * spread`, see {@link Parser.estimate}; normalised units. */
  readonly interval: { readonly base: number; readonly slope: number };
}

/** How fast a reference's share falls with its cosine. */
export const SHARPNESS = 12;
/** Likeness is exp(-WIDTH * (1 - cosine)). */
const WIDTH = 4;
/** No class is impossible. */
const LEAST = 0.01;

/** Likeness of two places, 0..1, from their cosine. */
export const likeness = (cosine: number): number => Math.exp(-WIDTH * (1 - cosine));

export class Parser {
  /** References by the size of each continuous parameter, as far as asked. */
  readonly #orders: number[][] = [];

  constructor(readonly data: ParserData) {}

  /**
   * [VECTOR] by each way for a look at one picture or the mean of looks at several, and for each quantity half the
   * distance between what a tenth of the references, by their shares, lie below and what a tenth lie above.
   */
  estimate(look: Float32Array): Record<Way, Float32Array> & { spread: Float32Array; cosines: number[] } {
    const { references, mean, coefficients } = this.data;
    const place = project(this.data.space, look);
    const cosines = references.map((reference) => inner(reference.place, place));
    const most = Math.max(...cosines);
    const weights = cosines.map((cosine) => Math.exp(SHARPNESS * (cosine - most)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const retrieval = new Float32Array(VECTOR);
    const regression = Float32Array.from(mean);
    references.forEach(({ vector }, r) => {
      const alike = likeness(cosines[r]);
      for (let k = CONTINUOUS.length; k < VECTOR; k++) retrieval[k] += (weights[r] / total) * vector[k];
      for (let k = 0; k < VECTOR; k++) regression[k] += alike * coefficients[r][k];
    });
    const spread = new Float32Array(CONTINUOUS.length);
    for (let k = 0; k < CONTINUOUS.length; k++) {
      const [low, middle, high] = this.#quantiles(k, weights, [0.1, 0.5, 0.9]);
      retrieval[k] = middle;
      spread[k] = (high - low) / 2;
    }
    return { retrieval, regression, spread, cosines };
  }

  /** What these shares of the references' weights lie below, of quantity `k`; ascending shares. */
  #quantiles(k: number, weights: readonly number[], shares: readonly number[]): number[] {
    const { references } = this.data;
    this.#orders[k] ??= references
      .map((_, r) => r)
      .filter((r) => !Number.isNaN(references[r].vector[k]))
      .sort((a, b) => references[a].vector[k] - references[b].vector[k]);
    const order = this.#orders[k];
    const total = order.reduce((sum, r) => sum + weights[r], 0);
    let below = 0;
    let at = 0;
    return shares.map((share) => {
      while (at < order.length - 1 && below + weights[order[at]] < share * total)
        below += weights[order[at++]];
      return references[order[at]].vector[k];
    });
  }

  /** How the generator is likely built, from a look (`look.ts`) at one picture or the mean of looks at several. */
  parse(look: Float32Array): ConstructionEstimate {
    const { ranges, ways, interval, references } = this.data;
    const estimated = this.estimate(look);
    const continuous = estimated[ways.continuous];
    const within = (v: number) => Math.max(0, v);
    const intervals = CONTINUOUS.map((name, i) => {
      const value = within(continuous[i]);
      const half = interval.base + interval.slope * estimated.spread[i];
      const own = (v: number) => denormalise(name, within(v), ranges);
      return [name, { value: own(value), lo: own(value - half), hi: own(value + half) }] as const;
    });
    const discrete = DISCRETE_NAMES.map((name) => {
      const [from, to] = CLASSES[name];
      return [name, probabilities(estimated[ways.discrete].subarray(from, to))] as const;
    });
    const bits = estimated[ways.losses].subarray(LOSSES_AT);
    const losses = LOSS_BITS.map((bit, i) => [bit, Math.max(LEAST, Math.min(1 - LEAST, bits[i]))] as const);
    return {
      continuous: Object.fromEntries(intervals) as unknown as ConstructionEstimate['continuous'],
      discrete: Object.fromEntries(discrete) as unknown as ConstructionEstimate['discrete'],
      losses: Object.fromEntries(losses) as ConstructionEstimate['losses'],
      nearest: [
        ...grouped(
          estimated.cosines.map((similarity, r) => ({ name: references[r].name, similarity })),
          ({ name }) => name,
        ).values(),
      ]
        .map((same) => same.reduce((a, b) => (b.similarity > a.similarity ? b : a)))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 5),
    };
  }
}

/** Scores as probabilities: none impossible, all together 1. */
function probabilities(scores: Float32Array): number[] {
  const bounded = Array.from(scores, (v) => Math.max(LEAST, v));
  const total = bounded.reduce((sum, v) => sum + v, 0);
  return bounded.map((v) => v / total);
}
