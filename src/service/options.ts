/** What can be said about a service when it is started, and what holds where nothing is said. */
import { availableParallelism } from 'node:os';

export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  /** Folder of blobs, enrolled generators and, without `database`, of the embedded database. */
  readonly data: string;
  /** `postgres://…`, for several processes. */
  readonly database?: string;
  /** `s3://…`: where the files lie, when not in the folder. */
  readonly blobs?: string;
  /** File with the key that kept files are encrypted with. */
  readonly blobKey?: string;
  /** A key with all rights that stands in no table. */
  readonly apiKey?: string;
  /** Whether a key is asked for on the loopback address, too: a proxy in front makes strangers look local. */
  readonly requireKey: boolean;
  /** Names, beside addresses and its own, by which a browser may call the service (DNS rebinding). */
  readonly allowedHosts: readonly string[];
  /** Child processes that analyse; 0 leaves that to `huoyan worker`. */
  readonly workers: number;
  /** Bytes of one uploaded or fetched file. */
  readonly maxUploadBytes: number;
  /** Jobs that may wait before more are turned away with 429. */
  readonly maxWaiting: number;
  /** Requests that may wait for an answer at once (gate, trace, protect) before more are turned away with 429. */
  readonly maxAtDesk: number;
  /** Milliseconds one analysis may take. */
  readonly timeoutMs: number;
  /** Resident megabytes of one child process. */
  readonly childMemoryMb: number;
  /** Seconds after which a request and what only it needs are erased, unless it says otherwise; null keeps it. */
  readonly keepSeconds: number | null;
  /** Requests a second of one caller, on average; twice as many at once. */
  readonly requestsPerSecond: number;
  /** Whether a URL in a request may lead into the network the service stands in. */
  readonly allowPrivateUrls: boolean;
}

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 8080,
  requireKey: false,
  allowedHosts: [],
  workers: availableParallelism(),
  maxUploadBytes: 256 * 2 ** 20,
  maxWaiting: 10_000,
  maxAtDesk: 64,
  timeoutMs: 300_000,
  childMemoryMb: 1024,
  keepSeconds: null,
  requestsPerSecond: 100,
  allowPrivateUrls: false,
} as const satisfies Partial<ServiceOptions>;

/** Whether an address to listen on can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
