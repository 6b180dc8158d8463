/**
 * The faces of pictures that are to be judged, looked for once and shared: whoever asks second gets the same answer.
 * Finding them costs more than judging them, so the search is as wide as what is judged needs and no wider, and what
 * arrives after a re-shipping is not searched again where it is known how the picture was moved.
 */
import type { RgbImage } from '../core/image.ts';
import type { FaceFinder } from '../face/detect.ts';
import type { Face, FaceLandmarks } from '../face/face.ts';

/** Faces narrower than this are not judged, so they are not searched for in pictures small enough to hold them. */
const LEAST_PX = 64;
/** In large pictures, faces smaller than this part of the longer side are left out: at most seven looks. */
const LEAST_PART = 0.043;
const MOST_FACES = 12;
const BUDGET_MS = 4000;

export class SeenFaces {
  readonly #found = new WeakMap<RgbImage, Promise<readonly Face[] | null>>();

  /** `finder` gives null where the networks that find faces are not installed. */
  constructor(private readonly finder: () => Promise<FaceFinder | null>) {}

  /** The faces of `image`, largest first; null where the networks that find them are not installed. */
  of(image: RgbImage, signal?: AbortSignal): Promise<readonly Face[] | null> {
    const known = this.#found.get(image);
    if (known) return known;
    const faces = this.#search(image, signal);
    this.#found.set(image, faces);
    // A cancelled search is no answer.
    faces.catch(() => this.#found.delete(image));
    return faces;
  }

  async #search(image: RgbImage, signal?: AbortSignal): Promise<readonly Face[] | null> {
    const finder = await this.finder();
    if (!finder) return null;
    const longest = Math.max(image.width, image.height);
    const minFacePx = Math.max(LEAST_PX, longest * LEAST_PART);
    return finder.find(image, { maxFaces: MOST_FACES, minFacePx, timeBudgetMs: BUDGET_MS, signal });
  }

  /**
   * Says that `to` shows what `from` shows, scaled by `scale` and then shifted by `dx`, `dy` pixels, so that its faces need
   * not be searched for. Faces whose middle lies outside are dropped. Does nothing where `from` was never searched.
   */
  carry(
    from: RgbImage,
    to: RgbImage,
    { scale = 1, dx = 0, dy = 0 }: { scale?: number; dx?: number; dy?: number },
  ): void {
    const known = this.#found.get(from);
    if (!known) return;
    const carried = known.then((faces) =>
      faces === null
        ? null
        : faces.map((face) => moved(face, scale, dx, dy)).filter((face) => within(face, to)),
    );
    this.#found.set(to, carried);
    carried.catch(() => this.#found.delete(to));
  }
}

function within({ box }: Face, { width, height }: RgbImage): boolean {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  return x > 0 && y > 0 && x < width && y < height;
}

function moved(face: Face, scale: number, dx: number, dy: number): Face {
  const point = (p: { x: number; y: number }) => ({ x: p.x * scale + dx, y: p.y * scale + dy });
  const landmarks = Object.fromEntries(
    Object.entries(face.landmarks).map(([name, p]) => [name, point(p)]),
  ) as unknown as FaceLandmarks;
  const mesh = face.mesh?.map((v, i) => v * scale + (i % 3 === 0 ? dx : i % 3 === 1 ? dy : 0));
  const { x, y, width, height } = face.box;
  return {
    ...face,
    box: { ...point({ x, y }), width: width * scale, height: height * scale },
    landmarks,
    ...(mesh && { mesh }),
  };
}
