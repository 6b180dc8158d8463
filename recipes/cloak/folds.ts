/**
 * Halves of the manipulators of each threat, so that what a cloak does can be seen on manipulators it was not made
 * against: the search in `bench:protect -- cloak`, and the network trained without one half.
 */
import { join } from 'node:path';
import { grouped } from '../../src/core/group.ts';
import type { Surrogate } from '../../src/protect/cloak/surrogate.ts';

export const FOLDS = 2;
/** Where faces, checkpoints and the networks of the halves are kept. */
export const CACHE = '.cache/cloak';

/** The network trained without the half `fold`. */
export const foldModel = (fold: number): string => join(CACHE, `fold-${fold}.onnx`);

/** Of the manipulators, those left out of `fold`: every other one of each threat. */
export function heldOut<S extends Pick<Surrogate, 'threat'>>(manipulators: readonly S[], fold: number): S[] {
  return [...grouped(manipulators, ({ threat }) => threat).values()].flatMap((own) =>
    own.filter((_, i) => i % FOLDS === fold),
  );
}
