/** The self-test vector of a model card: what a network answers to seeded inputs, so that a damaged file is noticed. */
import type { ModelCard } from '../core/card.ts';
import { Random } from '../core/random.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Session } from './runtime.ts';

/** Numbers kept of the outputs; enough to notice any change of weights. */
const LENGTH = 16;

/**
 * The inputs of a self-test: one sample (symbolic dimensions are 1), inputs in alphabetical order, uniform in [0, 1)
 * or, for `uint8` inputs, in 0..255; for `int64` inputs 0 or 1.
 */
export function selfTestInputs(
  inputs: ModelCard['inputs'],
  seed: number,
  types: Readonly<Record<string, string>> = {},
): Record<string, Tensor> {
  const random = new Random(seed);
  const feeds: Record<string, Tensor> = {};
  for (const name of Object.keys(inputs).sort()) {
    const dims = inputs[name].map((d) => (typeof d === 'number' ? d : 1));
    const length = dims.reduce((product, d) => product * d, 1);
    if (types[name] === 'uint8')
      feeds[name] = { dims, data: Uint8Array.from({ length }, () => random.below(256)) };
    else if (types[name] === 'int64') {
      feeds[name] = { dims, data: BigInt64Array.from({ length }, () => BigInt(random.below(2))) };
    } else feeds[name] = { dims, data: Float32Array.from({ length }, () => random.uniform()) };
  }
  return feeds;
}

/** The network's answer, for the `selfTest.output` of its card: up to 16 numbers spread over its float outputs. */
export async function selfTestVector(
  session: Session,
  inputs: ModelCard['inputs'],
  seed: number,
): Promise<number[]> {
  const results = await session.run(selfTestInputs(inputs, seed, session.inputTypes));
  const all: number[] = [];
  for (const name of Object.keys(results).sort()) {
    const { data } = results[name];
    const take = Math.min(data.length, LENGTH);
    for (let i = 0; i < take; i++) all.push(Number(data[Math.floor((i * data.length) / take)]));
  }
  const stride = Math.max(1, all.length / LENGTH);
  return all.filter((_, i) => Math.floor(i / stride) !== Math.floor((i - 1) / stride)).slice(0, LENGTH);
}

/** Largest difference between the card's vector and the network's answer; infinity when they cannot be compared. */
export async function selfTestError(session: Session, card: ModelCard): Promise<number> {
  const got = await selfTestVector(session, card.inputs, card.selfTest.seed);
  const { output } = card.selfTest;
  if (got.length !== output.length) return Number.POSITIVE_INFINITY;
  const worst = output.reduce((most, v, i) => Math.max(most, Math.abs(v - got[i])), 0);
  return Number.isNaN(worst) ? Number.POSITIVE_INFINITY : worst;
}
