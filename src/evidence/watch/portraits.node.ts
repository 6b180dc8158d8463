/** Small pictures of who was seen, at the moments that speak most for a swap: what a report shows beside the lanes. */
import type { SeenPerson } from '../../core/analysis.ts';
import { encodeJpeg } from '../../media/index.node.ts';
import type { Watched } from './watched.ts';

const MOST_PEOPLE = 8;
const MOST_PORTRAITS = 4;
/** Portraits of one person are at least so far apart, in parts of the clip. */
const APART = 0.05;

export async function portraits({ people, duration }: Watched): Promise<SeenPerson[]> {
  const shown: SeenPerson[] = [];
  for (const [i, { sightings }] of people.slice(0, MOST_PEOPLE).entries()) {
    const chosen: (typeof sightings)[number][] = [];
    for (const seen of [...sightings].sort((a, b) => (b.logit ?? -9) - (a.logit ?? -9))) {
      if (chosen.length >= MOST_PORTRAITS) break;
      if (chosen.every((other) => Math.abs(other.time - seen.time) >= APART * duration)) chosen.push(seen);
    }
    chosen.sort((a, b) => a.time - b.time);
    shown.push({
      person: i + 1,
      portraits: await Promise.all(
        chosen.map(async ({ time, view }) => ({ time, jpeg: await encodeJpeg(view, { quality: 80 }) })),
      ),
    });
  }
  return shown;
}
