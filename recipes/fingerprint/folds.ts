/**
 * Model parsing of generators that neither the network nor the parser has seen, fold by fold: what `fit.ts` is
 * validated by and `bench:trace` prints.
 */
import { Random } from '../../src/core/random.ts';
import { Parser, type Way } from '../../src/trace/parsing/parser.ts';
import type { Ranges } from '../../src/trace/parsing/vector.ts';
import { readAll } from './embedded.ts';
import { fitParser, meanOf } from './fit-parser.ts';
import { FOLDS, type Generator, type Protocol } from './generators.ts';
import { isTrained, type NetworkName } from './networks.ts';

/** Pictures pooled. */
export const POOLED = [1, 10, 100] as const;
/** How often the first picture or pictures are drawn anew; one draw of all. */
const DRAWS: Readonly<Record<number, number>> = { 1: 5, 10: 3, 100: 1 };

/** Ways to an answer that look at pictures: the two of the parser, and the network's own heads. */
export type Estimator = Way | 'heads';
export const ESTIMATORS: readonly Estimator[] = ['heads', 'regression', 'retrieval'];

export interface Estimate {
  readonly generator: Generator;
  readonly fold: number;
  readonly pooled: number;
  readonly by: Readonly<Record<Estimator, Float32Array>>;
  /** Of the references blended, by number; see `parser.ts`. */
  readonly spread: Float32Array;
}

export interface FoldTruth {
  readonly fold: number;
  readonly trained: readonly Generator[];
}

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
/** Continuous values and loss bits are logits; of the classes only the largest matters. */
const fromHeads = (logits: Float32Array): Float32Array => logits.map(sigmoid);

/** Is every network of the protocol here? */
export function isComplete(protocol: Exclude<Protocol, 'all'>): boolean {
  return Array.from({ length: FOLDS }, (_, fold) => isTrained(`${protocol}-${fold}`)).every(Boolean);
}

/** Estimates for every generator a fold leaves out, and what each fold was fitted on. */
export async function estimateFolds(
  protocol: Exclude<Protocol, 'all'>,
  all: readonly Generator[],
  ranges: Ranges,
): Promise<{ estimates: Estimate[]; folds: FoldTruth[] }> {
  const estimates: Estimate[] = [];
  const folds: FoldTruth[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const name: NetworkName = `${protocol}-${fold}`;
    const { generators } = await readAll(name, all);
    const inside = generators.filter(({ generator }) => generator.folds[protocol] !== fold);
    const outside = generators.filter(({ generator }) => generator.folds[protocol] === fold);
    const data = fitParser(
      inside.map(({ generator, readings }) => ({
        name: generator.declaration.name,
        vector: generator.vector,
        embeddings: readings.map((r) => r.embedding),
      })),
      ranges,
      {
        ways: { continuous: 'retrieval', discrete: 'regression', losses: 'regression' },
        interval: { base: 0, slope: 1 },
      },
    );
    const parser = new Parser(data);
    folds.push({ fold, trained: inside.map(({ generator }) => generator) });
    for (const { generator, readings } of outside) {
      for (const pooled of POOLED) {
        for (let draw = 0; draw < DRAWS[pooled]; draw++) {
          const random = new Random(draw + 1);
          const chosen = random.shuffle([...readings]).slice(0, pooled);
          const { retrieval, regression, spread } = parser.estimate(meanOf(chosen.map((r) => r.embedding)));
          const heads = fromHeads(meanOf(chosen.map((r) => r.heads)));
          estimates.push({ generator, fold, pooled, by: { retrieval, regression, heads }, spread });
        }
      }
    }
  }
  return { estimates, folds };
}
