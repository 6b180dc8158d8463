/**
 * A cloak in one pass of a small network (the "venom" of Huang et al., Initiative Defense, AAAI 2021) instead of a search:
 * some milliseconds, and without the programs it is against, who taught it (`recipes/cloak`). By itself it holds much
 * less, so that it is what a short search begins with.
 */
import type { Models } from '../../nn/models.ts';
import type { Session } from '../../nn/runtime.ts';
import { CANVAS } from './channel.ts';
import { THREATS, type Threat } from './threats.ts';

export const VENOM = 'cloak';

/** Gives, for a face [3, CANVAS, CANVAS] in 0..1, its cloak against `threats`, of any size. */
export type Venom = (canvas: Float32Array, threats: readonly Threat[]) => Promise<Float32Array>;

/** Loads with the first face. The function throws HuoyanError `model-missing`. */
export function openVenom(models: Models): Venom {
  return async (canvas, threats) => venomOf(await models.session(VENOM))(canvas, threats);
}

export function venomOf(session: Session): Venom {
  return async (canvas, threats) => {
    const { cloaks } = await session.run({ face: { dims: [1, 3, CANVAS, CANVAS], data: canvas } });
    return together(cloaks.data as Float32Array, threats);
  };
}

/** Of the cloaks against every threat [THREATS, 3, CANVAS, CANVAS], the sum of those against `threats`. */
function together(cloaks: Float32Array, threats: readonly Threat[]): Float32Array {
  const length = 3 * CANVAS * CANVAS;
  const sum = new Float32Array(length);
  for (const threat of threats) {
    const from = THREATS.indexOf(threat) * length;
    for (let i = 0; i < length; i++) sum[i] += cloaks[from + i];
  }
  return sum;
}
