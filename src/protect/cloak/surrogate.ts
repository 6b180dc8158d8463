/**
 * What a cloak is made against and judged by: something that looks at a face, tells which way it gives in, and whether
 * it was kept from doing what it does.
 */
import type { Look } from './channel.ts';
import type { Threat } from './threats.ts';

export interface Surrogate extends Look {
  readonly name: string;
  readonly threat: Threat;
  /** For any number of views [3, side, side] in 0..1 and the clean ones beside them: the gradient of the harm done. */
  slope(views: Float32Array, clean: Float32Array): Promise<Float32Array>;
  /** What became of one view beside the clean one. */
  judge(view: Float32Array, clean: Float32Array): Promise<Outcome>;
  close(): Promise<void>;
}

export interface Outcome {
  /**
   * Of a manipulator, the mean square difference of what it makes of the two, samples in -1..1 (Ruiz et al.,
   * arXiv 2003.01279); of a recogniser, 1 - cosine of the two faces' features.
   */
  readonly gap: number;
  /** Is the gap above the threshold? */
  readonly over: boolean;
  /** Would somebody see it? Of a recogniser the same as `over`. */
  readonly visible: boolean;
}

/** Was it kept from what it does, so that somebody would see it? */
export const failed = ({ over, visible }: Outcome): boolean => over && visible;
