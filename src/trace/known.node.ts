/** The metric and the known sources that come with this release: `models/trace/`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuoyanError } from '../core/errors.ts';
import { packageModelsFolder } from '../nn/models.node.ts';
import { decodeTensors } from '../nn/safetensors.ts';
import { DESCRIPTION } from './description.ts';
import type { Known, Source } from './gallery.ts';

export interface TraceCard {
  readonly task: string;
  readonly recipe: string;
  readonly licence: string;
  readonly measured: string;
  readonly trainedOn: readonly {
    readonly name: string;
    readonly pictures: number;
    readonly licence: string;
  }[];
  /** Pictures the metric was fitted on. */
  readonly pictures: number;
  readonly sha256: string;
}

function missing(cause: unknown): HuoyanError {
  return new HuoyanError(
    'model-missing',
    { en: 'the model of tracing is missing or damaged', zh: '溯源模型缺失或损坏' },
    {
      en: 'reinstall the package; in a checkout, restore models/trace or run npm run recipe:trace',
      zh: '请重新安装本软件包；若使用源码，请恢复 models/trace，或运行 npm run recipe:trace',
    },
    { cause },
  );
}

/** Throws HuoyanError `model-missing`. */
export async function readKnown(folder = join(packageModelsFolder(), 'trace')): Promise<Known> {
  try {
    const card = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8')) as TraceCard;
    const bytes = await readFile(join(folder, 'trace.safetensors'));
    if (createHash('sha256').update(bytes).digest('hex') !== card.sha256) throw new Error('sha256');
    const { tensors, metadata } = decodeTensors(bytes);
    const numbers = (name: string) => tensors[name].data as Float32Array;
    const flat = numbers('directions');
    const rows = (all: Float32Array) =>
      Array.from({ length: all.length / DESCRIPTION }, (_, i) =>
        all.subarray(i * DESCRIPTION, (i + 1) * DESCRIPTION),
      );
    const kinds = JSON.parse(metadata.sources) as Record<string, Source['kind']>;
    return {
      metric: {
        mean: numbers('mean'),
        rate: numbers('rate'),
        diagonal: numbers('diagonal'),
        directions: rows(flat),
      },
      pictures: card.pictures,
      sources: Object.entries(kinds).map(([name, kind]) => ({
        ...{ name, kind, origin: 'known' },
        prototypes: rows(numbers(`source/${name}`)),
      })),
    };
  } catch (thrown) {
    throw missing(thrown);
  }
}
