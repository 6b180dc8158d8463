/**
 * Finds faces: portraits, group pictures, large photographs, grey ones, faces cut by the edge. BlazeFace looks at the
 * whole picture and, as far as its size asks for it, at overlapping squares of it; the face mesh gives a second
 * opinion and sharper landmarks. The same picture gives the same faces, unless the time budget cuts the search short.
 */
import type { Box, RgbImage } from '../core/image.ts';
import { type Candidate, decodeCandidates } from './blazeface.ts';
import type { Face } from './face.ts';
import { apply, containment, invert, overlap } from './geometry.ts';
import { fitMesh, rollOf } from './mesh.ts';
import { type FaceNetworks, NETWORKS } from './networks.ts';
import { shrinkRegion, warp } from './sampling.ts';
import { type Tile, tilesFor, wideTile } from './tiles.ts';

export interface FindOptions {
  /** At most so many faces, the largest. Default 32. */
  readonly maxFaces?: number;
  /** Least confidence of the detector, 0..1. Default 0.6. */
  readonly minScore?: number;
  /** Longer side in pixels of the smallest face worth finding; smaller costs more. Default 48. */
  readonly minFacePx?: number;
  /** Fit the mesh: sharper landmarks and fewer false faces, about 3 ms a face. Default true. */
  readonly mesh?: boolean;
  /** At most so many looks of the detector (about 8 ms each, resampling included). Default 80. */
  readonly maxTiles?: number;
  /**
   * The search ends after so many milliseconds with what it has, which on a starved machine means fewer faces.
   * A last resort (`maxTiles` already bounds the work), hence the default of 30000; opening the networks not counted.
   */
  readonly timeBudgetMs?: number;
  readonly signal?: AbortSignal;
}

const DETECTOR = NETWORKS.blazeface;
/** The working copy is never larger than this; a face of 48 pixels in it is a hundredth of the picture. */
const LONGEST = 4096;

export class FaceFinder {
  readonly #networks: FaceNetworks;

  constructor(networks: FaceNetworks) {
    this.#networks = networks;
  }

  /**
   * The faces in `image`, largest first; empty when there is none. Throws HuoyanError `component-missing` when the
   * networks are not installed (an optional package), and the signal's reason when cancelled.
   */
  async find(image: RgbImage, options: FindOptions = {}): Promise<Face[]> {
    const {
      maxFaces = 32,
      minScore = 0.6,
      minFacePx = 48,
      maxTiles = 80,
      timeBudgetMs = 30_000,
      signal,
    } = options;
    if (image.width < 8 || image.height < 8) return [];
    const detector = await this.#networks.session('blazeface');
    if (options.mesh !== false) await this.#networks.session('facemesh');
    // Opening the networks, once, is not part of the search.
    const deadline = performance.now() + timeBudgetMs;

    const longest = Math.max(image.width, image.height);
    const factor = Math.ceil(longest / LONGEST);
    const whole = { x: 0, y: 0, width: image.width, height: image.height };
    const working = factor > 1 ? shrinkRegion(image, whole, factor).image : image;
    const look = async (tile: Tile): Promise<Candidate[]> => {
      const { size } = DETECTOR;
      const scale = size / tile.width;
      const toInput = { a: scale, b: 0, c: 0, d: scale, tx: -tile.x * scale, ty: -tile.y * scale };
      const data = warp(working, toInput, { width: size, height: size, gain: 1 / 127.5, bias: -1 });
      const outputs = await detector.run({ [DETECTOR.input]: { dims: [1, size, size, 3], data } });
      return decodeCandidates(outputs, minScore)
        .map((c) => inPicture(c, invert(toInput)))
        .filter((c) => !cutByTile(c.box, tile, working));
    };
    let candidates: Candidate[] = [];
    for (const tile of tilesFor(working.width, working.height, minFacePx / factor, maxTiles)) {
      signal?.throwIfAborted();
      if (tile.level > 0 && performance.now() > deadline) break;
      candidates = merge([...candidates, ...(await look(tile))]);
      if (tile.level === 0 && candidates.length === 0)
        candidates = await look(wideTile(working.width, working.height));
    }
    const faces = candidates
      .map((c) => toFace(c, factor))
      .filter((f) => Math.max(f.box.width, f.box.height) >= minFacePx / 2)
      .sort(bySize)
      .slice(0, maxFaces);
    return options.mesh === false ? faces : this.#confirm(image, faces, deadline, signal);
  }

  /** Asks the mesh about each face; what it denies stays only if the detector was nearly certain. */
  async #confirm(
    image: RgbImage,
    faces: readonly Face[],
    deadline: number,
    signal?: AbortSignal,
  ): Promise<Face[]> {
    if (faces.length === 0) return [];
    const session = await this.#networks.session('facemesh');
    const confirmed: Face[] = [];
    for (const face of faces) {
      signal?.throwIfAborted();
      if (performance.now() > deadline) break;
      const fitted = await fitMesh(session, image, face, MIN_PRESENCE);
      if ((fitted.presence ?? 0) >= MIN_PRESENCE || face.score >= CERTAIN) confirmed.push(fitted);
    }
    return confirmed.sort(bySize);
  }
}

const MIN_PRESENCE = 0.3;
const CERTAIN = 0.95;

const bySize = (p: Face, q: Face) => q.box.width * q.box.height - p.box.width * p.box.height;

function inPicture(candidate: Candidate, back: Parameters<typeof apply>[0]): Candidate {
  const { box } = candidate;
  const corner = apply(back, box);
  return {
    score: candidate.score,
    box: { ...corner, width: box.width * back.a, height: box.height * back.d },
    points: candidate.points.map((p) => apply(back, p)),
  };
}

/** Does the face reach over a side of the tile that is not also a side of the picture? Then another tile has it whole. */
function cutByTile(
  box: Box,
  tile: Tile,
  picture: { readonly width: number; readonly height: number },
): boolean {
  const slack = 0.05 * box.width;
  return (
    (tile.x > 0 && box.x < tile.x - slack) ||
    (tile.y > 0 && box.y < tile.y - slack) ||
    (tile.x + tile.width < picture.width && box.x + box.width > tile.x + tile.width + slack) ||
    (tile.y + tile.height < picture.height && box.y + box.height > tile.y + tile.height + slack)
  );
}

/** One face out of several tiles is one face: the surest answer wins. */
function merge(candidates: readonly Candidate[]): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of [...candidates].sort((p, q) => q.score - p.score)) {
    const same = kept.some(
      (k) => overlap(k.box, candidate.box) > 0.3 || containment(k.box, candidate.box) > 0.7,
    );
    if (!same) kept.push(candidate);
  }
  return kept;
}

function toFace(candidate: Candidate, factor: number): Face {
  const scaled = candidate.points.map((p) => ({ x: p.x * factor, y: p.y * factor }));
  const [rightEye, leftEye, noseTip, mouth, rightEar, leftEar] = scaled;
  const landmarks = { rightEye, leftEye, noseTip, mouth, rightEar, leftEar };
  const { x, y, width, height } = candidate.box;
  const box = { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
  return { box, score: candidate.score, landmarks, roll: rollOf(landmarks) };
}
