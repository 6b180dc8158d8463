/**
 * Model parsing of generators the parser has not seen, fold by fold: what `fit.ts` is validated by and `bench:trace`
 * prints. Beside it, where the networks without those generators are trained, what the fingerprint network's own heads
 * say.
 */
import { Random } from '../../src/core/random.ts';
import { Parser, type Way } from '../../src/trace/parsing/parser.ts';
import type { Ranges } from '../../src/trace/parsing/vector.ts';
import { readAll } from './embedded.ts';
import { type Example, fitParser } from './fit-parser.ts';
import { meanOf } from './fit-space.ts';
import { FOLDS, type Generator, type Protocol } from './generators.ts';
import { looksAt } from './looks.ts';
import { isTrained, type NetworkName } from './networks.ts';

/** Pictures pooled. */
export const POOLED = [1, 10, 100] as const;
/** How often the first picture or pictures are drawn anew; one draw of all. */
const DRAWS: Readonly<Record<number, number>> = { 1: 5, 10: 3, 100: 1 };

/** Ways to an answer that look at pictures: the two of the parser, and the network's own heads. */
export type Estimator = Way | 'heads';

export interface Estimate {
  readonly generator: Generator;
  readonly fold: number;
  readonly pooled: number;
  readonly by: Readonly<Record<Way, Float32Array>> & { readonly heads?: Float32Array };
  /** Of the references, each by its share; see `parser.ts`. */
  readonly spread: Float32Array;
}

export interface FoldTruth {
  readonly fold: number;
  readonly trained: readonly Generator[];
}

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
/** Continuous values and loss bits are logits; of the classes only the largest matters. */
const fromHeads = (logits: Float32Array): Float32Array => logits.map(sigmoid);

/** Estimates for every generator a fold leaves out, and what each fold was fitted on. */
export async function estimateFolds(
  protocol: Exclude<Protocol, 'all'>,
  generators: readonly Generator[],
  ranges: Ranges,
): Promise<{ estimates: Estimate[]; folds: FoldTruth[] }> {
  const estimates: Estimate[] = [];
  const folds: FoldTruth[] = [];
  const seen: (Example & { generator: Generator })[] = [];
  for (const generator of generators) {
    const { declaration, vector, pictures } = generator;
    seen.push({ generator, name: declaration.name, vector, looks: await looksAt(pictures) });
  }
  for (let fold = 0; fold < FOLDS; fold++) {
    const network: NetworkName = `${protocol}-${fold}`;
    const outside = seen.filter(({ generator }) => generator.folds[protocol] === fold);
    const inside = seen.filter(({ generator }) => generator.folds[protocol] !== fold);
    const heads = isTrained(network)
      ? new Map(
          (
            await readAll(
              network,
              outside.map((o) => o.generator),
            )
          ).generators.map((g) => [g.generator, g.readings.map((r) => r.heads)]),
        )
      : undefined;
    const parser = new Parser(
      await fitParser(inside, ranges, {
        ways: { continuous: 'retrieval', discrete: 'regression', losses: 'regression' },
        interval: { base: 0, slope: 1 },
      }),
    );
    folds.push({ fold, trained: inside.map(({ generator }) => generator) });
    for (const { generator, looks } of outside) {
      const places = looks.map((_, i) => i);
      for (const pooled of POOLED) {
        for (let draw = 0; draw < DRAWS[pooled]; draw++) {
          const chosen = new Random(draw + 1).shuffle([...places]).slice(0, pooled);
          const { retrieval, regression, spread } = parser.estimate(meanOf(chosen.map((i) => looks[i])));
          const own = heads?.get(generator);
          const said = own && { heads: fromHeads(meanOf(chosen.map((i) => own[i]))) };
          estimates.push({ generator, fold, pooled, by: { retrieval, regression, ...said }, spread });
        }
      }
    }
  }
  return { estimates, folds };
}
