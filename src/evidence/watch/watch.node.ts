/**
 * Watches a clip once for all who ask: a scan of key frames for cuts, moments spread over the shots (faces, who they are, how they
 * look to the face-swap network; the synthesis network at a few of them), and one run of successive frames in which one
 * face is followed. How much is looked at is decided by a budget in seconds of work on an ordinary core and by nothing
 * that changes from run to run, so that the same clip gives the same answer.
 */
import { type Box, crop, type RgbImage } from '../../core/image.ts';
import type { Clip, VideoMedia } from '../../core/media.ts';
import { tiles } from '../../core/tiles.ts';
import { FaceFinder } from '../../face/detect.ts';
import { FaceEmbedder } from '../../face/embed.ts';
import type { Face } from '../../face/face.ts';
import { facesAvailable, installedNetworks } from '../../face/finder.node.ts';
import { fitMesh } from '../../face/mesh.ts';
import type { FaceNetworks } from '../../face/networks.ts';
import { trackFaces } from '../../face/track.ts';
import { colours, shotsOf, spreadOver } from '../../media/index.node.ts';
import type { Models } from '../../nn/models.ts';
import { judgeable, scoreFaces } from '../faceswap/score.ts';
import { faceView } from '../faceswap/view.ts';
import { pool, scoreBoxes } from '../synthesis/score.ts';
import type { Moment, Person, Run, RunFrame, SeenFace, Watched } from './watched.ts';

export const DEFAULT_BUDGET_SECONDS = 20;
/** Moments and frames of the run that a second of budget pays for, at 1280x720. */
const MOMENTS_PER_SECOND = 3;
const RUN_FRAMES_PER_SECOND = 9;
const ORDINARY_PIXELS = 1280 * 720;
const LEAST_MOMENTS = 6;
const MOST_MOMENTS = 400;
/** The run is long enough for a few heart beats, where there is a face; otherwise long enough to see motion. */
const RUN_SECONDS = 10;
const RUN_SECONDS_WITHOUT_FACE = 1.5;
const RUN_RATE = 30;
/** Frames that the synthesis network is shown, and tiles across each. */
const SYNTHESIS_FRAMES = 8;
const SYNTHESIS_ACROSS = 2;
/** From here on only key frames are decoded for the moments as well: the way to any other is too long. */
const KEY_FRAMES_FROM_SECONDS = 150;
const SCAN_MOST = 120;
const SCAN_SIDE = 128;
const MOST_FACES = 6;
const LEAST_FACE_PX = 40;
const LEAST_FACE_PART = 0.075;
export const PATCH = 128;

export interface WatchContext {
  readonly models: Models;
  readonly budgetSeconds?: number;
  readonly signal?: AbortSignal;
}

const watched = new WeakMap<Clip, Promise<Watched>>();

/** What there is to see in `media`; the clip is watched when first asked about, and only then. */
export function watch(media: VideoMedia, context: WatchContext): Promise<Watched> {
  const known = watched.get(media.clip);
  if (known) return known;
  const looking = look(media.clip, context);
  watched.set(media.clip, looking);
  // A cancelled watching is no answer.
  looking.catch(() => watched.delete(media.clip));
  return looking;
}

let networks: Promise<FaceNetworks | null> | undefined;
function faceNetworks(): Promise<FaceNetworks | null> {
  networks ??= facesAvailable().then((there) => (there ? installedNetworks() : null));
  return networks;
}

async function look(clip: Clip, context: WatchContext): Promise<Watched> {
  const { budgetSeconds = DEFAULT_BUDGET_SECONDS, signal } = context;
  const { duration } = clip;
  const dear = Math.max(0.25, (clip.width * clip.height) / ORDINARY_PIXELS);
  const cost = 0.5 + 0.5 * dear;
  const count = Math.round((budgetSeconds * MOMENTS_PER_SECOND) / cost);
  const most = Math.max(LEAST_MOMENTS, Math.min(MOST_MOMENTS, count));
  const long = duration > KEY_FRAMES_FROM_SECONDS;
  const nearby = async (times: readonly number[]) => (long ? await clip.keyTimes(times) : times);

  const scan = await clip.keyTimes(
    spreadOver([{ start: 0, end: duration }], Math.min(SCAN_MOST, Math.max(2, Math.ceil(duration * 2)))),
  );
  const scanned: { time: number; colours: Float32Array }[] = [];
  for await (const frame of clip.frames({ times: scan }, { longestSide: SCAN_SIDE, signal }))
    scanned.push({ time: frame.time, colours: colours(frame) });
  const shots = shotsOf(
    scanned.map((s) => s.time),
    scanned.map((s) => s.colours),
    duration,
  );

  const frameCount = Math.max(1, Math.floor(duration * (clip.frameRate || 25)));
  const times = await nearby(spreadOver(shots, Math.min(most, frameCount)));
  const found = await faceNetworks();
  const moments = await momentsAt(clip, times, shots, found, context);
  const people = trackFaces(moments.map(({ faces }) => faces));
  const run = await runThrough(clip, shots, people, found, budgetSeconds / cost, signal);
  return { duration, shots, moments, people, run, facesLookedFor: found !== null };
}

const shotAt = (shots: Watched['shots'], time: number) =>
  Math.max(
    0,
    shots.findIndex(({ end }) => time < end),
  );

async function momentsAt(
  clip: Clip,
  times: readonly number[],
  shots: Watched['shots'],
  found: FaceNetworks | null,
  { models, signal }: WatchContext,
): Promise<Moment[]> {
  const finder = found && new FaceFinder(found);
  const embedder = found && new FaceEmbedder(found, 'faceres');
  const longest = Math.max(clip.width, clip.height);
  const minFacePx = Math.max(LEAST_FACE_PX, longest * LEAST_FACE_PART);
  const every = Math.max(1, Math.floor(times.length / SYNTHESIS_FRAMES));
  const moments: Moment[] = [];
  let at = 0;
  let before = -1;
  for await (const { time, pixels } of clip.frames({ times }, { signal })) {
    // Two times may fall on one frame where the frame rate is low or varies.
    if (time <= before) continue;
    before = time;
    const shot = shotAt(shots, time);
    const faces = finder ? await finder.find(pixels, { maxFaces: MOST_FACES, minFacePx, signal }) : [];
    const large = judgeable(faces);
    const scored = new Map((await scoreFaces(pixels, large, models)).map((s) => [s.face, s]));
    const seen: SeenFace[] = [];
    for (const face of faces) {
      const one = scored.get(face);
      seen.push({
        ...{ time, shot, face },
        identity: await embedder?.embed(pixels, face),
        logit: one?.logit ?? null,
        view: one?.view.image ?? faceView(pixels, face).image,
      });
    }
    const asked = at++ % every === every >> 1 && Math.min(pixels.width, pixels.height) >= 128;
    moments.push({ time, shot, faces: seen, synthesis: asked ? await synthesisOf(pixels, models) : null });
  }
  return moments;
}

async function synthesisOf(pixels: RgbImage, models: Models): Promise<number> {
  const boxes = tiles(pixels.width, pixels.height, SYNTHESIS_ACROSS);
  return pool((await scoreBoxes(pixels, boxes, models)).map(({ score }) => score));
}

/** Where the run is taken: around the longest unbroken presence of the first person, or in the longest shot. */
function runWindow(
  shots: Watched['shots'],
  people: readonly Person[],
): { start: number; end: number; from: SeenFace | null } {
  const longest = shots.reduce((best, s) => (s.end - s.start > best.end - best.start ? s : best));
  const person = people[0];
  if (!person) {
    const start = (longest.start + longest.end) / 2 - RUN_SECONDS_WITHOUT_FACE / 2;
    return {
      start: Math.max(longest.start, start),
      end: Math.min(longest.end, start + RUN_SECONDS_WITHOUT_FACE),
      from: null,
    };
  }
  const perShot = new Map<number, SeenFace[]>();
  for (const seen of person.sightings) perShot.set(seen.shot, [...(perShot.get(seen.shot) ?? []), seen]);
  const most = [...perShot.values()].reduce((best, s) => (s.length > best.length ? s : best));
  const shot = shots[most[0].shot];
  const middle = most[most.length >> 1].time;
  const start = Math.max(shot.start, Math.min(middle - RUN_SECONDS / 2, shot.end - RUN_SECONDS));
  const from = most.find((seen) => seen.time >= start) ?? most[0];
  return { start, end: Math.min(shot.end, start + RUN_SECONDS), from };
}

async function runThrough(
  clip: Clip,
  shots: Watched['shots'],
  people: readonly Person[],
  found: FaceNetworks | null,
  budgetSeconds: number,
  signal?: AbortSignal,
): Promise<Run | null> {
  const { start, end, from } = runWindow(shots, people);
  const rate = Math.min(RUN_RATE, clip.frameRate || RUN_RATE);
  const most = Math.max(24, Math.round(budgetSeconds * RUN_FRAMES_PER_SECOND));
  const count = Math.min(most, Math.floor((end - start) * rate));
  if (count < 2) return null;
  const times = Array.from({ length: count }, (_, i) => start + i / rate);
  const frames = await followedThrough(clip, times, from?.face ?? null, found, signal);
  return { frames, person: from ? 0 : null, patchSide: PATCH };
}

/** The frames of `clip` at `times`, with `start`, a face in the first of them, followed through them. */
export async function followedThrough(
  clip: Clip,
  times: readonly number[],
  start: Face | null,
  found: FaceNetworks | null,
  signal?: AbortSignal,
): Promise<RunFrame[]> {
  const frames: RunFrame[] = [];
  let face = start;
  let before = -1;
  for await (const { time, pixels } of clip.frames({ times }, { signal })) {
    if (time <= before) continue;
    before = time;
    const followed: Face | null = face && found ? await follow(found, pixels, face) : null;
    if (followed) face = followed;
    const mesh = followed?.mesh ?? null;
    frames.push({
      time,
      mesh,
      region: followed && regionAround(pixels, followed.box),
      patch: patchOf(pixels),
    });
  }
  return frames;
}

/** The face a frame later: the mesh fitted where it was, or searched for anew where it is lost. */
async function follow(found: FaceNetworks, pixels: RgbImage, last: Face): Promise<Face | null> {
  const session = await found.session('facemesh');
  const fitted = await fitMesh(session, pixels, last, 0.5);
  if (fitted.mesh && (fitted.presence ?? 0) >= 0.5) return fitted;
  const faces = await new FaceFinder(found).find(pixels, { maxFaces: 1, minFacePx: last.box.width / 2 });
  return faces[0]?.mesh ? faces[0] : null;
}

function regionAround(pixels: RgbImage, box: Box) {
  const room = 0.3 * Math.max(box.width, box.height);
  const x = Math.max(0, Math.min(pixels.width - 1, Math.floor(box.x - room)));
  const y = Math.max(0, Math.min(pixels.height - 1, Math.floor(box.y - room)));
  const width = Math.max(1, Math.min(pixels.width - x, Math.ceil(box.width + 2 * room)));
  const height = Math.max(1, Math.min(pixels.height - y, Math.ceil(box.height + 2 * room)));
  return { image: crop(pixels, { x, y, width, height }), x, y };
}

/** Luma in the middle of the frame; what lies outside a small frame is its edge drawn out. */
function patchOf({ width, height, data }: RgbImage): Float32Array {
  const patch = new Float32Array(PATCH * PATCH);
  const left = (width - PATCH) >> 1;
  const top = (height - PATCH) >> 1;
  for (let y = 0, k = 0; y < PATCH; y++) {
    const row = Math.min(height - 1, Math.max(0, top + y)) * width;
    for (let x = 0; x < PATCH; x++, k++) {
      const i = (row + Math.min(width - 1, Math.max(0, left + x))) * 3;
      patch[k] = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
    }
  }
  return patch;
}
