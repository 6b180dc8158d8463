/** What every part of the service works with, made once at its start (`serve.ts`) and handed on. */
import type { Logger } from 'pino';
import type { Blobs } from './blobs/blobs.ts';
import type { Events } from './events.ts';
import type { Metrics } from './metrics.ts';
import type { ServiceOptions } from './options.ts';
import type { Queue } from './queue/queue.ts';
import type { Store } from './store/store.ts';
import type { Crew } from './work/crew.ts';

export interface Context {
  readonly options: ServiceOptions;
  readonly store: Store;
  readonly queue: Queue;
  readonly blobs: Blobs;
  /** Children for what somebody waits for: gate, trace, index. */
  readonly desk: Crew;
  /** One more, for what takes ten seconds and more and much memory: nobody at the desk is to wait behind it. */
  readonly studio: Crew;
  readonly events: Events;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Has the children of this process load anew what is enrolled. */
  readonly refresh: () => void;
}
