/** Files of a request for as long as something is done with them; then they are gone, whatever came of it. */
import type { Readable } from 'node:stream';
import type { Context as Http } from 'hono';
import type { Lent } from '../blobs/blobs.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../keys/keys.ts';
import type { Env } from './env.ts';
import type { DeskDoor } from './limits.ts';
import { type Received, receive } from './receive.ts';

export interface Lending {
  readonly context: Pick<Context, 'blobs' | 'options'>;
  readonly door: DeskDoor;
  /** Whose files they are; they count against the caller's day. */
  readonly caller: Caller;
  /** Most files of the request. */
  readonly most: number;
}

/** Rejects as {@link receive} and the door do, and with what `work` rejects with. */
export function withLent<T>(
  http: Http<Env>,
  { context: { blobs, options }, door, caller, most }: Lending,
  work: (received: Received<Lent>) => Promise<T>,
): Promise<T> {
  return door(caller, async (charge) => {
    const received = await receive<Lent>(http.env.incoming, {
      most,
      keep: (part: Readable) => blobs.lend(part, options.maxUploadBytes),
      discard: (lent) => lent.release(),
    });
    try {
      await charge(received.files.length);
      return await work(received);
    } finally {
      for (const file of received.files) await file.release();
    }
  });
}
