/** Tells others of jobs that are over. What they do not take is told again, later and later, and given up in the end. */
import { asHuoyanError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { fetchUrl } from '../fetch/fetch.ts';
import { isId } from '../identifiers.ts';
import type { JobKind } from '../jobs/job.ts';
import { type Claim, NOTIFY } from '../queue/queue.ts';
import { readSetting, WEBHOOK_SECRET } from '../store/settings.ts';
import { newSecret, signedHeaders } from './sign.ts';

type Needs = Pick<Context, 'store' | 'queue' | 'log' | 'options'>;

/** What a job of NOTIFY carries. */
interface Told {
  readonly job: string;
}

const LOOK_MS = 1000;
const AT_ONCE = 8;
const TIMEOUT_MS = 15_000;

export class Teller {
  readonly #context: Needs;
  readonly #kinds: readonly JobKind[];
  #stopping = false;
  #loop: Promise<void> | null = null;

  constructor(context: Needs, kinds: readonly JobKind[]) {
    this.#context = context;
    this.#kinds = kinds;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { queue, log } = this.#context;
    while (!this.#stopping) {
      try {
        const claims = await queue.claim<Told>(NOTIFY, AT_ONCE);
        await Promise.all(claims.map((claim) => this.#tell(claim)));
        if (claims.length > 0) continue;
      } catch (error) {
        log.error({ err: asHuoyanError(error).message }, 'webhooks');
      }
      for (let waited = 0; waited < LOOK_MS && !this.#stopping; waited += 100)
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #tell(claim: Claim<Told>): Promise<void> {
    const { store, queue, log, options } = this.#context;
    const { job } = claim.data;
    const kind = this.#kinds.find(({ prefix }) => isId(job, prefix));
    const row = await kind?.read(job);
    try {
      if (kind && row?.webhook) {
        const secret = await readSetting(store, WEBHOOK_SECRET, newSecret);
        const type = `${kind.noun}.${row.status}`;
        const timestamp = new Date(row.finished ?? Date.now()).toISOString();
        const body = JSON.stringify({ type, timestamp, data: await kind.whole(row, 'en') });
        const { status, body: answer } = await fetchUrl(row.webhook, {
          method: 'POST',
          body,
          headers: signedHeaders(secret, `msg_${claim.id}`, new Date(), body),
          allowPrivate: options.allowPrivateUrls,
          timeoutMs: TIMEOUT_MS,
          redirects: 0,
        });
        answer.destroy();
        if (status < 200 || status > 299) throw new Error(`answered ${status}`);
      }
      await queue.finish(NOTIFY, claim, store);
    } catch (error) {
      const why = asHuoyanError(error).message;
      log.warn({ job, attempt: claim.retryCount, why }, 'webhook not taken');
      await queue.giveBack(NOTIFY, claim, why);
    }
  }
}
