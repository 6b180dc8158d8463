/**
 * Networks in a browser: `NAME.onnx` and `NAME.card.json` below an address, checked against the card's sha256 and, on a
 * graphics processor, against the card's self-test: one that computes too coarsely is not used.
 */
import type { ModelCard } from '../core/card.ts';
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import { sha256Hex } from '../core/sha256.ts';
import type { Text } from '../core/text.ts';
import type { Models } from './models.ts';
import { once } from './once.ts';
import type { Runtime, Session } from './runtime.ts';
import { selfTestError } from './self-test.ts';

function missing(name: string, detail: Text, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'model-missing',
    { en: `model ${name}: ${detail.en}`, zh: `模型 ${name}：${detail.zh}` },
    {
      en: 'load the page once while the service can be reached',
      zh: '请在可以连接服务时先加载一次页面',
    },
    { cause },
  );
}

/** The bytes at `url`. Throws HuoyanError `model-missing`. */
export async function fetchBytes(name: string, url: string): Promise<Uint8Array> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw missing(name, { en: 'it could not be fetched', zh: '无法获取' }, thrown);
  }
}

export interface WebModels extends Models {
  /** Sends for a network before it is needed. */
  prepare(name: string): Promise<void>;
  /** By the name of a network that was opened, the name of the runtime that runs it. */
  readonly runBy: ReadonlyMap<string, string>;
}

/**
 * Opens the networks below `base` (ends with a slash). `runtimes` are tried in order for each network; the last one is
 * trusted without its self-test.
 */
export function openWebModels(base: string, runtimes: readonly Runtime[]): WebModels {
  const cards = new Map<string, Promise<ModelCard>>();
  const sessions = new Map<string, Promise<Session>>();
  const runBy = new Map<string, string>();

  async function readCard(name: string): Promise<ModelCard> {
    const bytes = await fetchBytes(name, `${base}${name}.card.json`);
    return JSON.parse(new TextDecoder().decode(bytes)) as ModelCard;
  }

  async function open(name: string): Promise<Session> {
    const [card, bytes] = await Promise.all([models.card(name), fetchBytes(name, `${base}${name}.onnx`)]);
    if (sha256Hex(bytes) !== card.sha256)
      throw missing(name, {
        en: 'its file does not have the sha256 of its card',
        zh: '模型文件的 sha256 与模型卡不符',
      });
    for (const [i, runtime] of runtimes.entries()) {
      const last = i === runtimes.length - 1;
      try {
        const session = await runtime.load(bytes, { threads: 1 });
        if (last || (await selfTestError(session, card)) <= card.selfTest.tolerance) {
          runBy.set(name, runtime.name);
          return session;
        }
        await session.release();
      } catch (thrown) {
        if (!last) continue;
        const reason = asHuoyanError(thrown).text;
        throw missing(name, { en: `cannot be loaded: ${reason.en}`, zh: `无法加载：${reason.zh}` }, thrown);
      }
    }
    throw missing(name, { en: 'nothing can run it', zh: '没有可运行它的环境' });
  }

  const models: WebModels = {
    runBy,
    card: (name) => once(cards, name, () => readCard(name)),
    session: (name) => once(sessions, name, () => open(name)),
    prepare: async (name) => {
      await models.session(name);
    },
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      for (const session of open) await (await session).release();
    },
  };
  return models;
}
