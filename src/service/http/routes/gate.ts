/** `POST /v1/gate`: one call in front of a face recogniser. The picture is held in memory and forgotten, unless told otherwise. */
import { Readable } from 'node:stream';
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { HuoyanError } from '../../../core/errors.ts';
import { fromWire, unreadable } from '../../../evidence/wire.ts';
import { ANALYSES } from '../../analyses/accept.ts';
import { tooLarge } from '../../blobs/incoming.ts';
import type { Context } from '../../context.ts';
import { DEFAULT_HOLD, DEFAULT_REJECT, decide } from '../../gate/decide.ts';
import type { FalseReject } from '../../gate/fitted.ts';
import { errorOfLoss, Lost } from '../../work/crew.ts';
import { parsed } from '../asked.ts';
import { fileBody, json, problems } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import type { DeskDoor } from '../limits.ts';
import { receive } from '../receive.ts';
import { gateSchema } from '../schemas.ts';
import { acceptStored, wantedOf } from './analyses.ts';

/** A selfie is smaller than this. */
const MOST_BYTES = 32 * 2 ** 20;
/** Who stands in front of a gate does not wait longer. */
const TIMEOUT_MS = 10_000;

const share = z.coerce.number().gt(0).max(0.5);
const gateQuery = z.object({
  falseReject: share.optional().openapi({
    description: `Share of real photographs that may be turned away. Default ${DEFAULT_REJECT}.`,
  }),
  falseHold: share.optional().openapi({
    description: `Share of real photographs that may be held or turned away. Default ${DEFAULT_HOLD}.`,
  }),
  keep: z.stringbool().optional().openapi({
    type: 'boolean',
    description: 'Also keep the picture as an analysis, for a person to look at. Default false.',
  }),
  name: z.string().max(300).optional(),
  language: z.enum(['en', 'zh']).optional(),
});

interface Held {
  readonly data: Buffer;
  readonly sha256: string;
  readonly bytes: number;
}

export function gateRoutes(app: OpenAPIHono<Env>, context: Context, door: DeskDoor, wake: () => void): void {
  const { desk, blobs } = context;

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: '/v1/gate',
    summary: 'Pass, hold or reject a picture',
    description: 'Nothing is stored unless `keep` asks for it.',
    request: { query: gateQuery, body: fileBody('The picture') },
    responses: { 200: json('The decision.', gateSchema), ...problems },
  });
  app.post('/v1/gate', async (http) => {
    const caller = need(http, 'analyst');
    const { falseReject, falseHold, keep } = parsed(gateQuery, http.req.query());
    const { analysis, data, name, started } = await door(caller, async (charge) => {
      const { files } = await receive<Held>(http.env.incoming, {
        most: 1,
        keep: inMemory,
        discard: async () => {},
      });
      await charge(1);
      const started = performance.now();
      const [{ data, name }] = files;
      const analysis = await desk
        .ask(
          'analyse',
          { file: { name, bytes: Uint8Array.from(data) }, stability: false, preview: false },
          { timeoutMs: TIMEOUT_MS },
        )
        .then(({ analysis }) => fromWire(analysis))
        .catch((error: unknown) => {
          if (error instanceof Lost) return unreadable(name, errorOfLoss(error.loss, TIMEOUT_MS));
          if (error instanceof HuoyanError) return unreadable(name, error);
          throw error;
        });
      return { analysis, data, name, started };
    });
    const answer = decide(analysis, falseReject, falseHold);
    const language = languageOf(http);
    const threshold = ({ llr, rate, interval }: FalseReject) => ({ llr, falseRejectRate: rate, interval });
    let kept: string | undefined;
    if (keep) {
      const stored = await blobs.keep(Readable.from([data]), MOST_BYTES);
      const wanted = { ...wantedOf(context, {}, caller, 'low'), ...stored, name };
      kept = (await acceptStored(context, wanted)).location.slice(ANALYSES.length + 1);
      wake();
    }
    return http.json({
      decision: answer.decision,
      reasons: answer.reasons.map(({ code, text }) => ({ code, text: text[language] })),
      llr: answer.llr,
      probability: answer.probability,
      thresholds: { hold: threshold(answer.thresholds.hold), reject: threshold(answer.thresholds.reject) },
      measuredOn: answer.measuredOn[language],
      sha256: analysis.sha256,
      elapsedMs: Math.round(performance.now() - started),
      ...(kept && { analysis: kept }),
    });
  });
}

async function inMemory(source: Readable): Promise<Held> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLarge(MOST_BYTES);
    chunks.push(chunk);
  }
  return { data: Buffer.concat(chunks), sha256: '', bytes };
}
