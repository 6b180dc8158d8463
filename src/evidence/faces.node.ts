/**
 * The faces of a picture, looked for once and shared: whoever asks second gets the same answer. Finding them costs more
 * than judging them, so the search is as wide as what is judged needs and no wider, and what arrives after a
 * re-shipping is not searched again where it is known how the picture was moved.
 */
import type { RgbImage } from '../core/image.ts';
import type { FaceFinder } from '../face/detect.ts';
import type { Face, FaceLandmarks } from '../face/face.ts';
import { facesAvailable, installedFaceFinder } from '../face/finder.node.ts';

/** Faces narrower than this are not judged, so they are not searched for in pictures small enough to hold them. */
const LEAST_PX = 64;
/** In large pictures, faces smaller than this part of the longer side are left out: at most seven looks. */
const LEAST_PART = 0.043;
const MOST_FACES = 12;
const BUDGET_MS = 4000;

let finder: Promise<FaceFinder | null> | undefined;
const found = new WeakMap<RgbImage, Promise<readonly Face[] | null>>();

/** The finder over the installed networks, opened once; null where they are not installed. */
export function sharedFinder(): Promise<FaceFinder | null> {
  finder ??= facesAvailable().then((there) => (there ? installedFaceFinder() : null));
  return finder;
}

/** The faces of `image`, largest first; null where the networks that find them are not installed. */
export function facesOf(image: RgbImage, signal?: AbortSignal): Promise<readonly Face[] | null> {
  const known = found.get(image);
  if (known) return known;
  const faces = search(image, signal);
  found.set(image, faces);
  // A cancelled search is no answer.
  faces.catch(() => found.delete(image));
  return faces;
}

async function search(image: RgbImage, signal?: AbortSignal): Promise<readonly Face[] | null> {
  const shared = await sharedFinder();
  if (!shared) return null;
  const longest = Math.max(image.width, image.height);
  const minFacePx = Math.max(LEAST_PX, longest * LEAST_PART);
  return shared.find(image, { maxFaces: MOST_FACES, minFacePx, timeBudgetMs: BUDGET_MS, signal });
}

/**
 * Says that `to` shows what `from` shows, scaled by `scale` and then shifted by `dx`, `dy` pixels, so that its faces need
 * not be searched for. Faces whose middle lies outside are dropped. Does nothing where `from` was never searched.
 */
export function carryFaces(
  from: RgbImage,
  to: RgbImage,
  { scale = 1, dx = 0, dy = 0 }: { scale?: number; dx?: number; dy?: number },
): void {
  const known = found.get(from);
  if (!known) return;
  const carried = known.then((faces) =>
    faces === null
      ? null
      : faces.map((face) => moved(face, scale, dx, dy)).filter((face) => within(face, to)),
  );
  found.set(to, carried);
  carried.catch(() => found.delete(to));
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
