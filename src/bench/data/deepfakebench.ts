/**
 * DeepfakeBench (Yan et al., arXiv 2307.01426): lists `dataset_json/NAME.json` of the form data set, label, split,
 * compression (where there is one), clip, `{ label, frames[] }`; frames are named below some common folder, with either
 * kind of slash.
 */
import { type Folder, mediaOf } from './folder.ts';
import type { BenchItem, Split } from './item.ts';
import type { Layout } from './layout.ts';

const LISTS = ['dataset_json', 'preprocessing/dataset_json', ''];
/** Folders the frames' names may begin below. */
const BASES = ['', 'rgb', 'datasets/rgb', 'datasets', 'frames'];

interface Clip {
  readonly dataset: string;
  readonly kind: string;
  readonly split: string;
  readonly variant?: string;
  readonly name: string;
  readonly frames: readonly string[];
}

export const deepfakebench: Layout = {
  name: 'deepfakebench',
  recognises: (folder) => lists(folder).length > 0,
  read(folder) {
    const items = new Map<string, BenchItem>();
    let missing = 0;
    for (const list of lists(folder)) {
      for (const clip of clipsOf(folder.json(list))) {
        for (const frame of clip.frames) {
          const named = folder.key(frame);
          const key = BASES.map((base) => (base === '' ? named : `${base}/${named}`)).find(
            (candidate) => named && folder.has(candidate as string),
          );
          const media = key && mediaOf(key);
          if (!key || !media) {
            missing++;
            continue;
          }
          const real = /real|original|youtube|actors/i.test(clip.kind);
          const split = splitOf(clip.split);
          items.set(key, {
            ...{ key, path: folder.path(key), media, label: real ? 'real' : 'fake' },
            // `000_003` was made from `000`: they stay together.
            source: `${clip.dataset} ${clip.name.split('_')[0]}`,
            ...(real ? {} : { generator: clip.kind }),
            ...(split ? { split } : {}),
            ...(clip.variant ? { variant: clip.variant } : {}),
          });
        }
      }
    }
    return { items: [...items.values()], missing };
  },
};

function lists(folder: Folder): string[] {
  return LISTS.flatMap((below) =>
    folder
      .files(below)
      .filter((name) => name.endsWith('.json'))
      .map((name) => (below === '' ? name : `${below}/${name}`)),
  ).filter((list) => {
    try {
      return clipsOf(folder.json(list)).next().value !== undefined;
    } catch {
      return false;
    }
  });
}

function* clipsOf(list: unknown): Generator<Clip> {
  for (const [dataset, kinds] of entries(list)) {
    for (const [kind, splits] of entries(kinds)) {
      for (const [split, inside] of entries(splits)) {
        for (const [name, value] of entries(inside)) {
          const frames = framesOf(value);
          if (frames) yield { dataset, kind, split, name, frames };
          else {
            for (const [clip, deeper] of entries(value)) {
              const found = framesOf(deeper);
              if (found) yield { dataset, kind, split, variant: name, name: clip, frames: found };
            }
          }
        }
      }
    }
  }
}

function framesOf(value: unknown): readonly string[] | null {
  const { frames } = (value ?? {}) as { frames?: unknown };
  return Array.isArray(frames) && frames.every((frame) => typeof frame === 'string') ? frames : null;
}

function entries(value: unknown): [string, unknown][] {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
}

function splitOf(name: string): Split | null {
  return name === 'train' || name === 'test' || name === 'val' ? name : null;
}
