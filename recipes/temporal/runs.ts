/**
 * The changes of followed faces, once: `.cache/temporal/runs.ndjson`, a line a run. Every clip is cut to the face and coded
 * anew, real and fake alike; of real clips of the training side there are also versions whose face was rendered anew.
 * Resumable.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crop, type RgbImage } from '../../src/core/image.ts';
import type { VideoMedia } from '../../src/core/media.ts';
import { Random } from '../../src/core/random.ts';
import { CHANGES, type Changes, changesOf } from '../../src/evidence/temporal/changes.ts';
import { faceOf } from '../../src/evidence/temporal/still.ts';
import { followedThrough, PATCH, watch } from '../../src/evidence/watch/watch.node.ts';
import type { Run } from '../../src/evidence/watch/watched.ts';
import { installedNetworks } from '../../src/face/finder.node.ts';
import { boundsOf } from '../../src/face/geometry.ts';
import type { FaceNetworks } from '../../src/face/networks.ts';
import { readMedia, readMediaFile } from '../../src/media/index.node.ts';
import { encodeClip } from '../../src/media/video/encode.node.ts';
import { openModels } from '../../src/nn/models.node.ts';
import { type Side, sideOf } from '../faceswap/sets.ts';
import { roleOf } from '../generated/watched.ts';
import { type FollowedFrame, reRendered } from './rerender.ts';

export interface KeptRun {
  readonly set: string;
  readonly file: string;
  readonly side: Side;
  /** What was done: as the clip is, coded anew, or rendered anew and then coded. */
  readonly version: 'stored' | 'coded' | 'rendered';
  readonly fake: boolean;
  readonly changes: Changes;
}

const BUDGET_SECONDS = 4;
/** Clips of one set; more of the same people say little. */
const MOST_CLIPS = 12;
const RATE = 25;
/** Longer clips are not coded anew beyond this many frames. */
const MOST_FRAMES = 72;
/** Of each real clip of the training side. */
const RENDERED = 3;
/** Bits for each pixel shown, drawn alike for both classes. */
const BITS = [0.06, 0.3] as const;
const ROOM = 16;

const fileOf = (cache: string) => join(cache, 'runs.ndjson');

export function readRuns(cache: string): KeptRun[] {
  if (!existsSync(fileOf(cache))) return [];
  return readFileSync(fileOf(cache), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const row = JSON.parse(line);
      const changes = Object.fromEntries(CHANGES.map((name) => [name, Float32Array.from(row.changes[name])]));
      return { ...row, changes } as KeptRun;
    });
}

/** The frames of `run`, cut to what the face moves in; its meshes moved along. */
async function cutTo(media: VideoMedia, run: Run): Promise<FollowedFrame[]> {
  const seen = run.frames.filter(({ mesh, region }) => mesh && region).slice(0, MOST_FRAMES);
  const edges = seen.map(({ region }) => {
    const { x, y, image } = region as NonNullable<(typeof seen)[number]['region']>;
    return { left: x, top: y, right: x + image.width, bottom: y + image.height };
  });
  const { width, height } = media.clip;
  const left = Math.max(0, Math.min(...edges.map((e) => e.left)) - ROOM);
  const top = Math.max(0, Math.min(...edges.map((e) => e.top)) - ROOM);
  const even = (v: number) => v - (v % 2);
  const box = {
    x: left,
    y: top,
    width: even(Math.min(width, Math.max(...edges.map((e) => e.right)) + ROOM) - left),
    height: even(Math.min(height, Math.max(...edges.map((e) => e.bottom)) + ROOM) - top),
  };
  const meshes = new Map(seen.map(({ time, mesh }) => [time, mesh as Float32Array]));
  const out: FollowedFrame[] = [];
  for await (const { time, pixels } of media.clip.frames({ times: seen.map((frame) => frame.time) })) {
    const mesh = meshes.get(time);
    if (!mesh) continue;
    const shifted = mesh.map((v, i) => (i % 3 === 0 ? v - left : i % 3 === 1 ? v - top : v));
    out.push({ pixels: crop(pixels, box), mesh: shifted });
  }
  return out;
}

/** What changes in a clip coded anew, its face followed from where it is known to be. */
async function changesIn(
  bytes: Uint8Array,
  name: string,
  { mesh }: FollowedFrame,
  networks: FaceNetworks,
): Promise<Changes | null> {
  const media = await readMedia(bytes, name);
  if (media.kind !== 'video') return null;
  const times = Array.from({ length: Math.floor(media.clip.duration * RATE) }, (_, i) => i / RATE);
  const face = { ...faceOf({ mesh }), box: boundsOf(pointsOf(mesh)) };
  const frames = await followedThrough(media.clip, times, face, networks);
  await media.file.close();
  return changesOf({ frames, person: 0, patchSide: PATCH });
}

const pointsOf = (mesh: Float32Array) =>
  Array.from({ length: mesh.length / 3 }, (_, i) => ({ x: mesh[3 * i], y: mesh[3 * i + 1] }));

function coded(frames: readonly RgbImage[], random: Random): Promise<Uint8Array> {
  const [{ width, height }] = frames;
  const bitRate = Math.round(width * height * RATE * random.uniform(...BITS));
  return encodeClip(
    frames.map((pixels) => ({ pixels, seconds: 1 / RATE })),
    { bitRate: Math.max(60_000, bitRate) },
  );
}

/** Follows the faces of every clip that is not there yet. */
export async function makeRuns(data: string, cache: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const known = new Set(readRuns(cache).map(({ set, file }) => `${set}/${file}`));
  const models = openModels();
  const networks = installedNetworks();
  const clips = readdirSync(join(data, 'video'))
    .sort()
    .filter((set) => roleOf(set) !== 'generated')
    .flatMap((set) =>
      readdirSync(join(data, 'video', set))
        .filter((name) => !name.endsWith('.json'))
        .sort()
        .slice(0, MOST_CLIPS)
        .map((file) => ({ set, file })),
    );
  for (const [i, { set, file }] of clips.entries()) {
    if (known.has(`${set}/${file}`)) continue;
    const fake = roleOf(set) === 'face';
    const fact = { set, file, side: sideOf(`video_${set}`), fake };
    const rows: object[] = [];
    const keep = (version: KeptRun['version'], changes: Changes | null, made = fake) => {
      if (!changes) return;
      const round = (v: Float32Array) => Array.from(v, (x) => Number(x.toFixed(4)));
      rows.push({
        ...{ ...fact, version, fake: made },
        changes: Object.fromEntries(CHANGES.map((name) => [name, round(changes[name])])),
      });
    };
    try {
      const media = await readMediaFile(join(data, 'video', set, file));
      if (media.kind !== 'video') continue;
      const { run } = await watch(media, { models, budgetSeconds: BUDGET_SECONDS });
      const changes = run && run.person !== null ? changesOf(run) : null;
      if (run && changes) {
        keep('stored', changes);
        const frames = await cutTo(media, run);
        const random = new Random(i + 1);
        const pixels = frames.map((frame) => frame.pixels);
        keep('coded', await changesIn(await coded(pixels, random), file, frames[0], networks));
        if (!fake && fact.side === 'train') {
          keep('coded', await changesIn(await coded(pixels, random), file, frames[0], networks));
          for (let k = 0; k < RENDERED; k++) {
            const made = await reRendered(frames, random);
            keep('rendered', await changesIn(await coded(made, random), file, frames[0], networks), true);
          }
        }
      }
      await media.file.close();
    } catch (error) {
      console.error(`${set}/${file}: ${error instanceof Error ? error.message : error}`);
    }
    appendFileSync(fileOf(cache), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    console.error(`${i + 1} of ${clips.length} ${set}/${file}: ${rows.length} runs`);
  }
  await models.close();
}
