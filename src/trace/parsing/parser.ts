/**
 * Model parsing: how the generator behind one or more pictures is likely built (RED, Asnani et al., arXiv:2106.07873).
 *
 * Two ways. Retrieval blends the constructions of the generators most alike, because many a new generator shares its
 * architecture with a known one; regression fits every number by kernel ridge regression on the same likeness. Which
 * of the two answers for which kind of parameter is a result of validation (docs/measured/trace.md).
 */
import { CONTINUOUS, type ConstructionEstimate, LOSS_BITS } from '../../core/construction.ts';
import { inner, project, type SpaceData } from './space.ts';
import { CLASSES, DISCRETE_NAMES, denormalise, LOSSES_AT, type Ranges, VECTOR } from './vector.ts';

export interface Reference {
  readonly name: string;
  /** Where the generator lies, of length one; see `space.ts`. */
  readonly place: Float32Array;
  /** How it is built; see `vector.ts`. */
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
  /** Half of an interval is `base + slope * spread of the references blended`, normalised units. */
  readonly interval: { readonly base: number; readonly slope: number };
}

/** How fast a reference's share in a blend falls with its cosine. */
const SHARPNESS = 20;
/** Likeness is exp(-WIDTH * (1 - cosine)). */
const WIDTH = 4;
/** No class is impossible. */
const LEAST = 0.01;

/** Likeness of two places, 0..1, from their cosine. */
export const likeness = (cosine: number): number => Math.exp(-WIDTH * (1 - cosine));

export class Parser {
  constructor(readonly data: ParserData) {}

  /** [VECTOR] by one way, and the spread of what was blended, for an embedding (of one picture, or a mean over several). */
  estimate(embedding: Float32Array): Record<Way, Float32Array> & { spread: Float32Array; cosines: number[] } {
    const { references, mean, coefficients } = this.data;
    const place = project(this.data.space, embedding);
    const cosines = references.map((reference) => inner(reference.place, place));
    const most = Math.max(...cosines);
    const shares = cosines.map((cosine) => Math.exp(SHARPNESS * (cosine - most)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const retrieval = new Float32Array(VECTOR);
    const square = new Float32Array(VECTOR);
    const regression = Float32Array.from(mean);
    references.forEach(({ vector }, r) => {
      const share = shares[r] / total;
      const alike = likeness(cosines[r]);
      for (let k = 0; k < VECTOR; k++) {
        retrieval[k] += share * vector[k];
        square[k] += share * vector[k] ** 2;
        regression[k] += alike * coefficients[r][k];
      }
    });
    const spread = square.map((v, k) => Math.sqrt(Math.max(0, v - retrieval[k] ** 2)));
    return { retrieval, regression, spread, cosines };
  }

  /** How the generator is likely built, from an embedding [E] of one picture or the mean over several of its pictures. */
  parse(embedding: Float32Array): ConstructionEstimate {
    const { ranges, ways, interval, references } = this.data;
    const estimated = this.estimate(embedding);
    const continuous = estimated[ways.continuous];
    const within = (v: number) => Math.max(0, Math.min(1, v));
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
      nearest: estimated.cosines
        .map((similarity, r) => ({ name: references[r].name, similarity }))
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
