/** Naver Clova Face Recognition: which celebrity a face is like. */
import { z } from 'zod';
import type { Act, Picture, Plan, Recogniser } from '../../recogniser.ts';
import { addressOf, type Configuration, settingsOf } from './configuration.ts';
import { ask, pictureForm, type Verdict } from './http.ts';

const answer = z.object({
  faces: z.array(
    z.object({ celebrity: z.object({ value: z.string(), confidence: z.number().min(0).max(1) }).optional() }),
  ),
});

/** Their gateway names errors by number. */
const verdict: Verdict = (_, body) => {
  const code = String((body as { errorCode?: unknown } | undefined)?.errorCode ?? '');
  if (code === '012') return 'throttled';
  if (/^(024|028|010)$/.test(code)) return 'denied';
  return null;
};

/** `clova`. */
export function clova(configuration: Configuration): Recogniser {
  const name = 'clova';
  const { id, secret, endpoint } = settingsOf(
    'clova',
    {
      id: { key: 'clientId', env: ['NAVER_CLIENT_ID'] },
      secret: { key: 'clientSecret', env: ['NAVER_CLIENT_SECRET'] },
      endpoint: { key: 'endpoint', env: ['NAVER_CLOVA_ENDPOINT'], otherwise: 'https://openapi.naver.com' },
    },
    configuration,
  );
  const url = `${addressOf('clova', endpoint)}/v1/vision/celebrity`;
  const headers = { 'x-naver-client-id': id, 'x-naver-client-secret': secret };
  const asking = ({ sha256 }: Picture): Act => ({ operation: 'celebrity', key: [sha256] });
  return {
    name,
    settings: { version: 'v1' },
    knows: 'public',
    remote: true,
    price: null,
    pace: { perSecond: 5, parallel: 1, timeoutMs: 30_000 },
    *acts({ identify }: Plan) {
      for (const picture of identify) yield asking(picture);
    },
    identify: (picture, call) =>
      call(asking(picture), async (signal) => {
        const body = pictureForm('image', await picture.bytes());
        const { faces } = await ask(name, { url, headers, body }, answer, signal, verdict);
        const celebrity = faces[0]?.celebrity;
        return celebrity ? [{ name: celebrity.value, confidence: celebrity.confidence }] : [];
      }),
  };
}
