/**
 * The ladder of conditions a detector is judged under: the re-encodings every analysis knows (`media/reshipping`), and
 * what public detectors were seen to fail on. Every step is a function of the picture and a seed made from its key, so
 * two detectors see the very same files.
 */
import type { RgbImage } from '../../core/image.ts';
import { encodeJpeg } from '../../media/index.node.ts';
import { RESHIPPINGS, reship } from '../../media/reshipping.node.ts';
import { type Condition, STORED } from '../run/run.ts';
import { beauty, frameInFrame, graded, player, sharedThrice } from './look.ts';
import { hair, hand, logo, microphone, subtitles } from './overlay.ts';
import { blurred, noisy } from './worn.ts';

/** Everything but re-encodings is saved alike afterwards, so that only the step itself differs. */
const SAVED = { quality: 92 } as const;

const PICTURES: Readonly<Record<string, (image: RgbImage, seed: number) => RgbImage | Promise<RgbImage>>> = {
  ...{ blur: blurred, noise: noisy },
  ...{ hair, hand, microphone, subtitles, logo },
  ...{ beauty, graded, 'frame-in-frame': frameInFrame, player },
};

export const STEPS: readonly string[] = ['stored', ...RESHIPPINGS, ...Object.keys(PICTURES), 'shared-thrice'];

/** A number for a name, the same on every machine (FNV-1a). */
export function seedOf(name: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** The step called `name`; null when there is none. */
export function stepOf(name: string, seed = 1): Condition | null {
  if (name === 'stored') return STORED;
  const known = RESHIPPINGS.find((one) => one === name);
  if (known) return { name, apply: ({ pixels }) => reship(pixels, known) };
  if (name === 'shared-thrice')
    return { name, apply: ({ pixels }, { key }) => sharedThrice(pixels, seedOf(key, seed)) };
  const make = Object.hasOwn(PICTURES, name) ? PICTURES[name] : undefined;
  if (!make) return null;
  return {
    name,
    apply: async ({ pixels }, { key }) =>
      encodeJpeg(await make(pixels, seedOf(`${name} ${key}`, seed)), SAVED),
  };
}
