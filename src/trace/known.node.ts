/** The metrics and the known sources that come with this release: `models/trace/`, `models/trace-voices/`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuoyanError } from '../core/errors.ts';
import { packageModelsFolder } from '../nn/models.node.ts';
import { decodeTensors } from '../nn/safetensors.ts';
import type { Known, Source } from './gallery.ts';

interface Card {
  readonly task: string;
  readonly recipe: string;
  readonly licence: string;
  readonly measured: string;
  readonly sha256: string;
}

interface Origin {
  readonly name: string;
  readonly licence: string;
}

export interface TraceCard extends Card {
  readonly trainedOn: readonly (Origin & { readonly pictures: number })[];
  /** Pictures the metric was fitted on. */
  readonly pictures: number;
}

export interface VoiceTraceCard extends Card {
  readonly trainedOn: readonly (Origin & { readonly clips: number })[];
  /** Clips the metric was fitted on, on all roads together. */
  readonly clips: number;
}

/** What can be traced: pictures, voices. Each has a description, a metric and sources of its own. */
export type Traceable = 'image' | 'audio';

const FOLDER: Readonly<Record<Traceable, string>> = { image: 'trace', audio: 'trace-voices' };
const RECIPE: Readonly<Record<Traceable, string>> = {
  image: 'npm run recipe:trace',
  audio: 'npm run recipe:voice -- attribution',
};

/** Where the models of `kind` come with the release. */
export function knownFolder(kind: Traceable): string {
  return join(packageModelsFolder(), FOLDER[kind]);
}

function missing(kind: Traceable, cause: unknown): HuoyanError {
  const [folder, recipe] = [FOLDER[kind], RECIPE[kind]];
  return new HuoyanError(
    'model-missing',
    { en: 'the model of tracing is missing or damaged', zh: '溯源模型缺失或损坏' },
    {
      en: `reinstall the package; in a checkout, restore models/${folder} or run ${recipe}`,
      zh: `请重新安装本软件包；若使用源码，请恢复 models/${folder}，或运行 ${recipe}`,
    },
    { cause },
  );
}

/** Throws HuoyanError `model-missing`. */
export async function readKnown(kind: Traceable = 'image', folder = knownFolder(kind)): Promise<Known> {
  try {
    const card = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8')) as TraceCard | VoiceTraceCard;
    const bytes = await readFile(join(folder, 'trace.safetensors'));
    if (createHash('sha256').update(bytes).digest('hex') !== card.sha256) throw new Error('sha256');
    const { tensors, metadata } = decodeTensors(bytes);
    const numbers = (name: string) => tensors[name].data as Float32Array;
    const { length } = numbers('mean');
    const rows = (all: Float32Array) =>
      Array.from({ length: all.length / length }, (_, i) => all.subarray(i * length, (i + 1) * length));
    const kinds = JSON.parse(metadata.sources) as Record<string, Source['kind']>;
    return {
      metric: {
        mean: numbers('mean'),
        rate: numbers('rate'),
        diagonal: numbers('diagonal'),
        directions: rows(numbers('directions')),
      },
      works: 'pictures' in card ? card.pictures : card.clips,
      sources: Object.entries(kinds).map(([name, kind]) => ({
        ...{ name, kind, origin: 'known' },
        prototypes: rows(numbers(`source/${name}`)),
      })),
    };
  } catch (thrown) {
    throw missing(kind, thrown);
  }
}
