/** Everything a cloak against some threats is made against, opened. */
import { openZooWeights } from '../../zoo/weights.node.ts';
import { type Manipulator, openManipulator } from './manipulators.node.ts';
import { openRecogniser } from './recogniser.node.ts';
import type { Surrogate } from './surrogate.ts';
import { manipulatorsOf, type Threat } from './threats.ts';

export interface Opened {
  readonly manipulators: readonly Manipulator[];
  readonly recogniser: Surrogate | null;
  /** All of them. */
  readonly surrogates: readonly Surrogate[];
  close(): Promise<void>;
}

/**
 * Throws HuoyanError `model-missing` or `corrupt` when weights of the zoo cannot be had, `component-missing` when the
 * threat is identity and no recogniser is installed.
 */
export async function openSurrogates(threats: readonly Threat[]): Promise<Opened> {
  const zoo = openZooWeights();
  const recogniser = threats.includes('identity') ? await openRecogniser() : null;
  const manipulators: Manipulator[] = [];
  for (const declaration of manipulatorsOf(threats)) {
    manipulators.push(await openManipulator(declaration, zoo));
  }
  const surrogates = [...manipulators, ...(recogniser ? [recogniser] : [])];
  return {
    ...{ manipulators, recogniser, surrogates },
    async close() {
      for (const surrogate of surrogates) await surrogate.close();
    },
  };
}
