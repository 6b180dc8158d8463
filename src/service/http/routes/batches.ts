/** `/v1/batches`: many files at once, behind what somebody waits for. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context as Http } from 'hono';
import { acceptBatch, BATCHES, type Wanted } from '../../analyses/accept.ts';
import { type BatchRow, MOST_IN_BATCH } from '../../batches/kind.ts';
import type { Stored } from '../../blobs/blobs.ts';
import type { Context } from '../../context.ts';
import { type Idempotency, repeated } from '../../jobs/idempotency.ts';
import type { JobKind } from '../../jobs/job.ts';
import type { Caller } from '../../keys/keys.ts';
import { asProblem, deletedMeanwhile } from '../../problem.ts';
import { idempotencyOf, jsonBody, parsed } from '../asked.ts';
import { fileBody } from '../documented.ts';
import { type Env, languageOf } from '../env.ts';
import { need } from '../guard.ts';
import { acceptedResponses, answerAccepted, existing, jobHeaders, jobRoutes } from '../jobs.ts';
import { admit } from '../limits.ts';
import { receive } from '../receive.ts';
import { batchBody, batchListSchema, batchSchema, listedBatchSchema, uploadQuery } from '../schemas.ts';
import { discardStored, fetchIntoStore, wantedOf } from './analyses.ts';

interface Refused {
  readonly url: string;
  readonly code: string;
  readonly message: string;
}

/** What a request brought: files that are in the store, or an answer that was given to the same request before. */
type Brought =
  | {
      readonly files: readonly Wanted[];
      readonly refused: readonly Refused[];
      readonly idempotency: Idempotency | null;
    }
  | { readonly before: string };

export function batchesRoutes(
  app: OpenAPIHono<Env>,
  context: Context,
  kind: JobKind<BatchRow>,
  wake: () => void,
): void {
  const { store, blobs, options, metrics } = context;

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: BATCHES,
    summary: 'Analyse many files',
    description:
      'A form with up to 1000 files, or JSON with URLs; all of them are accepted, or none. A `webhook` is told of every file. With an `Idempotency-Key` header a repetition is answered like the first.',
    request: {
      query: uploadQuery.omit({ name: true }),
      headers: jobHeaders,
      body: {
        ...fileBody('Files, or URLs', true),
        content: {
          'multipart/form-data': fileBody('', true).content['multipart/form-data'],
          'application/json': { schema: batchBody },
        },
      },
    },
    responses: acceptedResponses(batchSchema),
  });
  app.post(BATCHES, async (http) => {
    const caller = need(http, 'analyst');
    await admit(context, caller, 1);
    const fromUrls = /^application\/json\b/i.test(http.req.header('content-type') ?? '');
    const brought = fromUrls ? await fetched(http, caller) : await sent(http, caller);
    if ('before' in brought) return answerAccepted(http, context, kind, brought.before);
    const { files, refused, idempotency } = brought;
    const { location } = await acceptAll(files, caller, idempotency);
    wake();
    return answerAccepted(http, context, kind, location, refused.length > 0 ? { refused } : {});
  });

  /** Accepts what is in the store, and makes sure that it still is. */
  async function acceptAll(files: readonly Wanted[], caller: Caller, idempotency: Idempotency | null) {
    try {
      const accepted = await acceptBatch(context, caller.id, files, idempotency);
      if (accepted.repeated) {
        await discardAll(files);
        return accepted;
      }
      for (const { sha256 } of files) {
        if (await blobs.path(sha256)) continue;
        await kind.erase(await existing(kind, accepted.location.slice(BATCHES.length + 1)), 'huoyan');
        throw deletedMeanwhile();
      }
      return accepted;
    } catch (error) {
      await discardAll(files);
      throw error;
    }
  }

  async function discardAll(files: readonly Pick<Stored, 'sha256'>[]): Promise<void> {
    for (const file of files) await discardStored(context, file);
  }

  async function fetched(http: Http<Env>, caller: Caller): Promise<Brought> {
    const body = parsed(batchBody, await jsonBody(http));
    const { urls, ...asked } = body;
    const idempotency = idempotencyOf(http, ['batch', body]);
    const before = idempotency && (await repeated(store, caller.id, idempotency));
    if (before) return { before };
    await admit(context, caller, urls.length - 1);
    const wanted = wantedOf(context, asked, caller, 'batch');
    const files: Wanted[] = [];
    const refused: Refused[] = [];
    for (const url of urls) {
      try {
        files.push({ ...wanted, ...(await fetchIntoStore(context, url)) });
      } catch (thrown) {
        const { code, text } = asProblem(thrown);
        refused.push({ url, code, message: text[languageOf(http)] });
      }
    }
    return { files, refused, idempotency };
  }

  async function sent(http: Http<Env>, caller: Caller): Promise<Brought> {
    const query = parsed(uploadQuery, http.req.query());
    const { files, fields } = await receive(http.env.incoming, {
      most: MOST_IN_BATCH,
      keep: (part) => blobs.keep(part, options.maxUploadBytes),
      discard: (stored) => discardStored(context, stored),
    });
    try {
      const asked = { ...query, ...parsed(uploadQuery.partial(), Object.fromEntries(fields)) };
      const wanted = wantedOf(context, asked, caller, 'batch');
      const idempotency = idempotencyOf(http, [
        'batch',
        wanted.settings,
        ...files.map(({ name, sha256 }) => [name, sha256]),
      ]);
      const before = idempotency && (await repeated(store, caller.id, idempotency));
      if (before) {
        await discardAll(files);
        return { before };
      }
      await admit(context, caller, files.length - 1);
      for (const { bytes } of files) metrics.uploadedBytes.inc(bytes);
      return { files: files.map((file) => ({ ...wanted, ...file })), refused: [], idempotency };
    } catch (error) {
      await discardAll(files);
      throw error;
    }
  }

  jobRoutes(app, context, {
    kind,
    listed: listedBatchSchema,
    list: batchListSchema,
    whole: batchSchema,
    words: {
      list: 'List batches, newest first',
      one: 'How a batch goes, and its files',
      cancel: 'Stop waiting for all files of a batch that are not over',
      erase: 'Erase a batch with all its analyses',
    },
    eraseMore: 'Every file, its maps and its vector go, too, unless another request needs them.',
  });
}
