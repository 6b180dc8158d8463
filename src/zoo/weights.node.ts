/**
 * Trained weights of the zoo: one file a family, `models/zoo/FAMILY.safetensors.br`, because six hundred small files are
 * a burden to everyone who unpacks them. In it: float16 tensors named `MODEL|PARAMETER`, and facts of each model as JSON
 * under its name in the metadata; brotli around it. A family is read when its first generator is asked for. Brotli has
 * no checksum of its own, so that of the card counts where there is a card.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import { HuoyanError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';
import type { Weights } from '../nn/index.ts';
import { packageModelsFolder } from '../nn/models.node.ts';
import { decodeTensors, encodeTensors } from '../nn/safetensors.ts';
import { ZOO_CARD, type ZooCard } from './card.ts';
import type { Family, ZooModel } from './declaration.ts';

/** What is known about a trained generator beside its weights. */
export interface ZooFacts {
  /** Mean over held-out pictures in dB, of generators that give a picture back. */
  readonly psnr?: number;
  /** Below 1 where training diverged and began again, slower. */
  readonly rateFactor: number;
  /** Time it took to train. */
  readonly seconds: number;
}

export interface Trained {
  readonly weights: Weights;
  readonly facts: ZooFacts;
}

export interface ZooWeights {
  readonly folder: string;
  /** Facts of the trained generators of a family by name; empty when the family has no file. Throws `corrupt`. */
  known(family: Family): Promise<ReadonlyMap<string, ZooFacts>>;
  /** Throws HuoyanError `model-missing` when they are not here, `corrupt` when they are damaged or do not fit. */
  of(model: ZooModel): Promise<Trained>;
}

const FORMAT = 'huoyan-zoo-1';
const SUFFIX = '.safetensors.br';
/** No family comes near; a damaged file must not fill the memory. */
const MOST_BYTES = 256 << 20;
const SEPARATOR = '|';
/** How many names an error lists. */
const NAMED = 8;

export function packFile(folder: string, family: Family): string {
  return join(folder, `${family}${SUFFIX}`);
}

/** Names and shapes of everything that sampling from `model` needs. */
export function neededTensors(model: ZooModel): Map<string, readonly number[]> {
  const networks = Object.values(model.networks);
  return new Map(
    networks.flatMap((net) => [...net.parameters, ...net.statistics]).map(({ name, shape }) => [name, shape]),
  );
}

/** Are these the weights of `model`: each tensor there, in its shape, of finite numbers? */
export function weightsFit(model: ZooModel, weights: Weights): boolean {
  return [...neededTensors(model)].every(([name, shape]) => {
    const tensor = weights[name];
    return (
      tensor?.data instanceof Float32Array &&
      tensor.dims.join() === shape.join() &&
      tensor.data.every(Number.isFinite)
    );
  });
}

/** The bytes of a family's file. */
export async function encodePack(models: Readonly<Record<string, Trained>>): Promise<Uint8Array> {
  const tensors: Record<string, Weights[string]> = {};
  const metadata: Record<string, string> = { format: FORMAT };
  for (const [name, { weights, facts }] of Object.entries(models)) {
    metadata[name] = JSON.stringify(facts);
    for (const [parameter, tensor] of Object.entries(weights))
      tensors[`${name}${SEPARATOR}${parameter}`] = tensor;
  }
  const plain = encodeTensors(tensors, metadata, { half: true });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  };
  return promisify(brotliCompress)(plain, { params });
}

interface Pack {
  readonly bytes: Uint8Array;
  readonly facts: ReadonlyMap<string, ZooFacts>;
}

const NOTHING: Pack = { bytes: new Uint8Array(0), facts: new Map() };

function damaged(family: Family, detail: Text, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    {
      en: `weights of the zoo's family ${family}: ${detail.en}`,
      zh: `生成器库 ${family} 族的权重：${detail.zh}`,
    },
    {
      en: 'reinstall the package; in a checkout, restore models/zoo or run npm run recipe:zoo',
      zh: '请重新安装本软件包；若使用源码，请恢复 models/zoo 或运行 npm run recipe:zoo',
    },
    { cause },
  );
}

/** The card beside the packs; undefined where there is none, or none that can be read. */
export async function readCard(folder: string): Promise<ZooCard | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, ZOO_CARD), 'utf8'));
  } catch {
    return undefined;
  }
}

async function readPack(folder: string, family: Family): Promise<Pack> {
  let file: Uint8Array;
  try {
    file = await readFile(packFile(folder, family));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
    throw damaged(family, { en: 'the file cannot be read', zh: '文件无法读取' }, thrown);
  }
  const expected = (await readCard(folder))?.packs[family]?.sha256;
  if (expected !== undefined && createHash('sha256').update(file).digest('hex') !== expected) {
    throw damaged(family, {
      en: 'the file does not have the sha256 of the card',
      zh: '文件的 sha256 与卡片不符',
    });
  }
  try {
    const bytes = await promisify(brotliDecompress)(file, { maxOutputLength: MOST_BYTES });
    const { metadata } = decodeTensors(bytes, () => false);
    const { format, ...models } = metadata;
    if (format !== FORMAT) throw new Error(`format ${format}`);
    const facts = Object.entries(models).map(([name, json]) => [name, JSON.parse(json)] as const);
    return { bytes, facts: new Map(facts) };
  } catch (thrown) {
    throw damaged(family, { en: 'the file is damaged', zh: '文件已损坏' }, thrown);
  }
}

function absent({ declaration: { name, family } }: ZooModel, known: readonly string[]): HuoyanError {
  const some = known.slice(0, NAMED).join(', ');
  const more = known.length > NAMED ? ', …' : '';
  return new HuoyanError(
    'model-missing',
    { en: `generator ${name} has no trained weights here`, zh: `此处没有生成器 ${name} 的训练权重` },
    known.length > 0
      ? {
          en: `of the family ${family} there are ${known.length}: ${some}${more}; see huoyan zoo list`,
          zh: `${family} 族现有 ${known.length} 个：${some}${more}；参见 huoyan zoo list`,
        }
      : {
          en: `there are none of the family ${family}; reinstall the package or run npm run recipe:zoo`,
          zh: `${family} 族没有任何权重；请重新安装本软件包或运行 npm run recipe:zoo`,
        },
  );
}

/** Opens a folder of packs, by default the package's own. Nothing is read before it is asked for. */
export function openZooWeights(folder = join(packageModelsFolder(), 'zoo')): ZooWeights {
  const packs = new Map<Family, Promise<Pack>>();

  /** A failure is forgotten, so that a repaired file is found. */
  function pack(family: Family): Promise<Pack> {
    const known = packs.get(family);
    if (known) return known;
    const made = readPack(folder, family);
    packs.set(family, made);
    made.catch(() => packs.delete(family));
    return made;
  }

  return {
    folder,
    async known(family) {
      return (await pack(family)).facts;
    },
    async of(model) {
      const { name, family } = model.declaration;
      const { bytes, facts } = await pack(family);
      const own = facts.get(name);
      if (!own) throw absent(model, [...facts.keys()]);
      const start = `${name}${SEPARATOR}`;
      const { tensors } = decodeTensors(bytes, (tensor) => tensor.startsWith(start));
      const weights = Object.fromEntries(
        Object.entries(tensors).map(([tensor, value]) => [tensor.slice(start.length), value]),
      ) as Weights;
      if (!weightsFit(model, weights)) {
        throw damaged(family, {
          en: `those of ${name} do not fit its declaration`,
          zh: `${name} 的权重与其声明不符`,
        });
      }
      return { weights, facts: own };
    },
  };
}
