/** How constant an identity stays: a swap renders every frame anew, and who it looks like wanders. */
import { cosineSimilarity } from '../../face/embed.ts';
import type { Person } from '../watch/watched.ts';

/** One minus the mean cosine of each moment's features with the mean of all; null for fewer than three moments with features. */
export function identityDrift({ sightings }: Person): number | null {
  const all = sightings.flatMap(({ identity }) => (identity ? [identity] : []));
  if (all.length < 3) return null;
  const centre = new Float32Array(all[0].length);
  for (const one of all) for (let i = 0; i < centre.length; i++) centre[i] += one[i];
  return 1 - all.reduce((sum, one) => sum + cosineSimilarity(one, centre), 0) / all.length;
}
