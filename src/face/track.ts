/**
 * One person through a clip: faces of successive frames become tracks, by overlap from one frame to the next and by
 * likeness where a cut, a turn or an absence lies between. And the crops of a track held still, so that what flickers in
 * them is the picture and not the cropping.
 */
import { cosineSimilarity } from './embed.ts';
import type { Face } from './face.ts';
import { type Affine, overlap } from './geometry.ts';

/** A face seen at one time. */
export interface Sighting {
  /** Seconds from the beginning. */
  readonly time: number;
  /** Number of the shot, counted from 0. */
  readonly shot: number;
  readonly face: Face;
  /** Features of identity of length 1, where they were taken. */
  readonly identity?: Float32Array;
}

export interface Track<S extends Sighting = Sighting> {
  /** In order of time. */
  readonly sightings: readonly S[];
}

export interface TrackOptions {
  /** Longest gap in seconds over which overlap alone joins. Default 0.7. */
  readonly longestGap?: number;
  /** Least overlap (intersection over union) within one shot. Default 0.3. */
  readonly leastOverlap?: number;
  /** Cosine of the features from which two faces are one person. Default 0.55: a track that breaks costs less than one that mixes. */
  readonly leastLikeness?: number;
}

interface Open<S extends Sighting> {
  readonly sightings: S[];
  /** Mean of the features so far, not normalised. */
  identity: Float32Array | null;
}

/**
 * Tracks of `frames` (the sightings of each frame, in order of time), longest first. Every sighting is in exactly one
 * track, and no track has two of one frame.
 */
export function trackFaces<S extends Sighting>(
  frames: readonly (readonly S[])[],
  options: TrackOptions = {},
): Track<S>[] {
  const { longestGap = 0.7, leastOverlap = 0.3, leastLikeness = 0.55 } = options;
  const tracks: Open<S>[] = [];

  const affinity = (track: Open<S>, seen: S): number => {
    const last = track.sightings[track.sightings.length - 1];
    const near = seen.shot === last.shot && seen.time - last.time <= longestGap;
    const common = near ? overlap(last.face.box, seen.face.box) : 0;
    const alike = track.identity && seen.identity ? cosineSimilarity(track.identity, seen.identity) : null;
    if (common >= leastOverlap && (alike === null || alike > 0.2)) return 1 + common + (alike ?? 0);
    return alike !== null && alike >= leastLikeness ? alike : 0;
  };

  for (const frame of frames) {
    const pairs = frame
      .flatMap((seen) => tracks.map((track) => ({ seen, track, value: affinity(track, seen) })))
      .filter((pair) => pair.value > 0)
      .sort((p, q) => q.value - p.value);
    const taken = new Set<S | Open<S>>();
    for (const { seen, track } of pairs) {
      if (taken.has(seen) || taken.has(track)) continue;
      taken.add(seen).add(track);
      track.sightings.push(seen);
      learn(track, seen);
    }
    for (const seen of frame) {
      if (taken.has(seen)) continue;
      const track: Open<S> = { sightings: [seen], identity: null };
      learn(track, seen);
      tracks.push(track);
    }
  }
  return tracks
    .map(({ sightings }) => ({ sightings }))
    .sort((p, q) => q.sightings.length - p.sightings.length || p.sightings[0].time - q.sightings[0].time);
}

function learn<S extends Sighting>(track: Open<S>, { identity }: S): void {
  if (!identity) return;
  if (!track.identity) track.identity = Float32Array.from(identity);
  else for (let i = 0; i < identity.length; i++) track.identity[i] += identity[i];
}

/**
 * Transforms of successive frames, each replaced by a weighted mean of its neighbours in time (a Gaussian of
 * `sigmaSeconds`): the crop follows the head and not the detector's trembling. Turn, scale and shift are averaged as the
 * four numbers of a similarity, which for small differences is the same.
 */
export function steadied(
  transforms: readonly Affine[],
  times: readonly number[],
  sigmaSeconds = 0.12,
): Affine[] {
  if (transforms.length !== times.length)
    throw new RangeError(`${transforms.length} transforms at ${times.length} times`);
  return transforms.map((_, i) => {
    const sum = { a: 0, b: 0, c: 0, d: 0, tx: 0, ty: 0 };
    let total = 0;
    transforms.forEach((t, j) => {
      const apart = (times[j] - times[i]) / sigmaSeconds;
      if (Math.abs(apart) > 3) return;
      const weight = Math.exp(-0.5 * apart * apart);
      total += weight;
      for (const key of ['a', 'b', 'c', 'd', 'tx', 'ty'] as const) sum[key] += weight * t[key];
    });
    const { a, b, c, d, tx, ty } = sum;
    return { a: a / total, b: b / total, c: c / total, d: d / total, tx: tx / total, ty: ty / total };
  });
}
