/** What one watching of a clip keeps: enough for every evidence that asks, nothing as large as a frame. */
import type { RgbImage } from '../../core/image.ts';
import type { Sighting, Track } from '../../face/track.ts';

/** A face at one of the moments. */
export interface SeenFace extends Sighting {
  /** Of the face-swap network, higher for swapped; null where the face was too small for it. */
  readonly logit: number | null;
  /** The face as the network saw it. */
  readonly view: RgbImage;
}

export interface Moment {
  /** Seconds. */
  readonly time: number;
  readonly shot: number;
  readonly faces: readonly SeenFace[];
  /** Score of the synthesis network for the frame; null where it was not asked (it is asked at a few moments only). */
  readonly synthesis: number | null;
}

/** One person, with the moments at which they were seen. */
export type Person = Track<SeenFace>;

/** One frame of the run. */
export interface RunFrame {
  readonly time: number;
  /** Mesh of the followed face, 468 x (x, y, z) in pixels of the frame; null where it was lost. */
  readonly mesh: Float32Array | null;
  /** The part of the frame around the face, and where it begins. */
  readonly region: { readonly image: RgbImage; readonly x: number; readonly y: number } | null;
  /** Luma of a square in the middle of the frame at full resolution, PATCH squared, 0..255. */
  readonly patch: Float32Array;
}

/** A few seconds of successive frames, with one face followed through them where there is one. */
export interface Run {
  readonly frames: readonly RunFrame[];
  /** Index into `people` of who was followed; null for nobody. */
  readonly person: number | null;
  /** Side of `patch`. */
  readonly patchSide: number;
}

export interface Watched {
  readonly duration: number;
  readonly shots: readonly { readonly start: number; readonly end: number }[];
  readonly moments: readonly Moment[];
  /** Longest seen first. */
  readonly people: readonly Person[];
  readonly run: Run | null;
  /** False where the networks that find faces are not installed. */
  readonly facesLookedFor: boolean;
}
