/** CompreFace (Exadel), on one's own server: subjects are filled and recognised, two pictures verified. */
import { z } from 'zod';
import { type Act, type Picture, type Plan, type Recogniser, ServiceFailure } from '../../recogniser.ts';
import { addressOf, type Configuration, settingsOf } from './configuration.ts';
import { ask, pictureForm, type Verdict } from './http.ts';

const share = z.number().min(-1).max(1);
const added = z.object({ image_id: z.string(), subject: z.string() });
const page = z.object({
  faces: z.array(z.object({ subject: z.string() })),
  page_number: z.int(),
  total_pages: z.int(),
});
const recognised = z.object({
  result: z.array(z.object({ subjects: z.array(z.object({ subject: z.string(), similarity: share })) })),
});
const verified = z.object({
  result: z.array(z.object({ face_matches: z.array(z.object({ similarity: share })) })),
});

/** A key of the wrong kind is answered with 400. */
const verdict: Verdict = (_, body) => {
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  if (code === 21 || /api key/i.test(String(message ?? ''))) return 'denied';
  return null;
};

/** `compreface`; compares only where a key for verification is configured as well. */
export function compreface(configuration: Configuration): Recogniser {
  const name = 'compreface';
  const { endpoint, key, verification } = settingsOf(
    'compreface',
    {
      endpoint: { key: 'endpoint', env: ['COMPREFACE_URL'] },
      key: { key: 'key', env: ['COMPREFACE_KEY'] },
      verification: { key: 'verificationKey', env: ['COMPREFACE_VERIFICATION_KEY'], otherwise: '' },
    },
    configuration,
  );
  const base = `${addressOf('compreface', endpoint)}/api/v1`;
  const headers = { 'x-api-key': key };
  const adding = (who: string, { sha256 }: Picture): Act => ({ operation: 'addFace', key: [who, sha256] });
  const listing: Act = { operation: 'listFaces', key: [] };
  const recognising = ({ sha256 }: Picture): Act => ({ operation: 'recognize', key: [sha256] });
  const comparing = (a: Picture, b: Picture): Act => ({ operation: 'verify', key: [a.sha256, b.sha256] });
  return {
    name,
    settings: { api: 'v1' },
    knows: 'enrolled',
    remote: true,
    price: { perThousand: {}, source: { en: 'your own server', zh: '自有服务器' } },
    pace: { perSecond: 20, parallel: 2, timeoutMs: 60_000 },
    *acts({ enrol, identify, compare }: Plan) {
      for (const { person, picture } of enrol) yield adding(person, picture);
      yield listing;
      for (const picture of identify) yield recognising(picture);
      if (verification) for (const [a, b] of compare) yield comparing(a, b);
    },
    async enrol(person, picture, call) {
      await call(adding(person, picture), async (signal) => {
        const url = `${base}/recognition/faces?subject=${encodeURIComponent(person)}`;
        const body = pictureForm('file', await picture.bytes());
        return (await ask(name, { url, headers, body }, added, signal, verdict)).image_id;
      });
    },
    /** Page by page, whom it knows: an audit of an empty collection would look like perfect safety. */
    async ready(call) {
      const known = await call(listing, async (signal) => {
        let faces = 0;
        for (let number = 0; ; number++) {
          const url = `${base}/recognition/faces?page=${number}&size=1000`;
          const one = await ask(name, { url, method: 'GET', headers }, page, signal, verdict);
          faces += one.faces.length;
          if (number + 1 >= one.total_pages) return faces;
        }
      });
      if (known > 0) return;
      throw new ServiceFailure(
        'denied',
        { en: `${name}: nobody could be enrolled`, zh: `${name}：未能录入任何人` },
        { en: 'look at the photos of the gallery', zh: '请检查图库中的照片' },
      );
    },
    identify: (picture, call) =>
      call(recognising(picture), async (signal) => {
        const url = `${base}/recognition/recognize?limit=1&prediction_count=5`;
        const body = pictureForm('file', await picture.bytes());
        const said = await ask(name, { url, headers, body }, recognised, signal, verdict).catch(nobody);
        return (said?.result[0]?.subjects ?? []).map(({ subject, similarity }) => ({
          name: subject,
          confidence: Math.max(0, similarity),
        }));
      }),
    ...(verification
      ? {
          compare: (a, b, call) =>
            call(comparing(a, b), async (signal) => {
              const body = pictureForm('source_image', await a.bytes());
              body.append('target_image', new Blob([Uint8Array.from(await b.bytes())]), 'picture');
              const request = {
                url: `${base}/verification/verify`,
                headers: { 'x-api-key': verification },
                body,
              };
              const said = await ask(name, request, verified, signal, verdict).catch(nobody);
              const similarity = said?.result[0]?.face_matches[0]?.similarity;
              return { similarity: similarity === undefined ? null : Math.max(0, similarity) };
            }),
        }
      : ({} as Pick<Recogniser, 'compare'>)),
  };
}

/** "No face is found" is an answer: nobody. */
function nobody(thrown: unknown): null {
  if (thrown instanceof ServiceFailure && thrown.kind === 'refused' && /no face/i.test(thrown.text.en))
    return null;
  throw thrown;
}
