import type { Evidence } from '../core/evidence.ts';
import type { MediaKind, MediaOf } from '../core/media.ts';
import type { Models } from '../nn/models.ts';

/** What one look at one file may cost and use. */
export interface ExamineContext {
  readonly models: Models;
  /** How much of a video is looked at, in seconds of work on an ordinary core; default 20. */
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
}

/** One kind of evidence. Adding one is a folder that implements this and a line in `manifest`. */
export interface Detector<K extends MediaKind = MediaKind> {
  /** The name of its folder. */
  readonly name: string;
  readonly version: string;
  /** The kinds of file it has something to say about; it is shown no others. */
  readonly kinds: readonly K[];
  /** Asked once when an engine opens: one that has nothing to go by is left out altogether. Default: always ready. */
  ready?(): Promise<boolean>;
  /** Never throws for what a file contains; throws only for defects, which the engine records as `failed`. */
  examine(media: MediaOf<K>, context: ExamineContext): Promise<Evidence>;
}

/** A detector of any kind of media, as the manifest lists them. */
export type AnyDetector =
  | Detector
  | Detector<'image'>
  | Detector<'audio'>
  | Detector<'video'>
  | Detector<'audio' | 'video'>
  | Detector<'image' | 'video'>;

/** Whether files of this kind are shown to it. */
export function examines(detector: AnyDetector, kind: MediaKind): detector is Detector {
  return (detector.kinds as readonly MediaKind[]).includes(kind);
}
