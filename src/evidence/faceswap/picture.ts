/** The face-swap evidence of one still picture, from the faces that were found in it. */
import type { Evidence } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import type { Face } from '../../face/face.ts';
import type { Models } from '../../nn/models.ts';
import { faceswapEvidence, notApplicable } from './evidence.ts';
import { CALIBRATION } from './fitted.ts';
import { judgeable, scoreFaces } from './score.ts';
import { NO_FACE, NOT_INSTALLED, TOO_SMALL } from './words.ts';

/** `faces` is null where nothing is installed that finds them. */
export async function faceswapOfPicture(
  pixels: RgbImage,
  faces: readonly Face[] | null,
  models: Models,
): Promise<Evidence> {
  if (faces === null) return notApplicable('component-missing', NOT_INSTALLED);
  if (faces.length === 0) return notApplicable('no-face', NO_FACE);
  const large = judgeable(faces);
  if (large.length === 0) return notApplicable('too-small', TOO_SMALL);
  return faceswapEvidence(pixels, await scoreFaces(pixels, large, models), CALIBRATION);
}
