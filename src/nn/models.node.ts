/**
 * Networks from `models/NAME.onnx` and their cards from `models/NAME.card.json`, beside package.json; found from the
 * sources as well as from the bundle in dist/. Files are checked against the card's sha256, sessions are kept.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from '../core/card.ts';
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import type { Models } from './models.ts';
import { once } from './once.ts';
import { nodeRuntime } from './runtime.node.ts';
import type { Session, SessionOptions } from './runtime.ts';
import { selfTestError } from './self-test.ts';

export interface NodeModelsOptions extends SessionOptions {
  /** Default: the package's own `models/`. */
  readonly folder?: string;
}

export interface NodeModels extends Models {
  readonly folder: string;
  /** Names of all networks that have a card, sorted. */
  names(): Promise<string[]>;
  /** The bytes of the file, checked against the card. Throws HuoyanError `model-missing`. */
  bytes(name: string): Promise<Uint8Array>;
  /** Runs the card's self-test. */
  verify(name: string): Promise<{ readonly ok: boolean; readonly error: number; readonly tolerance: number }>;
}

/** The folder `models/` of this package: that beside the nearest package.json named huoyan above this file. */
export function packageModelsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'models')))
      return join(folder, 'models');
    const above = dirname(folder);
    if (above === folder) return join(dirname(fileURLToPath(import.meta.url)), 'models');
    folder = above;
  }
}

function missing(name: string, detail: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'model-missing',
    { en: `model ${name}: ${detail.en}`, zh: `模型 ${name}：${detail.zh}` },
    {
      en: 'reinstall the package; in a checkout, restore models/ or rebuild the model with its recipe in recipes/',
      zh: '请重新安装本软件包；若使用源码，请恢复 models/ 目录，或运行 recipes/ 中对应的脚本重新生成',
    },
    { cause },
  );
}

/** Opens the folder of networks. Nothing is read before it is asked for. */
export function openModels(options: NodeModelsOptions = {}): NodeModels {
  const folder = options.folder ?? packageModelsFolder();
  const cards = new Map<string, Promise<ModelCard>>();
  const sessions = new Map<string, Promise<Session>>();

  async function readCard(name: string): Promise<ModelCard> {
    if (!/^[\w.-]+$/.test(name)) throw missing(name, { en: 'not a model name', zh: '名称无效' });
    try {
      return JSON.parse(await readFile(join(folder, `${name}.card.json`), 'utf8')) as ModelCard;
    } catch (thrown) {
      throw missing(name, { en: 'its card is missing or unreadable', zh: '模型卡缺失或无法读取' }, thrown);
    }
  }

  async function bytes(name: string): Promise<Uint8Array> {
    const { sha256 } = await models.card(name);
    let file: Uint8Array;
    try {
      file = await readFile(join(folder, `${name}.onnx`));
    } catch (thrown) {
      throw missing(name, { en: 'its file is missing or unreadable', zh: '模型文件缺失或无法读取' }, thrown);
    }
    if (createHash('sha256').update(file).digest('hex') !== sha256) {
      throw missing(name, {
        en: 'its file does not have the sha256 of its card',
        zh: '模型文件的 sha256 与模型卡不符',
      });
    }
    return file;
  }

  async function open(name: string): Promise<Session> {
    const runtime = await nodeRuntime();
    const file = await bytes(name);
    try {
      return await runtime.load(file, { threads: options.threads });
    } catch (thrown) {
      const reason = asHuoyanError(thrown).text;
      throw missing(name, { en: `cannot be loaded: ${reason.en}`, zh: `无法加载：${reason.zh}` }, thrown);
    }
  }

  const models: NodeModels = {
    folder,
    card: (name) => once(cards, name, () => readCard(name)),
    session: (name) => once(sessions, name, () => open(name)),
    bytes,
    async names() {
      const files = existsSync(folder) ? await readdir(folder) : [];
      const suffix = '.card.json';
      return files
        .filter((f) => f.endsWith(suffix))
        .map((f) => f.slice(0, -suffix.length))
        .sort();
    },
    async verify(name) {
      const [card, session] = await Promise.all([models.card(name), models.session(name)]);
      const error = await selfTestError(session, card);
      const { tolerance } = card.selfTest;
      return { ok: error <= tolerance, error, tolerance };
    },
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      for (const session of open) await (await session).release();
    },
  };
  return models;
}

let shared: NodeModels | undefined;

/** The package's own networks; the same object on every call. */
export function packageModels(): NodeModels {
  shared ??= openModels();
  return shared;
}

/** Runs the self-test of one of the package's own networks. Throws HuoyanError `model-missing`. */
export function verifyModel(name: string): ReturnType<NodeModels['verify']> {
  return packageModels().verify(name);
}
