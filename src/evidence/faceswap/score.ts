/**
 * The raw score behind the face-swap evidence: one logit a face, and where in the face the network looked. Two judges see
 * the same view, the network with its attention and a small one on residual statistics; both count alike.
 */
import type { RgbImage } from '../../core/image.ts';
import { STATISTICS, statistics } from '../../core/residuals/index.ts';
import type { Face } from '../../face/face.ts';
import type { Models } from '../../nn/models.ts';
import { FACE_SIDE, type FaceView, intoPlanes, steadyFaceView } from './view.ts';

/** Faces narrower than this in the picture have lost what a swap leaves. */
export const LEAST_FACE_PX = 48;
export const MODEL = 'faceswap';
export const TEXTURE_MODEL = 'faceswap-texture';
/** The texture's logits are spread about half as widely: so that both count alike. */
const TEXTURE_WEIGHT = 2;
/** At most so many faces in one run of the network, for memory. */
const BATCH = 8;

export interface ScoredFace {
  readonly face: Face;
  readonly view: FaceView;
  /** Higher for swapped or re-enacted. */
  readonly logit: number;
  /** Attention maps, each `attentionSide` squared, row-major over the view, 0..1. */
  readonly attention: readonly Float32Array[];
  readonly attentionSide: number;
}

/** The faces of `image` that are large enough to be judged. */
export function judgeable(faces: readonly Face[]): Face[] {
  return faces.filter(({ box }) => Math.min(box.width, box.height) >= LEAST_FACE_PX);
}

/** Scores `faces` of `image`, in their order. */
export async function scoreFaces(
  image: RgbImage,
  faces: readonly Face[],
  models: Models,
): Promise<ScoredFace[]> {
  const scored: ScoredFace[] = [];
  for (let at = 0; at < faces.length; at += BATCH) {
    const part = faces.slice(at, at + BATCH);
    const views = part.map((face) => steadyFaceView(image, face));
    const results = await scoreViews(
      views.map((view) => view.image),
      models,
    );
    results.forEach((result, i) => {
      scored.push({ face: part[i], view: views[i], ...result });
    });
  }
  return scored;
}

/** Scores views that were cut already (see `view.ts`); all of FACE_SIDE squared. */
export async function scoreViews(
  views: readonly RgbImage[],
  models: Models,
): Promise<Pick<ScoredFace, 'logit' | 'attention' | 'attentionSide'>[]> {
  const size = 3 * FACE_SIDE * FACE_SIDE;
  const pixels = new Uint8Array(views.length * size);
  views.forEach((view, i) => {
    intoPlanes(view, pixels, i * size);
  });
  const session = await models.session(MODEL);
  const { logit, attention } = await session.run({
    pixels: { dims: [views.length, 3, FACE_SIDE, FACE_SIDE], data: pixels },
  });
  const texture = await textureLogits(views, models);
  const [, maps, side] = attention.dims;
  const all = attention.data as Float32Array;
  const cells = side * side;
  return views.map((_, i) => ({
    logit: (Number(logit.data[i]) + TEXTURE_WEIGHT * texture[i]) / 2,
    attentionSide: side,
    attention: Array.from({ length: maps }, (__, m) =>
      all.slice((i * maps + m) * cells, (i * maps + m + 1) * cells),
    ),
  }));
}

async function textureLogits(views: readonly RgbImage[], models: Models): Promise<number[]> {
  const data = new Float32Array(views.length * STATISTICS);
  views.forEach((view, i) => {
    data.set(statistics(view), i * STATISTICS);
  });
  const session = await models.session(TEXTURE_MODEL);
  const { logit } = await session.run({ statistics: { dims: [views.length, STATISTICS], data } });
  return views.map((_, i) => Number(logit.data[i]));
}
