/** Every recogniser an audit can ask, by name. Adding one is a file and a line here. */
import { readFile } from 'node:fs/promises';
import { HuoyanError } from '../../core/errors.ts';
import { fromFileSystem } from '../../media/failures.ts';
import type { Recogniser } from '../recogniser.ts';
import { installedLocals, LOCAL_NAMES, localRecognisers } from './local.node.ts';
import { azureCelebrities, azureFace } from './remote/azure.ts';
import { clova } from './remote/clova.ts';
import { compreface } from './remote/compreface.ts';
import type { Configuration } from './remote/configuration.ts';
import { facepp } from './remote/facepp.ts';
import { genericHttp, parseDescription } from './remote/generic-http.ts';
import { rekognition } from './remote/rekognition.ts';

const LOCAL = new Map<string, (typeof LOCAL_NAMES)[number]>(
  LOCAL_NAMES.map((name) => [`local:${name}`, name]),
);

const REMOTE: Readonly<Record<string, (configuration: Configuration) => Recogniser>> = {
  'rekognition:celebrities': (configuration) => rekognition('celebrities', configuration),
  'rekognition:collection': (configuration) => rekognition('collection', configuration),
  'azure:face': azureFace,
  'azure:celebrities': azureCelebrities,
  facepp,
  clova,
  compreface,
};

/** Names that {@link openRecognisers} knows; `http:FILE` describes any other. */
export const RECOGNISERS: readonly string[] = [...LOCAL.keys(), ...Object.keys(REMOTE), 'http:FILE'];

/**
 * The recognisers of these names; without names, the local ones that are installed. Throws HuoyanError for a name
 * that is none, for a service that is not configured, and where nothing is installed.
 */
export async function openRecognisers(
  names: readonly string[],
  configuration: Configuration,
): Promise<Recogniser[]> {
  const wanted = names.length > 0 ? names : (await installedLocals()).map((name) => `local:${name}`);
  if (wanted.length === 0) throw noneInstalled();
  const opened: Recogniser[] = [];
  for (const name of wanted) {
    const local = LOCAL.get(name);
    if (local) opened.push(...localRecognisers([local]));
    else if (Object.hasOwn(REMOTE, name)) opened.push(REMOTE[name](configuration));
    else if (name.startsWith('http:')) opened.push(await described(name.slice(5), configuration));
    else throw noSuch(name);
  }
  return opened;
}

async function described(file: string, { env }: Configuration): Promise<Recogniser> {
  const json = await readFile(file, 'utf8').catch((thrown) => {
    throw fromFileSystem(file, thrown);
  });
  return genericHttp(parseDescription(json, file, env));
}

/** The configuration file, checked to be services with settings. */
export async function readConfiguration(
  path: string | undefined,
  env: Configuration['env'] = process.env,
): Promise<Configuration> {
  if (path === undefined) return { file: {}, env };
  const json = await readFile(path, 'utf8').catch((thrown) => {
    throw fromFileSystem(path, thrown);
  });
  let file: unknown;
  try {
    file = JSON.parse(json);
  } catch {
    // told below; the cause would quote the file, and keys stand in it
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject(file) && Object.values(file as object).every(isObject))
    return { file: file as Configuration['file'], env };
  throw new HuoyanError(
    'corrupt',
    { en: `"${path}" is no configuration`, zh: `“${path}”不是配置文件` },
    {
      en: 'write JSON such as {"compreface": {"endpoint": "http://…", "key": "…"}}',
      zh: '请写成 JSON，例如 {"compreface": {"endpoint": "http://…", "key": "…"}}',
    },
  );
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
