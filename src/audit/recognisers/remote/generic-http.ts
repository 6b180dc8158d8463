/**
 * Any recogniser with an HTTP interface, described by a small file: which address for which act, how the picture
 * travels, where in the answer names and confidences stand. `${NAME}` in the file is taken from the environment, so
 * that keys need not stand in it.
 */
import { z } from 'zod';
import { HuoyanError } from '../../../core/errors.ts';
import type { Act, Candidate, Picture, Plan, Recogniser } from '../../recogniser.ts';
import { ServiceFailure } from '../../recogniser.ts';
import { addressOf } from './configuration.ts';
import { type Asked, ask } from './http.ts';

const act = z.object({
  /** `{person}` stands for the name, as part of an address. */
  url: z.string(),
  method: z.enum(['POST', 'PUT']).default('POST'),
  /** `binary`: the picture is the body; `json`: base64 in a field; `multipart`: a file in a form. */
  body: z.enum(['binary', 'json', 'multipart']).default('multipart'),
  /** Names of the fields pictures travel in. */
  picture: z.string().default('image'),
  other: z.string().default('image2'),
  /** Further fields; `{person}` stands for the name. */
  fields: z.record(z.string(), z.string()).default({}),
});

const description = z.object({
  name: z.string().regex(/^[\w.-]{1,60}$/),
  knows: z.enum(['enrolled', 'public']),
  headers: z.record(z.string(), z.string()).default({}),
  perSecond: z.number().positive().max(1000).default(2),
  parallel: z.int().min(1).max(16).default(1),
  timeoutSeconds: z.number().positive().max(600).default(30),
  dollarsPerThousand: z.number().nonnegative().optional(),
  enrol: act.optional(),
  identify: act.extend({
    /** Where the list of candidates stands (dots between), and its fields; null, or an empty list on the way, is nobody. */
    candidates: z.string(),
    person: z.string(),
    confidence: z.string(),
    /** Confidences are divided by it. */
    scale: z.number().positive().default(1),
  }),
  compare: act.extend({ similarity: z.string(), scale: z.number().positive().default(1) }).optional(),
});

type Description = z.infer<typeof description>;
type ActDescription = z.infer<typeof act>;

/** The description in `json`, with `${NAME}` filled in. Throws HuoyanError `corrupt`, never with a value in it. */
export function parseDescription(
  json: string,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Description {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw broken(file, { en: 'it is not JSON', zh: '不是 JSON' }, cause);
  }
  const checked = description.safeParse(filled(value, file, env));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const where = issue?.path.join('.') || 'file';
    throw broken(file, { en: `${where}: ${issue?.message}`, zh: `${where}：${issue?.message}` });
  }
  if (checked.data.knows === 'enrolled' && !checked.data.enrol) {
    throw broken(file, { en: 'enrol is missing', zh: '缺少 enrol' });
  }
  return checked.data;
}

function filled(value: unknown, file: string, env: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined)
        throw broken(file, { en: `the variable ${name} is not set`, zh: `未设置变量 ${name}` });
      return found;
    });
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, file, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, file, env)]));
}

function broken(file: string, text: { en: string; zh: string }, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `"${file}" describes no recogniser: ${text.en}`, zh: `“${file}”不是识别器描述：${text.zh}` },
    { en: 'docs/audit.md has an example', zh: '示例见 docs/audit.zh-CN.md' },
    { cause },
  );
}

/** `http:NAME`, NAME being the one in the description. */
export function genericHttp(described: Description): Recogniser {
  const { knows, headers, enrol, identify, compare } = described;
  const name = `http:${described.name}`;
  const send = async (
    one: ActDescription,
    person: string,
    pictures: readonly Picture[],
    signal: AbortSignal,
  ): Promise<unknown> => {
    const named = (text: string, encode: (name: string) => string = (n) => n) =>
      text.replaceAll('{person}', encode(person));
    const url = addressOf(name, named(one.url, encodeURIComponent));
    const fields = Object.entries(one.fields).map(([field, value]) => [field, named(value)] as const);
    const bytes = await Promise.all(pictures.map((picture) => picture.bytes()));
    const places = [one.picture, one.other];
    const request: Asked = { url, method: one.method, headers };
    if (one.body === 'binary') {
      const type = { 'content-type': 'application/octet-stream', ...headers };
      return ask(name, { ...request, headers: type, body: bytes[0] }, z.unknown(), signal);
    }
    if (one.body === 'json') {
      const texts = bytes.map((own, i) => [places[i], Buffer.from(own).toString('base64')]);
      const type = { 'content-type': 'application/json', ...headers };
      const body = JSON.stringify(Object.fromEntries([...fields, ...texts]));
      return ask(name, { ...request, headers: type, body }, z.unknown(), signal);
    }
    const form = new FormData();
    for (const [field, value] of fields) form.append(field, value);
    bytes.forEach((own, i) => {
      form.append(places[i], new Blob([Uint8Array.from(own)]), 'picture');
    });
    return ask(name, { ...request, body: form }, z.unknown(), signal);
  };
  const enrolling = (person: string, { sha256 }: Picture): Act => ({
    operation: 'enrol',
    key: [person, sha256],
  });
  const identifying = ({ sha256 }: Picture): Act => ({ operation: 'identify', key: [sha256] });
  const comparing = (a: Picture, b: Picture): Act => ({ operation: 'compare', key: [a.sha256, b.sha256] });
  const dollars = described.dollarsPerThousand;
  return {
    name,
    settings: { identify: identify.url, fields: identify.fields },
    knows,
    remote: true,
    price:
      dollars === undefined
        ? null
        : {
            perThousand: { enrol: dollars, identify: dollars, compare: dollars },
            source: { en: 'your description', zh: '您的描述文件' },
          },
    pace: {
      perSecond: described.perSecond,
      parallel: described.parallel,
      timeoutMs: described.timeoutSeconds * 1000,
    },
    *acts(plan: Plan) {
      if (enrol) for (const { person, picture } of plan.enrol) yield enrolling(person, picture);
      for (const picture of plan.identify) yield identifying(picture);
      if (compare) for (const [a, b] of plan.compare) yield comparing(a, b);
    },
    ...(enrol
      ? {
          enrol: async (person, picture, call) => {
            await call(enrolling(person, picture), async (signal) => {
              await send(enrol, person, [picture], signal);
              return {};
            });
          },
        }
      : ({} as Pick<Recogniser, 'enrol'>)),
    identify: (picture, call) =>
      call(identifying(picture), async (signal) => {
        const list = at(await send(identify, '', [picture], signal), identify.candidates);
        if (list === null) return [];
        // An absent list is a wrong description, not a recogniser that nobody can deceive.
        if (!Array.isArray(list)) throw malformed(name, identify.candidates);
        return list
          .map((one) => {
            const who = at(one, identify.person);
            const confidence = Number(at(one, identify.confidence)) / identify.scale;
            if (typeof who !== 'string') throw malformed(name, identify.person);
            if (!(confidence >= 0 && confidence <= 1)) throw malformed(name, identify.confidence);
            return { name: who, confidence };
          })
          .sort((a, b) => b.confidence - a.confidence) satisfies Candidate[];
      }),
    ...(compare
      ? {
          compare: (a, b, call) =>
            call(comparing(a, b), async (signal) => {
              const said = at(await send(compare, '', [a, b], signal), compare.similarity);
              if (said === undefined || said === null) return { similarity: null };
              const similarity = Number(said) / compare.scale;
              if (!(similarity >= -1 && similarity <= 1)) throw malformed(name, compare.similarity);
              return { similarity: Math.max(0, similarity) };
            }),
        }
      : ({} as Pick<Recogniser, 'compare'>)),
  };
}

/**
 * What stands at `path` (names and places with dots between); the whole for an empty path, null beyond an empty list
 * or null, undefined where there is nothing of the kind.
 */
function at(value: unknown, path: string): unknown {
  let inner = value;
  for (const part of path.split('.').filter((one) => one !== '')) {
    if (inner === null || (Array.isArray(inner) && inner.length === 0)) return null;
    if (typeof inner !== 'object' || !Object.hasOwn(inner, part)) return undefined;
    inner = (inner as Record<string, unknown>)[part];
  }
  return inner;
}

function malformed(name: string, path: string): ServiceFailure {
  return new ServiceFailure(
    'malformed',
    {
      en: `${name}: nothing usable at "${path}" of the answer`,
      zh: `${name}：应答的“${path}”处没有可用内容`,
    },
    { en: 'compare the description with an answer of the service', zh: '请对照服务的应答检查描述文件' },
  );
}
