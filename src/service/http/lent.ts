/** Files of a request for as long as something is done with them; then they are gone, whatever came of it. */
import type { Readable } from 'node:stream';
import type { Context as Http } from 'hono';
import type { Lent } from '../blobs/blobs.ts';
import type { Context } from '../context.ts';
import type { Env } from './env.ts';
import { type Received, receive } from './receive.ts';

/** Rejects as {@link receive} does, and with what `work` rejects with. */
export async function withLent<T>(
  { blobs, options }: Pick<Context, 'blobs' | 'options'>,
  http: Http<Env>,
  most: number,
  work: (received: Received<Lent>) => Promise<T>,
): Promise<T> {
  const received = await receive<Lent>(http.env.incoming, {
    most,
    keep: (part: Readable) => blobs.lend(part, options.maxUploadBytes),
    discard: (lent) => lent.release(),
  });
  try {
    return await work(received);
  } finally {
    for (const file of received.files) await file.release();
  }
}
