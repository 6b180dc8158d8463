/**
 * A small network over the changes of a followed face: windows of successive frames, and the mean of what it says of
 * them. It was taught by faces rendered anew frame by frame, so it answers "is this face pasted into the clip?".
 */
import type { Models } from '../../nn/models.ts';
import { CHANGES, type Changes } from './changes.ts';

/** Name of the network in `models/`. */
export const MODEL = 'temporal';
/** Successive changes the network is shown at once, and how far the next window begins. */
export const WINDOW = 14;
const STEP = 7;

/** Windows of `changes`, each [CHANGES, WINDOW] row-major; there is at least one. */
export function windowsOf(changes: Changes): Float32Array[] {
  const length = changes[CHANGES[0]].length;
  const count = Math.max(1, Math.floor((length - WINDOW) / STEP) + 1);
  return Array.from({ length: count }, (_, w) => {
    const out = new Float32Array(CHANGES.length * WINDOW);
    CHANGES.forEach((name, c) => {
      // A run of the least length is exactly one window.
      for (let t = 0; t < WINDOW; t++)
        out[c * WINDOW + t] = changes[name][Math.min(length - 1, w * STEP + t)];
    });
    return out;
  });
}

/** The logit of a face that is pasted or re-rendered, mean over windows. */
export async function scoreChanges(changes: Changes, models: Models): Promise<number> {
  const windows = windowsOf(changes);
  const data = new Float32Array(windows.length * CHANGES.length * WINDOW);
  windows.forEach((window, i) => {
    data.set(window, i * window.length);
  });
  const session = await models.session(MODEL);
  const dims = [windows.length, CHANGES.length, 1, WINDOW];
  const { logit } = await session.run({ changes: { dims, data } });
  return Array.from(logit.data as Float32Array).reduce((sum, v) => sum + v / windows.length, 0);
}
