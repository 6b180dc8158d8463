/** Face++ (Megvii): a face set is filled and searched, two pictures are compared; keys travel in the form. */
import { z } from 'zod';
import type { Act, Picture, Plan, Recogniser } from '../../recogniser.ts';
import { addressOf, type Configuration, settingsOf } from './configuration.ts';
import { ask, type Verdict } from './http.ts';

const percent = z.number().min(0).max(100);
const detected = z.object({ faces: z.array(z.object({ face_token: z.string() })) });
const searched = z.object({
  results: z.array(z.object({ confidence: percent, user_id: z.string() })).optional(),
});
const compared = z.object({ confidence: percent.optional() });
const anything = z.looseObject({});

/** What they mean stands in `error_message`, several meanings sharing a status. */
const verdict: Verdict = (_, body) => {
  const message = String((body as { error_message?: unknown } | undefined)?.error_message ?? '');
  if (/CONCURRENCY_LIMIT_EXCEEDED|QPS/.test(message)) return 'throttled';
  if (/AUTHENTICATION_ERROR|AUTHORIZATION_ERROR|INSUFFICIENT/.test(message)) return 'denied';
  if (/INTERNAL_ERROR|TIMEOUT|API_NOT_FOUND/.test(message)) return 'unavailable';
  return null;
};

/** `facepp`. */
export function facepp(configuration: Configuration): Recogniser {
  const name = 'facepp';
  const { key, secret, endpoint, faceset } = settingsOf(
    'facepp',
    {
      key: { key: 'key', env: ['FACEPP_API_KEY'] },
      secret: { key: 'secret', env: ['FACEPP_API_SECRET'] },
      endpoint: { key: 'endpoint', env: ['FACEPP_ENDPOINT'], otherwise: 'https://api-cn.faceplusplus.com' },
      faceset: { key: 'faceset', env: ['HUOYAN_FACEPP_SET'], otherwise: 'huoyan-audit' },
    },
    configuration,
  );
  const base = `${addressOf('facepp', endpoint)}/facepp/v3`;
  const post = <T>(
    path: string,
    fields: Record<string, string>,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ) => {
    const body = new FormData();
    for (const [field, value] of Object.entries({ api_key: key, api_secret: secret, ...fields }))
      body.append(field, value);
    return ask(name, { url: `${base}/${path}`, body }, schema, signal, verdict);
  };
  const text = async (picture: Picture) => Buffer.from(await picture.bytes()).toString('base64');
  const creating: Act = { operation: 'faceset/create', key: [] };
  const adding = (who: string, { sha256 }: Picture): Act => ({
    operation: 'faceset/addface',
    key: [who, sha256],
  });
  const searching = ({ sha256 }: Picture): Act => ({ operation: 'search', key: [sha256] });
  const comparing = (a: Picture, b: Picture): Act => ({ operation: 'compare', key: [a.sha256, b.sha256] });
  let created: Promise<unknown> | null = null;
  return {
    name,
    settings: { faceset },
    knows: 'enrolled',
    remote: true,
    price: null,
    // Free keys are allowed one call at a time.
    pace: { perSecond: 1, parallel: 1, timeoutMs: 30_000 },
    *acts({ enrol, identify, compare }: Plan) {
      yield creating;
      for (const { person, picture } of enrol) yield adding(person, picture);
      for (const picture of identify) yield searching(picture);
      for (const [a, b] of compare) yield comparing(a, b);
    },
    async enrol(person, picture, call) {
      created ??= call(creating, async (signal) => {
        await post('faceset/create', { outer_id: faceset, force_merge: '1' }, anything, signal);
        return {};
      });
      await created;
      await call(adding(person, picture), async (signal) => {
        const { faces } = await post('detect', { image_base64: await text(picture) }, detected, signal);
        const token = faces[0]?.face_token;
        if (!token) return null;
        // A user id is at most 255 characters without ^@,&=*'".
        const user = Buffer.from(person, 'utf8').toString('base64url').slice(0, 255);
        await post('face/setuserid', { face_token: token, user_id: user }, anything, signal);
        await post('faceset/addface', { outer_id: faceset, face_tokens: token }, anything, signal);
        return token;
      });
    },
    identify: (picture, call) =>
      call(searching(picture), async (signal) => {
        const fields = { image_base64: await text(picture), outer_id: faceset, return_result_count: '5' };
        const { results = [] } = await post('search', fields, searched, signal);
        return results.map(({ confidence, user_id }) => ({
          name: Buffer.from(user_id, 'base64url').toString('utf8'),
          confidence: confidence / 100,
        }));
      }),
    compare: (a, b, call) =>
      call(comparing(a, b), async (signal) => {
        const fields = { image_base64_1: await text(a), image_base64_2: await text(b) };
        const { confidence } = await post('compare', fields, compared, signal);
        return { similarity: confidence === undefined ? null : confidence / 100 };
      }),
  };
}
