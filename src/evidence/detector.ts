import type { Evidence } from '../core/evidence.ts';
import type { Media } from '../core/media.ts';
import type { Models } from '../nn/models.ts';

/** What one look at one file may cost and use. */
export interface ExamineContext {
  readonly models: Models;
  readonly signal?: AbortSignal;
}

/** One kind of evidence. Adding one is a folder that implements this and a line in `manifest`. */
export interface Detector {
  /** The name of its folder. */
  readonly name: string;
  readonly version: string;
  /** Asked once when an engine opens: one that has nothing to go by is left out altogether. Default: always ready. */
  ready?(): Promise<boolean>;
  /** Never throws for what a picture contains; throws only for defects, which the engine records as `failed`. */
  examine(media: Media, context: ExamineContext): Promise<Evidence>;
}
