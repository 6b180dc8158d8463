/**
 * Statistics of every speech file on every road, once: `npm run recipe:voice -- describe`. Fixed roads for measurement,
 * random ones for training, and the same for copies of the real files made by classical vocoders. Resumable; the views
 * lie in `.cache/voice`.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFolder } from '../../src/bench/corpus.ts';
import { type SpeechSet, speechSets } from '../../src/bench/speech.ts';
import { resample } from '../../src/core/resample.ts';
import { mono } from '../../src/core/sound.ts';
import { speechActivity } from '../../src/evidence/voice/activity.ts';
import { RATE as RATES, VOICE_STATISTICS, voiceStatistics } from '../../src/evidence/voice/features/index.ts';
import { readMediaFile } from '../../src/media/index.node.ts';
import { type Condition, RATE, randomRoad, under } from './channel.ts';
import { RESYNTHESES } from './resynthesis.ts';

export const CACHE = '.cache/voice/statistics';
/** Views of each file, in the order of passes over the corpus, so that an early fit already sees every source. */
const PASSES: readonly (readonly (Condition | number)[])[] = [
  ['stored', 0],
  ['telephone', 1],
  ['mp3', 'opus', 2],
];
/** Random roads of each copy. */
const ROADS_OF_COPIES = [0];

/** One row: wide, then narrow. */
export const ROW = 2 * VOICE_STATISTICS;

export interface View {
  readonly set: string;
  readonly file: string;
  /** A named road, or `random`. */
  readonly road: Condition | 'random';
  readonly wide: Float32Array;
  readonly narrow: Float32Array;
}

/** Seed from a name: the same roads on every machine. */
function seedOf(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return h >>> 0;
}

export async function speechOf(path: string): Promise<Float32Array> {
  const media = await readMediaFile(path);
  if (media.kind !== 'audio') throw new Error(`${path} is no sound`);
  await media.file.close();
  return resample(mono(media.sound.stretches[0]), media.sound.sampleRate, RATE);
}

function describe(samples: Float32Array): Float32Array {
  const row = new Float32Array(ROW);
  const activity = speechActivity(samples, RATE);
  row.set(voiceStatistics(samples, 'wide', activity), 0);
  row.set(voiceStatistics(resample(samples, RATE, RATES.narrow), 'narrow', activity), VOICE_STATISTICS);
  return row;
}

/** `road`: a named one, or the number of a random one. */
async function rowOf(samples: Float32Array, key: string, road: Condition | number): Promise<Float32Array> {
  const random = typeof road === 'number';
  return describe(random ? await randomRoad(samples, seedOf(`${key}#${road}`)) : await under(samples, road));
}

const rowPath = (set: string, file: string, road: Condition | number) =>
  join(CACHE, set, `${file}.${road}.f32`);

function store(path: string, rows: Float32Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, rows);
  renameSync(`${path}.partial`, path);
}

/** Describes what is not described yet. `share` of `of` equal parts, so that several processes may help each other. */
export async function describeAll(sets: readonly SpeechSet[], share = 0, of = 1): Promise<void> {
  const mine = sets
    .flatMap((set) => set.files.map((file) => ({ set, file })))
    .filter(({ file }) => seedOf(file.name) % of === share)
    .sort((a, b) => seedOf(a.file.path) - seedOf(b.file.path));
  for (const [pass, roads] of PASSES.entries()) {
    for (const { set, file } of mine) {
      const missing = roads.filter((road) => !existsSync(rowPath(set.name, file.name, road)));
      if (missing.length === 0) continue;
      const samples = await speechOf(file.path);
      for (const road of missing)
        store(rowPath(set.name, file.name, road), await rowOf(samples, file.name, road));
    }
    console.error(`pass ${pass + 1} of ${PASSES.length} done`);
  }
  for (const { set, file } of mine) {
    if (set.label === 'fake') continue;
    for (const [name, resynthesise] of Object.entries(RESYNTHESES)) {
      for (const road of ROADS_OF_COPIES) {
        const path = rowPath(`${set.name}+${name}`, file.name, road);
        if (existsSync(path)) continue;
        const copy = resynthesise(await speechOf(file.path), seedOf(file.name));
        store(path, await rowOf(copy, `${name}/${file.name}`, road));
      }
    }
  }
}

function viewsIn(set: string, file: string, roads: readonly (Condition | number)[]): View[] {
  return roads.flatMap((road) => {
    const path = rowPath(set, file, road);
    if (!existsSync(path)) return [];
    const bytes = new Uint8Array(readFileSync(path));
    const row = new Float32Array(bytes.buffer, 0, ROW);
    return [
      {
        set,
        file,
        road: typeof road === 'number' ? ('random' as const) : road,
        wide: row.subarray(0, VOICE_STATISTICS),
        narrow: row.subarray(VOICE_STATISTICS),
      },
    ];
  });
}

/** The views that were described; copies are sets named `SET+COPY`. */
export function storedViews(sets: readonly SpeechSet[]): { views: View[]; copies: View[] } {
  const views = sets.flatMap((set) =>
    set.files.flatMap(({ name }) => viewsIn(set.name, name, PASSES.flat())),
  );
  const copies = sets
    .filter((s) => s.label === 'real')
    .flatMap((set) =>
      Object.keys(RESYNTHESES).flatMap((copy) =>
        set.files.flatMap(({ name }) => viewsIn(`${set.name}+${copy}`, name, ROADS_OF_COPIES)),
      ),
    );
  return { views, copies };
}

/** The corpus, or an end with what to do. */
export function corpus(): SpeechSet[] {
  const folder = dataFolder();
  if (folder) return speechSets(folder);
  console.error('no speech corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
