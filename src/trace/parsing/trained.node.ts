/** The fingerprint network and the parser of this release: `models/fingerprint/`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import type { Weights } from '../../nn/index.ts';
import { packageModelsFolder } from '../../nn/models.node.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import { decodeTensors } from '../../nn/safetensors.ts';
import { FingerprintEstimator } from '../fingerprint/estimator.ts';
import { Parser, type ParserData } from './parser.ts';

export const NETWORK_FILE = 'fingerprint.safetensors';
export const PARSER_FILE = 'parser.safetensors';

export interface FingerprintCard {
  readonly task: string;
  readonly recipe: string;
  readonly licence: string;
  readonly measured: string;
  /** Generators of the zoo the network was trained on and the parser goes by, published ones the parser knows beside them, and photographs' sets with their licences. */
  readonly trainedOn: {
    readonly generators: number;
    readonly parsed: number;
    readonly published: readonly string[];
    readonly photographs: readonly { readonly name: string; readonly licence: string }[];
  };
  /** By file name. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What goes into the metadata of the parser's file. */
export type ParserFacts = Pick<ParserData, 'ranges' | 'ways' | 'interval'> & {
  readonly names: readonly string[];
};

function missing(cause: unknown): HuoyanError {
  return new HuoyanError(
    'model-missing',
    { en: 'the fingerprint network is missing or damaged', zh: '指纹网络缺失或损坏' },
    {
      en: 'reinstall the package; in a checkout, restore models/fingerprint or run npm run recipe:fingerprint',
      zh: '请重新安装本软件包；若使用源码，请恢复 models/fingerprint，或运行 npm run recipe:fingerprint',
    },
    { cause },
  );
}

/** Rows of equal length end to end. */
const rows = (all: Float32Array, count: number): Float32Array[] => {
  const each = all.length / count;
  return Array.from({ length: count }, (_, i) => all.subarray(i * each, (i + 1) * each));
};

/** The tensors and metadata of one file of `folder`, which is what its card says it is. */
async function readPart(folder: string, file: string) {
  const card = JSON.parse(await readFile(join(folder, 'card.json'), 'utf8')) as FingerprintCard;
  const bytes = await readFile(join(folder, file));
  if (createHash('sha256').update(bytes).digest('hex') !== card.sha256[file])
    throw new Error(`${file}: sha256`);
  return decodeTensors(bytes);
}

const FOLDER = join(packageModelsFolder(), 'fingerprint');

/** Rejects with HuoyanError `model-missing`. */
export async function readParser(folder = FOLDER): Promise<Parser> {
  try {
    const fitted = await readPart(folder, PARSER_FILE);
    const { names, ...facts } = JSON.parse(fitted.metadata.facts) as ParserFacts;
    const numbers = (name: string) => fitted.tensors[name].data as Float32Array;
    const [places, vectors] = [rows(numbers('places'), names.length), rows(numbers('vectors'), names.length)];
    return new Parser({
      ...facts,
      space: { centre: numbers('centre'), axes: numbers('axes') },
      references: names.map((name, i) => ({ name, place: places[i], vector: vectors[i] })),
      mean: numbers('mean'),
      coefficients: rows(numbers('coefficients'), names.length),
    });
  } catch (thrown) {
    throw missing(thrown);
  }
}

/** Rejects with HuoyanError `model-missing`. */
export async function readEstimator(folder = FOLDER): Promise<FingerprintEstimator> {
  try {
    const { metadata, tensors } = await readPart(folder, NETWORK_FILE);
    const sources = (JSON.parse(metadata.sources) as string[]).length + 1;
    return await FingerprintEstimator.load(await nodeRuntime(), tensors as Weights, sources);
  } catch (thrown) {
    throw missing(thrown);
  }
}
