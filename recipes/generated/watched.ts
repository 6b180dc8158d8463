/** What the watching of every clip of the corpus gave, one line a clip and condition; made once and shared with `bench:video`. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Frame, VideoMedia } from '../../src/core/media.ts';
import { clipFeatures } from '../../src/evidence/generated/features.ts';
import type { MotionFeatures } from '../../src/evidence/generated/motion.ts';
import { changesOf } from '../../src/evidence/temporal/changes.ts';
import { type TemporalFeatures, temporalFeatures } from '../../src/evidence/temporal/features.ts';
import { watch } from '../../src/evidence/watch/watch.node.ts';
import { readMedia, readMediaFile } from '../../src/media/index.node.ts';
import { encodeClip, type TimedPicture } from '../../src/media/video/encode.node.ts';
import { openModels } from '../../src/nn/models.node.ts';

export const CONDITIONS = ['stored', 'h264'] as const;
export type ClipCondition = (typeof CONDITIONS)[number];
export type ClipRole = 'real' | 'generated' | 'face';

export interface WatchedClip {
  readonly set: string;
  readonly role: ClipRole;
  readonly file: string;
  readonly condition: ClipCondition;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  readonly duration: number;
  /** Bits for each pixel shown. */
  readonly bitsPerPixel: number;
  readonly synthesis: number | null;
  readonly motion: MotionFeatures | null;
  readonly temporal: TemporalFeatures | null;
  /** Logits of the face-swap network, person by person, moment by moment. */
  readonly people: readonly (readonly number[])[];
}

/** No camera took these; the other fakes are faces moved or exchanged. */
const GENERATED = /cogvideo|framepack|hunyuan|luma|runway|wan2/;
const MOST_CLIPS = 4;
const BUDGET_SECONDS = 5;
/** Seconds that are re-encoded, and their bit rate: bits for each pixel, the same for both classes. */
const SECONDS = 3;
const BITS_PER_PIXEL = 0.08;

export function roleOf(set: string): ClipRole {
  return set.startsWith('real_') ? 'real' : GENERATED.test(set) ? 'generated' : 'face';
}

async function look(media: VideoMedia, models: ReturnType<typeof openModels>) {
  const watched = await watch(media, { models, budgetSeconds: BUDGET_SECONDS });
  const features = clipFeatures(watched);
  const changes = watched.run && changesOf(watched.run);
  const { width, height, frameRate, duration } = media.clip;
  const shown = Math.max(1, width * height * frameRate * duration);
  const round = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'number' ? Number(v.toFixed(4)) : v)));
  return round({
    ...{ width, height, frameRate, duration },
    bitsPerPixel: (media.file.size * 8) / shown,
    synthesis: features?.synthesis ?? null,
    motion: features?.motion ?? null,
    temporal: changes && temporalFeatures(changes),
    people: watched.people.map(({ sightings }) =>
      sightings.flatMap(({ logit }) => (logit === null ? [] : [logit])),
    ),
  });
}

/** The first seconds of the clip through one coding. */
async function recoded({ clip }: VideoMedia): Promise<Uint8Array> {
  const rate = Math.min(30, clip.frameRate || 25);
  const seconds = Math.min(SECONDS, clip.duration);
  const times = Array.from({ length: Math.max(2, Math.floor(seconds * rate)) }, (_, i) => i / rate);
  async function* pictures(): AsyncGenerator<TimedPicture> {
    for await (const { pixels } of clip.frames({ times }))
      yield { pixels: evenly(pixels), seconds: 1 / rate };
  }
  const bitRate = Math.round(clip.width * clip.height * rate * BITS_PER_PIXEL);
  return encodeClip(pictures(), { bitRate: Math.max(60_000, bitRate) });
}

/** Without its last row or column where their number is odd, which H.264 does not take. */
function evenly(pixels: Frame['pixels']): Frame['pixels'] {
  const [width, height] = [pixels.width & ~1, pixels.height & ~1];
  if (width === pixels.width) return { width, height, data: pixels.data.subarray(0, width * height * 3) };
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = y * pixels.width * 3;
    data.set(pixels.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** Watches what has not been watched yet. */
export async function watchCorpus(data: string, cache: string): Promise<void> {
  const file = join(cache, 'watched.ndjson');
  const known = new Set(readWatched(cache).map((row) => `${row.set}/${row.file}/${row.condition}`));
  const models = openModels();
  for (const set of readdirSync(join(data, 'video')).sort()) {
    const clips = readdirSync(join(data, 'video', set)).filter((name) => !name.endsWith('.json'));
    for (const name of clips.sort().slice(0, MOST_CLIPS)) {
      if (known.has(`${set}/${name}/stored`)) continue;
      try {
        const media = await readMediaFile(join(data, 'video', set, name));
        if (media.kind !== 'video') continue;
        const fact = { set, role: roleOf(set), file: basename(name) };
        const rows = [{ ...fact, condition: 'stored', ...(await look(media, models)) }];
        // Faces that were moved or exchanged are not this evidence's question: they are looked at as they are.
        const again = fact.role === 'face' ? null : await readMedia(await recoded(media), name);
        if (again?.kind === 'video')
          rows.push({ ...fact, condition: 'h264', ...(await look(again, models)) });
        await media.file.close();
        appendFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        console.error(`${set}/${name}`);
      } catch (error) {
        console.error(`${set}/${name}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  await models.close();
}

export function readWatched(cache: string): WatchedClip[] {
  const file = join(cache, 'watched.ndjson');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WatchedClip);
}
