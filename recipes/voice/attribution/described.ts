/** What `describe.ts` wrote of every clip, as attribution asks for it: by system, page, kind of system and road. */
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { grouped } from '../../../src/core/group.ts';
import type { Example } from '../../trace/metric.ts';
import type { Condition } from '../channel.ts';
import { measuredCopies, storedViews } from '../describe.ts';

export interface DescribedClip extends Example {
  /** A synthesis system, or a corpus of recordings. */
  readonly set: string;
  readonly page: string;
  /** Kind of vocoder or synthesis on whatever page; `recording` for real speech. */
  readonly family: string;
  readonly kind: 'generator' | 'recording';
  readonly file: string;
  /** Which of the set's files it is: clips are held out by this, on all roads at once. */
  readonly index: number;
  /** A named road, or `random`. */
  readonly step: string;
}

/** Every clip on every road, those of one clip together. */
export function describedClips(sets: readonly SpeechSet[]): DescribedClip[] {
  const byName = new Map(sets.map((set) => [set.name, set]));
  return storedViews(sets, [...ROADS, ...RANDOM_ROADS]).views.map((view) => {
    const set = byName.get(view.set) as SpeechSet;
    return {
      ...{ set: set.name, page: set.page, family: set.family, file: view.file, step: view.road },
      kind: set.label === 'real' ? 'recording' : 'generator',
      index: set.files.findIndex(({ name }) => name === view.file),
      description: view.narrow,
    };
  });
}

/**
 * Recordings spoken again by classical vocoders: the one set of systems whose clips are many and stand on many pages.
 * `set` is the vocoder, `page` that of the recording.
 */
export function describedCopies(sets: readonly SpeechSet[]): DescribedClip[] {
  const byName = new Map(sets.map((set) => [set.name, set]));
  return measuredCopies(sets).map((view) => {
    const [name, copy] = view.set.split('+');
    const set = byName.get(name) as SpeechSet;
    return {
      ...{ set: copy, page: set.page, family: copy, kind: 'generator', file: `${name}/${view.file}` },
      ...{ index: set.files.findIndex(({ name: file }) => file === view.file), step: view.road },
      description: view.narrow,
    };
  });
}

/** Roads a known system is heard on; questions are asked on the same. */
export const ROADS = ['stored', 'telephone', 'mp3', 'opus'] as const satisfies readonly Condition[];
/** Random roads the metric is fitted on. */
const RANDOM_ROADS = [0, 1, 2] as const;

/** `count` folds over whole pages, near equal in clips of synthesis systems. */
export function pageFolds(clips: readonly DescribedClip[], count: number): Map<string, number> {
  const sizes = [...grouped(clips, (clip) => clip.page)]
    .map(([page, group]) => ({ page, size: new Set(group.map((c) => `${c.set}/${c.file}`)).size }))
    .sort((a, b) => b.size - a.size || (a.page < b.page ? -1 : 1));
  const loads = new Array<number>(count).fill(0);
  return new Map(
    sizes.map(({ page, size }) => {
      const fold = loads.indexOf(Math.min(...loads));
      loads[fold] += size;
      return [page, fold];
    }),
  );
}
