/**
 * How sure a share is when its cases are not independent. Hundreds of fakes of sixty people are sixty opinions, not
 * hundreds: beside Wilson's interval, which takes every case for its own, whole people (or sources) are resampled.
 */
import { Random } from '../core/random.ts';
import { wilson } from './metrics.ts';

/** Of `n` cases, `count` had the property. */
export interface Share {
  readonly count: number;
  readonly n: number;
}

/** A share with the interval that is stated for it. */
export interface Rate {
  readonly count: number;
  /** `count / n`; 0 when there was no case. */
  readonly rate: number;
  /** Ends of the 95 % interval, 0..1; 0 and 1 when there was no case. */
  readonly lo: number;
  readonly hi: number;
}

/** A share with Wilson's 95 % interval. */
export function wilsonRate({ count, n }: Share): Rate {
  const [lo, hi] = wilson(count, n);
  return { count, rate: n > 0 ? count / n : 0, lo, hi };
}

/**
 * Draws of whole clusters with replacement, made once and used for every quantity, so that quantities of one table
 * are resampled alike. Cost of one interval: `rounds * clusters` additions.
 */
export class ClusterBootstrap {
  readonly #draws: Uint32Array;
  readonly clusters: number;
  readonly rounds: number;

  /** Throws RangeError unless there is at least one cluster and one round. */
  constructor(clusters: number, { rounds = 1000, seed = 1 }: { rounds?: number; seed?: number } = {}) {
    if (!(clusters >= 1 && rounds >= 1)) throw new RangeError(`${rounds} draws of ${clusters} clusters`);
    this.clusters = clusters;
    this.rounds = rounds;
    const random = new Random(seed);
    this.#draws = Uint32Array.from({ length: clusters * rounds }, () => random.below(clusters));
  }

  /**
   * 95 % percentile interval of the pooled share over resampled clusters; null for a single cluster, which cannot say
   * how clusters differ. `shares[i]` belongs to cluster `i`.
   */
  interval(shares: readonly Share[]): readonly [number, number] | null {
    const k = this.clusters;
    if (shares.length !== k) throw new RangeError(`${shares.length} shares for ${k} clusters`);
    if (k < 2) return null;
    const values: number[] = [];
    for (let round = 0; round < this.rounds; round++) {
      let count = 0;
      let n = 0;
      for (let i = round * k; i < (round + 1) * k; i++) {
        const drawn = shares[this.#draws[i]];
        count += drawn.count;
        n += drawn.n;
      }
      if (n > 0) values.push(count / n);
    }
    if (values.length === 0) return null;
    const sorted = Float64Array.from(values).sort();
    const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))];
    return [at(0.025), at(0.975)];
  }

  /**
   * The pooled share of all clusters with the wider, at each end, of Wilson's and the clustered interval: resampling
   * alone says 0 ± 0 where nothing happened, Wilson alone believes that the cases are independent.
   */
  rate(shares: readonly Share[]): Rate {
    const pooled = shares.reduce((sum, one) => ({ count: sum.count + one.count, n: sum.n + one.n }), {
      count: 0,
      n: 0,
    });
    const alone = wilsonRate(pooled);
    const clustered = this.interval(shares);
    if (!clustered) return alone;
    return { ...alone, lo: Math.min(alone.lo, clustered[0]), hi: Math.max(alone.hi, clustered[1]) };
  }
}
