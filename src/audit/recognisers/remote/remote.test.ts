/**
 * Every adapter against a loopback server that answers as the published interface of its service does: success,
 * throttling, a key that is not accepted, a malformed answer, no answer in time.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller, type Clock } from '../../calls/caller.ts';
import type { Entry } from '../../calls/journal.node.ts';
import type { Picture, Recogniser } from '../../recogniser.ts';
import { azureCelebrities, azureFace } from './azure.ts';
import { clova } from './clova.ts';
import { compreface } from './compreface.ts';
import type { Configuration } from './configuration.ts';
import { facepp } from './facepp.ts';
import { genericHttp, parseDescription } from './generic-http.ts';
import { rekognition } from './rekognition.ts';
import { signed } from './sigv4.ts';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Reply = { readonly status?: number; readonly body: unknown; readonly headers?: Record<string, string> };

let server: Server;
let base = '';
let reply: (seen: Seen) => Reply | 'silence' = () => ({ body: {} });
const seen: Seen[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('latin1');
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      seen.push(one);
      const answer = reply(one);
      if (answer === 'silence') return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const SECRET = 'do-not-print-me';
const configuration = (): Configuration => ({
  file: {
    rekognition: { region: 'eu-west-1', accessKeyId: 'AKID', secretAccessKey: SECRET, endpoint: base },
    'azure-face': { endpoint: base, key: SECRET },
    'azure-vision': { endpoint: base, key: SECRET },
    facepp: { key: 'k', secret: SECRET, endpoint: base },
    clova: { clientId: 'i', clientSecret: SECRET, endpoint: base },
    compreface: { endpoint: base, key: SECRET, verificationKey: SECRET },
  },
  env: {},
});

const picture = (name: string): Picture => ({
  file: name,
  sha256: name,
  bytes: async () => new TextEncoder().encode(name),
});

/** What each service answers when all is well, by path or target. */
interface Service {
  readonly open: () => Recogniser;
  readonly well: (seen: Seen) => unknown;
  readonly throttled: Reply;
  readonly denied: Reply;
  /** Whether it compares, and enrols. */
  readonly identified: { readonly name: string; readonly confidence: number };
  readonly similarity?: number;
}

const described = () =>
  parseDescription(
    JSON.stringify({
      name: 'ours',
      knows: 'enrolled',
      headers: { authorization: `Bearer $${'{TOKEN}'}` },
      perSecond: 1000,
      enrol: { url: `${base}/people/{person}`, picture: 'photo' },
      identify: {
        ...{ url: `${base}/who`, body: 'json', candidates: 'data.0.hits', person: 'label' },
        ...{ confidence: 'score', scale: 100 },
      },
      compare: { url: `${base}/pair`, similarity: 'alike' },
    }),
    'ours.json',
    { TOKEN: SECRET },
  );

const operation = (one: Seen) => String(one.headers['x-amz-target']).split('.')[1];
const SERVICES: Readonly<Record<string, Service>> = {
  'rekognition:celebrities': {
    open: () => rekognition('celebrities', configuration()),
    well: (one) =>
      operation(one) === 'CompareFaces'
        ? { FaceMatches: [{ Similarity: 91.5, Face: {} }], UnmatchedFaces: [], SourceImageFace: {} }
        : {
            CelebrityFaces: [{ Name: 'Ann', MatchConfidence: 99, Id: '1', Urls: [], Face: {} }],
            UnrecognizedFaces: [],
          },
    throttled: { status: 400, body: { __type: 'ProvisionedThroughputExceededException', message: 'slow' } },
    denied: { status: 400, body: { __type: 'UnrecognizedClientException', message: 'token invalid' } },
    identified: { name: 'Ann', confidence: 0.99 },
    similarity: 0.915,
  },
  'rekognition:collection': {
    open: () => rekognition('collection', configuration()),
    well: (one) => {
      const input = JSON.parse(one.body);
      const id = Buffer.from('Ann Lí').toString('base64url');
      const answers: Record<string, unknown> = {
        CreateCollection: { StatusCode: 200, CollectionArn: 'arn' },
        IndexFaces: { FaceRecords: [{ Face: { FaceId: 'f' } }], UnindexedFaces: [] },
        ListFaces: input.NextToken ? { Faces: [{ ExternalImageId: id }] } : { Faces: [], NextToken: 'more' },
        SearchFacesByImage: { FaceMatches: [{ Similarity: 97, Face: { FaceId: 'f', ExternalImageId: id } }] },
        CompareFaces: { FaceMatches: [] },
      };
      return answers[operation(one)];
    },
    throttled: { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } },
    denied: { status: 400, body: { __type: 'com.amazon#AccessDeniedException', Message: 'no' } },
    identified: { name: 'Ann Lí', confidence: 0.97 },
  },
  'azure:face': {
    open: () => azureFace(configuration(), 1),
    well: ({ path, method }) => {
      if (path.includes('/detect')) return [{ faceId: 'face', faceRectangle: {} }];
      if (path.endsWith('/training')) return { status: 'succeeded' };
      if (path.includes('/persistedfaces')) return { persistedFaceId: 'p' };
      if (path.includes('/persons'))
        return method === 'POST' ? { personId: 'id' } : [{ personId: 'id', name: 'Ann Lí' }];
      if (path.endsWith('/identify'))
        return [{ faceId: 'face', candidates: [{ personId: 'id', confidence: 0.8 }] }];
      if (path.endsWith('/verify')) return { isIdentical: true, confidence: 0.7 };
      return '';
    },
    throttled: {
      status: 429,
      headers: { 'retry-after': '3' },
      body: { error: { code: 'RateLimitExceeded', message: 'slow' } },
    },
    denied: { status: 401, body: { error: { code: '401', message: 'Access denied' } } },
    identified: { name: 'Ann Lí', confidence: 0.8 },
    similarity: 0.7,
  },
  'azure:celebrities': {
    open: () => azureCelebrities(configuration()),
    well: () => ({
      requestId: 'r',
      result: { celebrities: [{ name: 'Ann', confidence: 0.9, faceRectangle: {} }] },
    }),
    throttled: { status: 429, body: { error: { code: '429', message: 'Rate limit is exceeded' } } },
    denied: { status: 401, body: { error: { code: '401', message: 'Access denied' } } },
    identified: { name: 'Ann', confidence: 0.9 },
  },
  facepp: {
    open: () => facepp(configuration()),
    well: ({ path }) => {
      if (path.endsWith('/detect')) return { faces: [{ face_token: 't' }], request_id: 'r' };
      if (path.endsWith('/search'))
        return {
          results: [
            { face_token: 't', confidence: 88, user_id: Buffer.from('Ann Lí').toString('base64url') },
          ],
          thresholds: {},
        };
      return path.endsWith('/compare') ? { confidence: 66, thresholds: {} } : { faceset_token: 's' };
    },
    throttled: { status: 403, body: { error_message: 'CONCURRENCY_LIMIT_EXCEEDED' } },
    denied: { status: 401, body: { error_message: 'AUTHENTICATION_ERROR' } },
    identified: { name: 'Ann Lí', confidence: 0.88 },
    similarity: 0.66,
  },
  clova: {
    open: () => clova(configuration()),
    well: () => ({ info: { faceCount: 1 }, faces: [{ celebrity: { value: '안', confidence: 0.75 } }] }),
    throttled: { status: 429, body: { errorCode: '012', errorMessage: 'Rate limit exceeded' } },
    denied: { status: 401, body: { errorCode: '024', errorMessage: 'Authentication failed' } },
    identified: { name: '안', confidence: 0.75 },
  },
  compreface: {
    open: () => compreface(configuration()),
    well: ({ path, method }) => {
      if (path.includes('/verify'))
        return { result: [{ source_image_face: {}, face_matches: [{ similarity: 0.6 }] }] };
      if (path.includes('/recognize'))
        return { result: [{ box: {}, subjects: [{ subject: 'Ann Lí', similarity: 0.95 }] }] };
      if (method === 'POST') return { image_id: 'i', subject: 'Ann Lí' };
      const number = Number(new URL(path, base).searchParams.get('page'));
      return {
        faces: number === 1 ? [{ image_id: 'i', subject: 'Ann Lí' }] : [],
        page_number: number,
        page_size: 1000,
        total_pages: 2,
        total_elements: 1,
      };
    },
    throttled: { status: 429, body: { message: 'too many' } },
    denied: { status: 401, body: { code: 21, message: 'Invalid API key' } },
    identified: { name: 'Ann Lí', confidence: 0.95 },
    similarity: 0.6,
  },
  'http:ours': {
    open: () => genericHttp(described()),
    well: ({ path }) =>
      path === '/pair'
        ? { alike: 0.5 }
        : {
            data: [
              {
                hits: [
                  { label: 'Bo', score: 3 },
                  { label: 'Ann Lí', score: 70 },
                ],
              },
            ],
          },
    throttled: { status: 429, body: {} },
    denied: { status: 403, body: { message: 'no' } },
    identified: { name: 'Ann Lí', confidence: 0.7 },
    similarity: 0.5,
  },
};

function calling(timeoutMs = 2000) {
  const entries = new Map<string, Entry>();
  let now = 0;
  const clock: Clock = {
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
  };
  return new Caller({
    recogniser: 'r',
    keyOf: ({ operation, key }) => JSON.stringify([operation, ...key]),
    memory: { get: (key) => entries.get(key), add: async (entry) => void entries.set(entry.key, entry) },
    pace: { perSecond: Number.POSITIVE_INFINITY, parallel: 1, timeoutMs },
    clock,
  });
}

describe.each(Object.entries(SERVICES))('%s', (name, service) => {
  const first = async (caller: Caller) => (await service.open().identify(picture('p'), caller.call))[0];

  it('enrols, identifies and compares as its interface is published; counts its calls beforehand; keeps keys', async () => {
    seen.length = 0;
    reply = (one) => ({ body: service.well(one) });
    const caller = calling();
    const recogniser = service.open();
    expect(recogniser.name).toBe(name);
    const plan = {
      enrol: recogniser.enrol ? [{ person: 'Ann Lí', picture: picture('a') }] : [],
      identify: [picture('p')],
      compare: recogniser.compare ? ([[picture('p'), picture('a')]] as const) : [],
    };
    for (const { person, picture: own } of plan.enrol) await recogniser.enrol?.(person, own, caller.call);
    await recogniser.ready?.(caller.call);
    expect((await recogniser.identify(picture('p'), caller.call))[0]).toEqual(service.identified);
    if (recogniser.compare)
      expect(await recogniser.compare(picture('p'), picture('a'), caller.call)).toEqual({
        similarity: service.similarity ?? null,
      });
    expect(caller.counts.made).toBe([...recogniser.acts(plan)].length);
    expect(seen.every(({ path }) => !path.includes(SECRET))).toBe(true);
    expect(JSON.stringify(recogniser.settings)).not.toContain(SECRET);
  });

  it('waits and tries again when it is throttled', async () => {
    let times = 0;
    reply = (one) => (++times <= 2 ? service.throttled : { body: service.well(one) });
    const caller = calling();
    const said = await first(caller);
    expect(said?.confidence).toBe(service.identified.confidence);
    expect(caller.counts.throttled).toBe(2);
  });

  it('says that a key is not accepted, without the key', async () => {
    reply = () => service.denied;
    const caller = calling();
    const error = await first(caller).catch((thrown) => thrown);
    expect(error).toMatchObject({ kind: 'denied', code: 'permission-denied' });
    expect(caller.counts.made).toBe(1);
    expect(`${error.text.en}${error.text.zh}${error.hint.en}${error.stack}`).not.toContain(SECRET);
  });

  it.each(['not json', '{"other": true}', '[1]'])('takes %s for no answer', async (body) => {
    reply = () => ({ body });
    if (name === 'facepp' && body.startsWith('{')) return; // nobody found has no results there
    const said = await first(calling()).catch((thrown) => thrown);
    expect(said).toMatchObject({ kind: 'malformed' });
  });

  it('gives up in time, and where nobody listens', async () => {
    reply = () => 'silence';
    await expect(first(calling(15))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('configuration', () => {
  it('is asked for by name, never by value', () => {
    const env = {};
    expect(() => clova({ file: {}, env })).toThrowError(/clova is not configured: clientId is missing/);
    expect(() =>
      compreface({ file: { compreface: { endpoint: 'ftp://x', key: SECRET } }, env }),
    ).toThrowError(/address/);
    expect(() => parseDescription(`{"name": "$${'{NOPE}'}"}`, 'f', {})).toThrowError(/NOPE is not set/);
    expect(() => parseDescription('{', 'f', {})).toThrowError(/not JSON/);
    expect(() => parseDescription('{"name":"x","knows":"enrolled"}', 'f', {})).toThrowError(/identify/);
  });
});

describe('signature version 4', () => {
  it('is that of the published test suite (get-vanilla)', () => {
    const { authorization } = signed(
      { method: 'GET', url: 'https://example.amazonaws.com/', headers: {}, body: '' },
      {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
        region: 'us-east-1',
        service: 'service',
      },
      new Date('2015-08-30T12:36:00Z'),
    );
    expect(authorization).toContain('SignedHeaders=host;x-amz-date');
    expect(authorization).toContain('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  });
});
