/**
 * Intervals of anything that is computed from weighed items, by redrawing whole sources: a hundred pictures of one
 * camera are one opinion about cameras. Real-only, fake-only and mixed sources are redrawn apart, so that no redraw
 * loses a class. Where a class has a single source, its items are redrawn instead, and the interval says too little:
 * `itemwise` tells.
 */
import { grouped } from '../../core/group.ts';
import { Random } from '../../core/random.ts';

export interface Clustered {
  readonly label: 'real' | 'fake';
  /** What is redrawn as a whole. */
  readonly source: string;
}

export interface Redraws {
  /** For each round, how often each item counts. */
  readonly weights: readonly Uint16Array[];
  /** A class whose files all come from one source, so that files had to be redrawn. */
  readonly itemwise: boolean;
}

/** `rounds` redraws of `items`, the same for the same seed. */
export function redraws(items: readonly Clustered[], { rounds = 1000, seed = 1 } = {}): Redraws {
  const bySource = [...grouped(items.keys(), (i) => items[i].source).values()];
  const kind = (members: readonly number[]) => {
    const labels = new Set(members.map((i) => items[i].label));
    return labels.size > 1 ? 'mixed' : [...labels][0];
  };
  let itemwise = false;
  const strata = [...grouped(bySource, kind).values()].flatMap((sources) => {
    if (sources.length > 1) return [sources];
    itemwise = true;
    return [...grouped(sources[0], (i) => items[i].label).values()].map((members) => members.map((i) => [i]));
  });
  const random = new Random(seed);
  const weights = Array.from({ length: rounds }, () => {
    const counts = new Uint16Array(items.length);
    for (const clusters of strata) {
      for (let draw = 0; draw < clusters.length; draw++) {
        for (const i of clusters[random.below(clusters.length)]) counts[i]++;
      }
    }
    return counts;
  });
  return { weights, itemwise };
}

/** A figure with its 95 % interval; NaN where it could not be computed. */
export interface Estimate {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

/** `value` with the middle 95 % of `values`. */
export function estimate(value: number, values: readonly number[]): Estimate {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const at = (q: number) => (sorted.length ? sorted[Math.round(q * (sorted.length - 1))] : Number.NaN);
  return { value, lo: at(0.025), hi: at(0.975) };
}
