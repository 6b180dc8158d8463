/** The numbers by which a clip is judged to be generated: frames as pictures, and what their texture does over time. */
import { median } from '../../core/median.ts';
import type { Watched } from '../watch/watched.ts';
import { type MotionFeatures, motionFeatures } from './motion.ts';

export interface ClipFeatures {
  /** Median score of the synthesis network over the frames it was shown. */
  readonly synthesis: number;
  readonly motion: MotionFeatures | null;
}

/** Fewer frames shown to the synthesis network tell too little. */
const LEAST_FRAMES = 2;

/** Features of a clip, or null where it is too small or too short. */
export function clipFeatures(watched: Watched): ClipFeatures | null {
  const scores = watched.moments.flatMap(({ synthesis }) => (synthesis === null ? [] : [synthesis]));
  if (scores.length < LEAST_FRAMES) return null;
  return { synthesis: median(scores), motion: watched.run && motionFeatures(watched.run) };
}
