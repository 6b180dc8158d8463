/**
 * Where a service is and what opens it: from a configuration file, else from the environment. A service that is not
 * configured is not asked; keys go to the service and nowhere else.
 */
import { HuoyanError } from '../../../core/errors.ts';

export interface Configuration {
  /** By service: `{"rekognition": {"region": "eu-west-1"}}`. */
  readonly file: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One setting. */
export interface Wanted {
  /** In the file, below the service's name. */
  readonly key: string;
  readonly env: readonly string[];
  readonly otherwise?: string;
}

/** The settings of `service`. Throws HuoyanError naming what is missing (its name, never a value). */
export function settingsOf<K extends string>(
  service: string,
  wanted: Readonly<Record<K, Wanted>>,
  { file, env }: Configuration,
): Record<K, string> {
  const found = {} as Record<K, string>;
  for (const [name, { key, env: variables, otherwise }] of Object.entries(wanted) as [K, Wanted][]) {
    const own = file[service]?.[key];
    const variable = variables.find((one) => env[one]);
    const value = typeof own === 'string' && own !== '' ? own : variable ? env[variable] : otherwise;
    if (value === undefined) throw notConfigured(service, key, variables);
    found[name] = value;
  }
  return found;
}

function notConfigured(service: string, key: string, variables: readonly string[]): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `${service} is not configured: ${key} is missing`, zh: `未配置 ${service}：缺少 ${key}` },
    {
      en: `set ${variables.join(' or ')}, or write {"${service}": {"${key}": …}} into a file for --config`,
      zh: `请设置 ${variables.join(' 或 ')}，或在 --config 文件中写 {"${service}": {"${key}": …}}`,
    },
  );
}

/** An address without its last slash. Throws HuoyanError for what is no http address. */
export function addressOf(service: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return text.replace(/\/+$/, '');
  throw new HuoyanError(
    'bad-argument',
    { en: `the address of ${service} is none`, zh: `${service} 的地址无效` },
    { en: 'write it with https:// in front', zh: '请以 https:// 开头' },
  );
}
