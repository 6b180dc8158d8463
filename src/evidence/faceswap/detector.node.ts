/**
 * Was a face in the picture or clip swapped or re-enacted? A small multi-attentional network (Zhao et al. 2021,
 * arXiv:2103.02406), trained on self-blended images (arXiv:2204.08376) and on swaps, looks at each face for seams, two
 * noises and re-rendered texture. Where no face is large enough it abstains.
 */
import type { Evidence } from '../../core/evidence.ts';
import type { ImageMedia, VideoMedia } from '../../core/media.ts';
import type { Detector, ExamineContext } from '../detector.ts';
import { facesOf } from '../faces.node.ts';
import { watch } from '../watch/watch.node.ts';
import { faceswapEvidenceOfClip } from './clip.ts';
import { NAME, VERSION } from './evidence.ts';
import { CALIBRATION } from './fitted.ts';
import { faceswapOfPicture } from './picture.ts';

export const faceswap: Detector<'image' | 'video'> = {
  name: NAME,
  version: VERSION,
  kinds: ['image', 'video'],
  async examine(media: ImageMedia | VideoMedia, context: ExamineContext): Promise<Evidence> {
    if (media.kind === 'video') return faceswapEvidenceOfClip(await watch(media, context), CALIBRATION);
    return faceswapOfPicture(media.pixels, await facesOf(media.pixels, context.signal), context.models);
  },
};
