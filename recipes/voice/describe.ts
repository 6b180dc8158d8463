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
import { speechActivity } from '../../src/core/voice/activity.ts';
import { describeWindow, VOICE_DESCRIPTION } from '../../src/core/voice/description.ts';
import { VOICE_STATISTICS } from '../../src/core/voice/features/index.ts';
import { readMediaFile } from '../../src/media/index.node.ts';
import { type Condition, RATE, randomMobileRoad, randomRoad, under } from './channel.ts';
import { RESYNTHESES } from './resynthesis.ts';

export const CACHE = '.cache/voice/statistics';
/** Views of each file, in the order of passes over the corpus, so that an early fit already sees every source. */
const PASSES: readonly (readonly (Condition | number)[])[] = [
  ['stored', 0],
  ['telephone', 1],
  ['mp3', 'opus', 2],
  ['mobile', 3],
];
/** Roads of the pool, which nothing is measured on. */
const POOL_PASSES = [[0], [1], ['stored']] as const satisfies typeof PASSES;
/** The random road that ends in a mobile call. */
const MOBILE_ROAD = 3;
/** Roads of each copy: a random one to learn from, named ones to measure by. */
const LEARNED_COPIES = [0] as const;
const MEASURED_COPIES = ['stored', 'telephone'] as const satisfies readonly Condition[];
/** Recordings of each corpus whose copies are measured by, so that no corpus outweighs the others. */
const MOST_MEASURED = 3;

export interface View {
  readonly set: string;
  readonly file: string;
  /** A named road; `random`, or `random mobile` where that ends in a mobile call. */
  readonly road: Condition | 'random' | 'random mobile';
  readonly wide: Float32Array;
  readonly narrow: Float32Array;
}

/** Seed from a name: the same roads on every machine. */
export function seedOf(text: string): number {
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
  return describeWindow({ samples, activity: speechActivity(samples, RATE) });
}

/** What arrives of `samples` at 16 kHz. `road`: a named one, or the number of a random one, drawn from `key` and it. */
export async function arriving(
  samples: Float32Array,
  key: string,
  road: Condition | number,
): Promise<Float32Array> {
  if (typeof road !== 'number') return under(samples, road);
  const drawn = road === MOBILE_ROAD ? randomMobileRoad : randomRoad;
  return drawn(samples, seedOf(`${key}#${road}`));
}

async function rowOf(samples: Float32Array, key: string, road: Condition | number): Promise<Float32Array> {
  return describe(await arriving(samples, key, road));
}

const rowPath = (set: string, file: string, road: Condition | number) =>
  join(CACHE, set, `${file}.${road}.f32`);

function store(path: string, rows: Float32Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, rows);
  renameSync(`${path}.partial`, path);
}

/** The recordings of `set` whose copies are measured by. */
function measured({ files }: SpeechSet): SpeechSet['files'] {
  return files.toSorted((a, b) => seedOf(a.name) - seedOf(b.name)).slice(0, MOST_MEASURED);
}

interface Clip {
  readonly set: SpeechSet;
  readonly file: SpeechSet['files'][number];
}

async function describePasses(clips: readonly Clip[], passes: typeof PASSES): Promise<void> {
  for (const [pass, roads] of passes.entries()) {
    for (const { set, file } of clips) {
      const missing = roads.filter((road) => !existsSync(rowPath(set.name, file.name, road)));
      if (missing.length === 0) continue;
      const samples = await speechOf(file.path);
      for (const road of missing)
        store(rowPath(set.name, file.name, road), await rowOf(samples, file.name, road));
    }
    console.error(`pass ${pass + 1} of ${passes.length} done`);
  }
}

/** All clips of `sets` in an order that mixes them; `share` of `of` equal parts. */
const mixed = (sets: readonly SpeechSet[], share: number, of: number): Clip[] =>
  sets
    .flatMap((set) => set.files.map((file) => ({ set, file })))
    .filter(({ file }) => seedOf(file.name) % of === share)
    .sort((a, b) => seedOf(a.file.path) - seedOf(b.file.path));

/**
 * Describes what is not described yet, of the collection and of a pool that is only learned from. `share` of `of` equal
 * parts, so that several processes may help each other.
 */
export async function describeAll(
  sets: readonly SpeechSet[],
  pool: readonly SpeechSet[] = [],
  share = 0,
  of = 1,
): Promise<void> {
  const mine = mixed(sets, share, of);
  await describePasses(mine, PASSES);
  await describePasses(mixed(pool, share, of), POOL_PASSES);
  for (const { set, file } of mine) {
    if (set.label === 'fake') continue;
    for (const [name, resynthesise] of Object.entries(RESYNTHESES)) {
      const pathOf = (road: Condition | number) => rowPath(`${set.name}+${name}`, file.name, road);
      const wanted = measured(set).includes(file) ? [...LEARNED_COPIES, ...MEASURED_COPIES] : LEARNED_COPIES;
      const missing = wanted.filter((road) => !existsSync(pathOf(road)));
      if (missing.length === 0) continue;
      const copy = resynthesise(await speechOf(file.path), seedOf(file.name));
      for (const road of missing) store(pathOf(road), await rowOf(copy, `${name}/${file.name}`, road));
    }
  }
}

function roadName(road: Condition | number): View['road'] {
  if (typeof road !== 'number') return road;
  return road === MOBILE_ROAD ? 'random mobile' : 'random';
}

function viewsIn(set: string, file: string, roads: readonly (Condition | number)[]): View[] {
  return roads.flatMap((road) => {
    const path = rowPath(set, file, road);
    if (!existsSync(path)) return [];
    const bytes = new Uint8Array(readFileSync(path));
    const row = new Float32Array(bytes.buffer, 0, VOICE_DESCRIPTION);
    return [
      {
        set,
        file,
        road: roadName(road),
        wide: row.subarray(0, VOICE_STATISTICS),
        narrow: row.subarray(VOICE_STATISTICS),
      },
    ];
  });
}

/** The views that were described, of all roads or of `roads`; copies are sets named `SET+COPY`. */
export function storedViews(
  sets: readonly SpeechSet[],
  roads: readonly (Condition | number)[] = PASSES.flat(),
): { views: View[]; copies: View[] } {
  const views = sets.flatMap((set) => set.files.flatMap(({ name }) => viewsIn(set.name, name, roads)));
  return { views, copies: copiesOn(sets, LEARNED_COPIES, ({ files }) => files) };
}

/** Views of a pool that is only learned from. */
export function poolViews(pool: readonly SpeechSet[]): View[] {
  return pool.flatMap((set) => set.files.flatMap(({ name }) => viewsIn(set.name, name, POOL_PASSES.flat())));
}

/** Copies of at most {@link MOST_MEASURED} recordings of every corpus on named roads, for measurement. */
export function measuredCopies(sets: readonly SpeechSet[]): View[] {
  return copiesOn(sets, MEASURED_COPIES, measured);
}

function copiesOn(
  sets: readonly SpeechSet[],
  roads: readonly (Condition | number)[],
  filesOf: (set: SpeechSet) => SpeechSet['files'],
): View[] {
  return sets
    .filter((s) => s.label === 'real')
    .flatMap((set) =>
      Object.keys(RESYNTHESES).flatMap((copy) =>
        filesOf(set).flatMap(({ name }) => viewsIn(`${set.name}+${copy}`, name, roads)),
      ),
    );
}

/** The corpus, or an end with what to do. */
export function corpus(): SpeechSet[] {
  const folder = dataFolder();
  if (folder) return speechSets(folder);
  console.error('no speech corpus: set HUOYAN_DATA to its folder');
  process.exit(5);
}
