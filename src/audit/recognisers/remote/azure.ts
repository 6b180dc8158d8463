/**
 * Microsoft Azure: Face (a person group is filled, trained, asked; faces are verified against each other) and the
 * celebrities model of Computer Vision, over their documented REST interfaces.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  type Act,
  type Call,
  type Picture,
  type Plan,
  type Recogniser,
  ServiceFailure,
} from '../../recogniser.ts';
import { addressOf, type Configuration, settingsOf } from './configuration.ts';
import { ask, failed, type Verdict } from './http.ts';

const MODEL = 'recognition_04';
const DETECTION = 'detection_03';
const PACE = { perSecond: 10, parallel: 2, timeoutMs: 60_000 };
const source = {
  en: 'public price list; look it up before you rely on it',
  zh: '公开价目表；使用前请自行核实',
};

const share = z.number().min(0).max(1);
const detected = z.array(z.object({ faceId: z.string() }));
const person = z.object({ personId: z.string() });
const persons = z.array(z.object({ personId: z.string(), name: z.string() }));
const persisted = z.object({ persistedFaceId: z.string() });
const training = z.object({ status: z.enum(['notstarted', 'notStarted', 'running', 'succeeded', 'failed']) });
const identified = z.array(
  z.object({ candidates: z.array(z.object({ personId: z.string(), confidence: share })) }),
);
const verified = z.object({ confidence: share });
const celebrities = z.object({
  result: z.object({ celebrities: z.array(z.object({ name: z.string(), confidence: share })) }),
});
const anything = z.unknown();

/** Their own codes where the status says too little. */
const verdict: Verdict = (status, body) => {
  const code = String((body as { error?: { code?: unknown } } | undefined)?.error?.code ?? '');
  if (/RateLimitExceeded|^429$/.test(code)) return 'throttled';
  if (/QuotaExceeded/.test(code)) return 'denied';
  return status === 409 ? 'unavailable' : null;
};

function connection(configuration: Configuration, what: 'azure-face' | 'azure-vision') {
  const { endpoint, key } = settingsOf(
    what,
    {
      endpoint: {
        key: 'endpoint',
        env: [what === 'azure-face' ? 'AZURE_FACE_ENDPOINT' : 'AZURE_VISION_ENDPOINT'],
      },
      key: { key: 'key', env: [what === 'azure-face' ? 'AZURE_FACE_KEY' : 'AZURE_VISION_KEY'] },
    },
    configuration,
  );
  return { base: addressOf(what, endpoint), headers: { 'ocp-apim-subscription-key': key } };
}

/** The celebrities model: `azure:celebrities`. */
export function azureCelebrities(configuration: Configuration): Recogniser {
  const name = 'azure:celebrities';
  const { base, headers } = connection(configuration, 'azure-vision');
  const analysing = ({ sha256 }: Picture): Act => ({ operation: 'AnalyzeCelebrities', key: [sha256] });
  return {
    name,
    settings: { version: 'v3.2' },
    knows: 'public',
    remote: true,
    price: { perThousand: { AnalyzeCelebrities: 1 }, source },
    pace: PACE,
    *acts({ identify }: Plan) {
      for (const picture of identify) yield analysing(picture);
    },
    identify: (picture, call) =>
      call(analysing(picture), async (signal) => {
        const request = {
          url: `${base}/vision/v3.2/models/celebrities/analyze`,
          headers: { ...headers, 'content-type': 'application/octet-stream' },
          body: await picture.bytes(),
        };
        const { result } = await ask(name, request, celebrities, signal, verdict);
        return result.celebrities
          .map(({ name: who, confidence }) => ({ name: who, confidence }))
          .sort((a, b) => b.confidence - a.confidence);
      }),
  };
}

/** Face with a large person group: `azure:face`. */
export function azureFace(configuration: Configuration, pauseMs = 1000): Recogniser {
  const name = 'azure:face';
  const { base, headers } = connection(configuration, 'azure-face');
  const { group } = settingsOf(
    'azure-face',
    { group: { key: 'group', env: ['HUOYAN_AZURE_GROUP'], otherwise: 'huoyan-audit' } },
    configuration,
  );
  const api = `${base}/face/v1.2`;
  const here = `${api}/largepersongroups/${encodeURIComponent(group)}`;
  const send = <T>(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    body: object | Uint8Array | null,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ) => {
    const binary = body instanceof Uint8Array;
    return ask(
      name,
      {
        url,
        method,
        headers: { ...headers, 'content-type': binary ? 'application/octet-stream' : 'application/json' },
        body: body === null ? undefined : binary ? body : JSON.stringify(body),
      },
      schema,
      signal,
      verdict,
    );
  };
  const creating: Act = { operation: 'CreateGroup', key: [] };
  const adding = (who: string): Act => ({ operation: 'CreatePerson', key: [who] });
  const facing = (who: string, { sha256 }: Picture): Act => ({ operation: 'AddFace', key: [who, sha256] });
  const training_: Act = { operation: 'Train', key: [] };
  const listing: Act = { operation: 'ListPersons', key: [] };
  const identifying = ({ sha256 }: Picture): Act => ({ operation: 'Identify', key: [sha256] });
  const verifying = (a: Picture, b: Picture): Act => ({ operation: 'Verify', key: [a.sha256, b.sha256] });
  const people = new Map<string, Promise<string>>();
  const names = new Map<string, string>();
  let created: Promise<unknown> | null = null;

  /** Ids of faces live a day only, so they are part of the question and not remembered. Largest face first. */
  const detect = async (picture: Picture, signal: AbortSignal) => {
    const query = `returnFaceId=true&recognitionModel=${MODEL}&detectionModel=${DETECTION}&faceIdTimeToLive=600`;
    const [first] = await send('POST', `${api}/detect?${query}`, await picture.bytes(), detected, signal);
    return first?.faceId ?? null;
  };

  return {
    name,
    settings: { model: MODEL, group },
    knows: 'enrolled',
    remote: true,
    price: {
      perThousand: { AddFace: 1, Train: 1, Identify: 2, Verify: 3 },
      source,
    },
    pace: PACE,
    *acts({ enrol, identify, compare }: Plan) {
      yield creating;
      for (const who of new Set(enrol.map((one) => one.person))) yield adding(who);
      for (const { person: who, picture } of enrol) yield facing(who, picture);
      yield training_;
      yield listing;
      for (const picture of identify) yield identifying(picture);
      for (const [a, b] of compare) yield verifying(a, b);
    },
    async enrol(who, picture, call: Call) {
      created ??= call(creating, async (signal) => {
        await send('PUT', here, { name: group, recognitionModel: MODEL }, anything, signal).catch(ifExists);
        return {};
      });
      await created;
      let id = people.get(who);
      if (!id) {
        id = call(adding(who), async (signal) => {
          // Names are at most 128 characters.
          const body = { name: who.slice(0, 128) };
          return (await send('POST', `${here}/persons`, body, person, signal)).personId;
        });
        people.set(who, id);
      }
      const personId = await id;
      await call(facing(who, picture), async (signal) => {
        const url = `${here}/persons/${personId}/persistedfaces?detectionModel=${DETECTION}`;
        return (await send('POST', url, await picture.bytes(), persisted, signal)).persistedFaceId;
      });
    },
    async ready(call) {
      await call(training_, async (signal) => {
        await send('POST', `${here}/train`, {}, anything, signal);
        for (;;) {
          const { status } = await send('GET', `${here}/training`, null, training, signal);
          if (status === 'succeeded') return {};
          if (status === 'failed') throw failed(name, 'unavailable', TRAINING_FAILED);
          await sleep(pauseMs, undefined, { signal });
        }
      });
      const all = await call(listing, async (signal) => {
        const known: { personId: string; name: string }[] = [];
        for (let start = ''; ; ) {
          const page = await send('GET', `${here}/persons?start=${start}&top=1000`, null, persons, signal);
          known.push(...page.map(({ personId, name: who }) => ({ personId, name: who })));
          const last = page.at(-1)?.personId;
          if (page.length < 1000 || !last) return known;
          start = last;
        }
      });
      for (const { personId, name: who } of all) names.set(personId, who);
    },
    async identify(picture, call) {
      const said = await call(identifying(picture), async (signal) => {
        const faceId = await detect(picture, signal);
        if (faceId === null) return [];
        const body = {
          faceIds: [faceId],
          largePersonGroupId: group,
          maxNumOfCandidatesReturned: 5,
        };
        const [first] = await send('POST', `${api}/identify`, body, identified, signal);
        return first?.candidates.map(({ personId, confidence }) => ({ personId, confidence })) ?? [];
      });
      return said.map(({ personId, confidence }) => ({ name: names.get(personId) ?? personId, confidence }));
    },
    compare: (a, b, call) =>
      call(verifying(a, b), async (signal) => {
        const [faceId1, faceId2] = [await detect(a, signal), await detect(b, signal)];
        if (faceId1 === null || faceId2 === null) return { similarity: null };
        const { confidence } = await send('POST', `${api}/verify`, { faceId1, faceId2 }, verified, signal);
        return { similarity: confidence };
      }),
  };
}

const TRAINING_FAILED = { en: 'the training of the group failed', zh: '人员组训练失败' };

function ifExists(thrown: unknown): void {
  const there = thrown instanceof ServiceFailure && /already exist/i.test(thrown.text.en);
  if (!there) throw thrown;
}
