/** Every recogniser an audit can ask, by name. Adding one is a file and a line here. */
import { HuoyanError } from '../../core/errors.ts';
import type { Recogniser } from '../recogniser.ts';
import { installedLocals, LOCAL_NAMES, localRecognisers } from './local.node.ts';

const LOCAL = new Map<string, (typeof LOCAL_NAMES)[number]>(
  LOCAL_NAMES.map((name) => [`local:${name}`, name]),
);

/** Names that {@link openRecognisers} knows. */
export const RECOGNISERS: readonly string[] = [...LOCAL.keys()];

/**
 * The recognisers of these names; without names, the local ones that are installed. Throws HuoyanError for a name
 * that is none, and where nothing is installed.
 */
export async function openRecognisers(names: readonly string[]): Promise<Recogniser[]> {
  const wanted = names.length > 0 ? names : (await installedLocals()).map((name) => `local:${name}`);
  if (wanted.length === 0) throw noneInstalled();
  const unknown = wanted.find((name) => !LOCAL.has(name));
  if (unknown !== undefined) throw noSuch(unknown);
  return localRecognisers(wanted.flatMap((name) => LOCAL.get(name) ?? []));
}

function noSuch(name: string): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `there is no recogniser "${name}"`, zh: `没有名为“${name}”的识别器` },
    { en: `one of: ${RECOGNISERS.join(', ')}`, zh: `可选：${RECOGNISERS.join('、')}` },
  );
}

function noneInstalled(): HuoyanError {
  return new HuoyanError(
    'component-missing',
    { en: 'no face recogniser is installed', zh: '未安装任何人脸识别器' },
    {
      en: 'npm install @vladmandic/human@3.3.6, or name a service you have an account with',
      zh: '请运行 npm install @vladmandic/human@3.3.6，或指定您已有账户的服务',
    },
  );
}
