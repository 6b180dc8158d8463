/**
 * Amazon Rekognition over its documented JSON protocol: RecognizeCelebrities for the people it knows, a collection
 * (IndexFaces, SearchFacesByImage) for those one enrols, CompareFaces for likeness.
 */
import { z } from 'zod';
import type { Act, Call, Candidate, Compared, Picture, Plan, Recogniser } from '../../recogniser.ts';
import { ServiceFailure } from '../../recogniser.ts';
import { type Configuration, settingsOf } from './configuration.ts';
import { ask, type Verdict } from './http.ts';
import { type Signer, signed } from './sigv4.ts';

const celebrities = z.object({
  CelebrityFaces: z.array(z.object({ Name: z.string(), MatchConfidence: z.number().min(0).max(100) })),
});
const indexed = z.object({ FaceRecords: z.array(z.object({ Face: z.object({ FaceId: z.string() }) })) });
const found = z.object({
  FaceMatches: z.array(
    z.object({
      Similarity: z.number().min(0).max(100),
      Face: z.object({ ExternalImageId: z.string().optional() }),
    }),
  ),
});
const compared = z.object({ FaceMatches: z.array(z.object({ Similarity: z.number().min(0).max(100) })) });
const listed = z.object({
  Faces: z.array(z.object({ ExternalImageId: z.string().optional() })),
  NextToken: z.string().nullish(),
});
const anything = z.looseObject({});

/** Errors come as HTTP 400 with a name. */
const verdict: Verdict = (_, body) => {
  const type =
    String((body as { __type?: unknown } | undefined)?.__type ?? '')
      .split('#')
      .at(-1) ?? '';
  if (/Throttl|ThroughputExceeded|LimitExceeded|TooManyRequests/.test(type)) return 'throttled';
  if (/AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|MissingAuthentication/.test(type))
    return 'denied';
  if (/InternalServerError|ServiceUnavailable/.test(type)) return 'unavailable';
  return null;
};

const PACE = { perSecond: 5, parallel: 2, timeoutMs: 30_000 };
const PRICE = {
  perThousand: { RecognizeCelebrities: 1, IndexFaces: 1, SearchFacesByImage: 1, CompareFaces: 1 },
  source: {
    en: 'first tier of the public price list; look it up before you rely on it',
    zh: '公开价目表首档价格；使用前请自行核实',
  },
};

/** Names in a collection may hold few characters only. */
const externalId = (person: string) => Buffer.from(person, 'utf8').toString('base64url').slice(0, 255);
const personOf = (id: string) => Buffer.from(id, 'base64url').toString('utf8');

/** `celebrities` or `collection`; `clock` is what requests are dated by. */
export function rekognition(
  kind: 'celebrities' | 'collection',
  configuration: Configuration,
  clock: () => Date = () => new Date(),
): Recogniser {
  const { region, endpoint, collection, ...keys } = settingsOf(
    'rekognition',
    {
      region: { key: 'region', env: ['AWS_REGION', 'AWS_DEFAULT_REGION'] },
      accessKeyId: { key: 'accessKeyId', env: ['AWS_ACCESS_KEY_ID'] },
      secretAccessKey: { key: 'secretAccessKey', env: ['AWS_SECRET_ACCESS_KEY'] },
      sessionToken: { key: 'sessionToken', env: ['AWS_SESSION_TOKEN'], otherwise: '' },
      endpoint: { key: 'endpoint', env: ['AWS_ENDPOINT_URL_REKOGNITION'], otherwise: '' },
      collection: { key: 'collection', env: ['HUOYAN_REKOGNITION_COLLECTION'], otherwise: 'huoyan-audit' },
    },
    configuration,
  );
  const name = `rekognition:${kind}`;
  const signer: Signer = { ...keys, region, service: 'rekognition' };
  const url = `${endpoint || `https://rekognition.${region}.amazonaws.com`}/`;
  const post = async <T>(operation: string, input: object, schema: z.ZodType<T>, signal: AbortSignal) => {
    const body = JSON.stringify(input);
    const headers = signed(
      {
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `RekognitionService.${operation}`,
        },
        body,
      },
      signer,
      clock(),
    );
    return ask(name, { url, headers, body }, schema, signal, verdict);
  };
  const image = async (picture: Picture) => ({
    Bytes: Buffer.from(await picture.bytes()).toString('base64'),
  });

  const compare = async (a: Picture, b: Picture, call: Call): Promise<Compared> => {
    const act = { operation: 'CompareFaces', key: [a.sha256, b.sha256] };
    return call(act, async (signal) => {
      const input = { SourceImage: await image(b), TargetImage: await image(a), SimilarityThreshold: 0 };
      const answer = await orNobody(() => post('CompareFaces', input, compared, signal));
      const similarity = answer?.FaceMatches.map((one) => one.Similarity / 100) ?? [];
      return { similarity: similarity.length > 0 ? Math.max(...similarity) : null };
    });
  };
  const common = { name, remote: true, price: PRICE, pace: PACE, compare } as const;

  if (kind === 'celebrities') {
    return {
      ...common,
      settings: { region },
      knows: 'public',
      *acts({ identify, compare: pairs }: Plan): Generator<Act> {
        for (const { sha256 } of identify) yield { operation: 'RecognizeCelebrities', key: [sha256] };
        for (const [a, b] of pairs) yield { operation: 'CompareFaces', key: [a.sha256, b.sha256] };
      },
      identify: (picture, call) =>
        call({ operation: 'RecognizeCelebrities', key: [picture.sha256] }, async (signal) => {
          const answer = await post(
            'RecognizeCelebrities',
            { Image: await image(picture) },
            celebrities,
            signal,
          );
          return answer.CelebrityFaces.map(({ Name, MatchConfidence }) => ({
            name: Name,
            confidence: MatchConfidence / 100,
          }));
        }),
    };
  }
  const open: Act = { operation: 'CreateCollection', key: [] };
  const indexing = (person: string, { sha256 }: Picture): Act => ({
    operation: 'IndexFaces',
    key: [person, sha256],
  });
  let opened: Promise<unknown> | null = null;
  return {
    ...common,
    settings: { region, collection },
    knows: 'enrolled',
    *acts({ enrol, identify, compare: pairs }: Plan): Generator<Act> {
      yield open;
      for (const { person, picture } of enrol) yield indexing(person, picture);
      yield { operation: 'ListFaces', key: [] };
      for (const { sha256 } of identify) yield { operation: 'SearchFacesByImage', key: [sha256] };
      for (const [a, b] of pairs) yield { operation: 'CompareFaces', key: [a.sha256, b.sha256] };
    },
    async enrol(person, picture, call) {
      opened ??= call(open, async (signal) => {
        await post('CreateCollection', { CollectionId: collection }, anything, signal).catch(ifNotThere);
        return {};
      });
      await opened;
      await call(indexing(person, picture), async (signal) => {
        const input = {
          CollectionId: collection,
          Image: await image(picture),
          ExternalImageId: externalId(person),
          MaxFaces: 1,
          QualityFilter: 'NONE',
        };
        return (await post('IndexFaces', input, indexed, signal)).FaceRecords.length;
      });
    },
    /** Everybody in the collection, page by page: an audit of an empty collection would look like perfect safety. */
    async ready(call) {
      const people = await call({ operation: 'ListFaces', key: [] }, async (signal) => {
        const known = new Set<string>();
        let next: string | undefined;
        do {
          const input = { CollectionId: collection, MaxResults: 4096, ...(next ? { NextToken: next } : {}) };
          const page = await post('ListFaces', input, listed, signal);
          for (const { ExternalImageId } of page.Faces) if (ExternalImageId) known.add(ExternalImageId);
          next = page.NextToken ?? undefined;
        } while (next);
        return known.size;
      });
      if (people === 0)
        throw new ServiceFailure(
          'denied',
          { en: `${name}: nobody could be enrolled`, zh: `${name}：未能录入任何人` },
          { en: 'look at the photos of the gallery', zh: '请检查图库中的照片' },
        );
    },
    identify: (picture, call) =>
      call({ operation: 'SearchFacesByImage', key: [picture.sha256] }, async (signal) => {
        const input = {
          CollectionId: collection,
          Image: await image(picture),
          MaxFaces: 10,
          FaceMatchThreshold: 80,
        };
        const answer = await orNobody(() => post('SearchFacesByImage', input, found, signal));
        return (answer?.FaceMatches ?? []).flatMap(({ Similarity, Face }): Candidate[] =>
          Face.ExternalImageId
            ? [{ name: personOf(Face.ExternalImageId), confidence: Similarity / 100 }]
            : [],
        ) as never;
      }),
  };
}

/** "There is no face in the picture" is an answer: nobody. */
async function orNobody<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (thrown) {
    if (thrown instanceof ServiceFailure && thrown.kind === 'refused' && /no faces/i.test(thrown.text.en))
      return null;
    throw thrown;
  }
}

function ifNotThere(thrown: unknown): void {
  const there =
    thrown instanceof ServiceFailure && /already exists|ResourceAlreadyExists/i.test(thrown.text.en);
  if (!there) throw thrown;
}
