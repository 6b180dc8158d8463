/** Fits the curve from picture score to log-likelihood ratio by maximum likelihood, seeded re-drawing for intervals. */
import type { Random } from '../../src/core/random.ts';
import type { Curve } from '../../src/evidence/splice/calibration.ts';

export interface Scored {
  readonly source: string;
  readonly score: number;
  readonly spliced: boolean;
}

/** Mean cross-entropy of the posterior at even odds, the two classes weighing alike. */
function loss(items: readonly Scored[], { share, slope, offset }: Curve): number {
  const sums = [0, 0];
  const counts = [0, 0];
  for (const { score, spliced } of items) {
    const llr = Math.log(1 - share + share * Math.exp(Math.min(50, slope * score + offset)));
    const side = spliced ? 1 : 0;
    sums[side] += Math.log1p(Math.exp(spliced ? -llr : llr));
    counts[side]++;
  }
  return sums[0] / Math.max(1, counts[0]) + sums[1] / Math.max(1, counts[1]);
}

/** The curve of least loss, by a coordinate search that halves its steps. */
export function fitCurve(items: readonly Scored[]): Curve {
  let best: Curve = { share: 0.4, slope: 1, offset: -1 };
  let least = loss(items, best);
  const step = { share: 0.2, slope: 0.5, offset: 1 };
  for (let round = 0; round < 60 && step.offset > 1e-3; round++) {
    let moved = false;
    for (const key of ['share', 'slope', 'offset'] as const) {
      for (const sign of [1, -1]) {
        const value = best[key] + sign * step[key];
        const tried: Curve = {
          ...best,
          [key]:
            key === 'share'
              ? Math.min(0.95, Math.max(0.02, value))
              : key === 'slope'
                ? Math.max(0.05, value)
                : value,
        };
        const here = loss(items, tried);
        if (here < least - 1e-9) {
          least = here;
          best = tried;
          moved = true;
        }
      }
    }
    if (!moved) for (const key of ['share', 'slope', 'offset'] as const) step[key] /= 2;
  }
  return best;
}

/** Curves fitted on sources drawn again with replacement. */
export function redrawCurves(items: readonly Scored[], rounds: number, random: Random): Curve[] {
  const bySource = new Map<string, Scored[]>();
  for (const item of items) {
    const list = bySource.get(item.source);
    if (list) list.push(item);
    else bySource.set(item.source, [item]);
  }
  const sources = [...bySource.values()];
  return Array.from({ length: rounds }, () => fitCurve(sources.flatMap(() => random.pick(sources))));
}
