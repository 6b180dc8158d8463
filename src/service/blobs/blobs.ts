/** Where the bytes of files and of what was derived from them lie. Names are made here, never taken from a request. */
import type { Readable } from 'node:stream';

export interface Stored {
  readonly sha256: string;
  readonly bytes: number;
}

/** Bytes that are here for the length of one request. */
export interface Lent extends Stored {
  readonly path: string;
  release(): Promise<void>;
}

export interface Blobs {
  /**
   * Keeps what comes out of `source` under its SHA-256. Rejects with HuoyanError `too-large` beyond `limit` bytes and
   * `empty` for nothing, and with what the source fails with; nothing is kept then.
   */
  keep(source: Readable, limit: number): Promise<Stored>;
  /** Keeps what comes out of `source` on this machine until `release` is called, under no name. Rejects as `keep` does. */
  lend(source: Readable, limit: number): Promise<Lent>;
  /** A path at which the content can be read, for as long as it is not forgotten; null when it is not here. */
  path(sha256: string): Promise<string | null>;
  /** Keeps what was derived from some work, in place of what was there. */
  keepDerived(work: string, data: Uint8Array): Promise<void>;
  readDerived(work: string): Promise<Uint8Array | null>;
  /** Erases; what is not there is not missed. */
  forget(sha256: string): Promise<void>;
  forgetDerived(work: string): Promise<void>;
  /** Megabytes that are free where it is kept; null where that is not known. */
  freeMb(): Promise<number | null>;
}
