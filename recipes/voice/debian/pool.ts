/**
 * `npm run recipe:voice -- debian`: speech of Debian's packages and engines as one more pool to learn from. Never judged by:
 * validation stays the collection's own pages. Resumable set by set; all of it lies in `.cache/voice/debian`, and none
 * of it is part of the project.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { Random } from '../../../src/core/random.ts';
import { demand, FOLDER, fetchPackages, unpacked } from './apt.ts';
import { clipsOf, readSound, writeClip } from './clip.ts';
import { engines, spoken } from './engines.ts';
import { PACKAGES, RECORDED } from './packages.ts';
import { COPIERS } from './vocoders.ts';

const CLIPS = join(FOLDER, 'clips');
/** Clips of one speaker, engine voice or copier, so that none is heard much more than the others. */
const MOST_CLIPS = 12;
/** Recordings of each speaker that every copier copies. */
const MOST_COPIED = 1;
/** Where the collection has speech of the same engines: leaving that page out leaves them out. */
const PAGE_OF_ENGINES = 'local';

export const PARTS = ['recorded', 'synthetic', 'copies'] as const;
export type Part = (typeof PARTS)[number];

/** A set of the pool, as sets of the collection are described. */
export interface PoolSet extends SpeechSet {
  readonly part: Part;
}

type Kept = Omit<PoolSet, 'files' | 'name'> & { readonly languages: readonly string[] };

function seedOf(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return h >>> 0;
}

interface Made {
  readonly clips: readonly Float32Array[];
  readonly about: Kept;
}

/** Keeps a set under its name, once; `make` says what is in it. */
function once(name: string, make: () => Made): void {
  const folder = join(CLIPS, name);
  if (existsSync(folder)) return;
  const { clips, about } = make();
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  clips.forEach((clip, i) => {
    writeClip(join(partial, `${String(i).padStart(2, '0')}.wav`), clip);
  });
  writeFileSync(join(partial, 'set.json'), JSON.stringify(about, null, 1));
  renameSync(partial, folder);
  console.error(`${name}: ${clips.length} clips`);
}

/** As {@link once}; a program that fails costs its own set and no other, and is tried again by the next run. */
function orWithout(name: string, make: () => Made): void {
  try {
    once(name, make);
  } catch (error) {
    console.error(`${name} left out: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
  }
}

function filesBelow(folder: string, wanted: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => wanted.test(path))
    .sort();
}

function* soundsOf(paths: readonly string[]): Generator<Float32Array> {
  for (const path of paths) yield readSound(path);
}

/** Makes what is not there yet. @throws {HuoyanError} where Debian's programs are not there. */
export function makePool(): void {
  fetchPackages(PACKAGES);
  demand('sox', 'sox');
  for (const { name, package: from, what, licence, language, files } of RECORDED) {
    once(name, () => {
      const paths = new Random(seedOf(name)).shuffle(filesBelow(unpacked(from), files));
      return {
        clips: clipsOf(soundsOf(paths), MOST_CLIPS, seedOf(name)),
        about: {
          ...{ label: 'real', what, licence, page: name, family: 'recording', part: 'recorded' },
          languages: [language],
        },
      };
    });
  }
  for (const engine of engines()) {
    const { name, what } = engine;
    orWithout(name, () => {
      const { prompts, languages } = spoken(engine, seedOf(name));
      return {
        clips: clipsOf(new Random(seedOf(name)).shuffle(prompts), MOST_CLIPS, seedOf(name)),
        about: {
          ...{ label: 'fake', what, licence: 'own output', page: PAGE_OF_ENGINES, family: 'statistical' },
          ...{ part: 'synthetic', languages },
        },
      };
    });
  }
  const recorded = poolSets(['recorded']);
  for (const [kind, { what, family, copy }] of Object.entries(COPIERS)) {
    const name = `debian_copies_${kind}`;
    orWithout(name, () => {
      const originals = recorded.flatMap((set) => set.files.slice(0, MOST_COPIED));
      return {
        clips: originals.map(({ path }) => copy(readSound(path), seedOf(`${kind}/${path}`))),
        about: {
          ...{
            label: 'fake',
            what: `${what}: copies of recordings of the pool`,
            licence: 'as the originals',
          },
          ...{ page: name, family, part: 'copies' },
          languages: [...new Set(recorded.flatMap((set) => set.files.map((file) => file.language ?? '')))],
        },
      };
    });
  }
}

/** The sets of the pool that are there, of the parts asked for; none where the pool was not made. */
export function poolSets(parts: readonly Part[] = PARTS): PoolSet[] {
  if (!existsSync(CLIPS)) return [];
  return readdirSync(CLIPS)
    .filter((name) => existsSync(join(CLIPS, name, 'set.json')))
    .sort()
    .flatMap((name) => {
      const folder = join(CLIPS, name);
      const { languages, ...about } = JSON.parse(readFileSync(join(folder, 'set.json'), 'utf8')) as Kept;
      if (!parts.includes(about.part)) return [];
      const files = readdirSync(folder)
        .filter((file) => file.endsWith('.wav'))
        .sort()
        .map((file) => ({
          name: `${name}-${file}`,
          path: join(folder, file),
          language: languages.length === 1 ? languages[0] : null,
        }));
      return files.length > 0 ? [{ name, ...about, files }] : [];
    });
}
