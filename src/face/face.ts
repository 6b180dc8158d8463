/** What the face room hands out. Left and right are the person's own: in a frontal picture `rightEye` lies left. */
import type { Box } from '../core/image.ts';
import type { Point } from './geometry.ts';

export interface FaceLandmarks {
  readonly rightEye: Point;
  readonly leftEye: Point;
  readonly noseTip: Point;
  /** Middle of the mouth. */
  readonly mouth: Point;
  /** Where ear and cheek meet. */
  readonly rightEar: Point;
  readonly leftEar: Point;
  /** Corners of the mouth; known only where the mesh was fitted. */
  readonly mouthRight?: Point;
  readonly mouthLeft?: Point;
}

export interface Face {
  /**
   * From the brows to the chin and from cheek to cheek, in pixels of the displayed picture. May reach beyond the
   * picture where the face does.
   */
  readonly box: Box;
  /** Confidence of the detector, 0..1. */
  readonly score: number;
  /** Confidence of the landmark network that there is a face, 0..1; absent when the mesh was not asked for. */
  readonly presence?: number;
  readonly landmarks: FaceLandmarks;
  /** 468 points x, y, z (MediaPipe's face mesh), x and y in pixels of the picture, z in the same unit, nose negative. */
  readonly mesh?: Float32Array;
  /** How far the head is tilted in the picture plane, in radians, clockwise positive. */
  readonly roll: number;
}
