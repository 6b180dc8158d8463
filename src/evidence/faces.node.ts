/** The faces that all detectors of this process share, found with the installed networks. */
import type { RgbImage } from '../core/image.ts';
import type { FaceFinder } from '../face/detect.ts';
import type { Face } from '../face/face.ts';
import { facesAvailable, installedFaceFinder } from '../face/finder.node.ts';
import { SeenFaces } from './seen-faces.ts';

let finder: Promise<FaceFinder | null> | undefined;

/** The finder over the installed networks, opened once; null where they are not installed. */
export function sharedFinder(): Promise<FaceFinder | null> {
  finder ??= facesAvailable().then((there) => (there ? installedFaceFinder() : null));
  return finder;
}

const seen = new SeenFaces(sharedFinder);

/** The faces of `image`, largest first; null where the networks that find them are not installed. */
export function facesOf(image: RgbImage, signal?: AbortSignal): Promise<readonly Face[] | null> {
  return seen.of(image, signal);
}

/** See {@link SeenFaces.carry}. */
export const carryFaces: SeenFaces['carry'] = (from, to, move) => seen.carry(from, to, move);
