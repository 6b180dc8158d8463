/** The changes of a face over a run of frames, each as its median over the frames: what the record tells of them. */
import { median } from '../../core/median.ts';
import { CHANGES, type Changes } from './changes.ts';

export type TemporalFeatures = Readonly<Record<(typeof CHANGES)[number], number>>;

export function temporalFeatures(changes: Changes): TemporalFeatures {
  return Object.fromEntries(CHANGES.map((name) => [name, median(changes[name])])) as TemporalFeatures;
}
