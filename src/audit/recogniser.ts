/**
 * What an audit asks of a face recogniser, whoever makes it: know some people, say who is in a picture, say how alike
 * two pictures are. One file an adapter (`recognisers/`), one line in the manifest. Every act that costs money or time
 * goes through `call`, which remembers answers by content, keeps the pace, waits and tries again.
 */
import { HuoyanError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Text } from '../core/text.ts';

/** A picture as a file: services get the bytes as they are. */
export interface Picture {
  /** As the user named it. */
  readonly file: string;
  /** Of the content, lower-case hexadecimal. */
  readonly sha256: string;
  bytes(): Promise<Uint8Array>;
}

export interface Candidate {
  readonly name: string;
  /** 0..1, as sure as the recogniser says it is. */
  readonly confidence: number;
}

export interface Compared {
  /** 0..1 as the recogniser states it; null when it found no face in one of the two. */
  readonly similarity: number | null;
}

/** One act of a recogniser; `key` with the recogniser's name and settings decides whether it was done before. */
export interface Act {
  readonly operation: string;
  readonly key: readonly string[];
}

/**
 * Does `work` unless the same act is remembered, and remembers what came of it. `work` throws ServiceFailure; what it
 * returns must survive JSON.
 */
export type Call = <T extends Json>(act: Act, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export interface Price {
  /** US dollars for a thousand calls, by operation; an operation without a price is free. */
  readonly perThousand: Readonly<Record<string, number>>;
  /** Where and when it was read. A price list changes: this is an estimate. */
  readonly source: Text;
}

export interface Pace {
  /** Calls a second; Infinity for no limit. */
  readonly perSecond: number;
  /** Calls under way at a time. */
  readonly parallel: number;
  /** One call is given up after so long. */
  readonly timeoutMs: number;
}

/** What will be asked: the acts can be counted before the first is paid. */
export interface Plan {
  readonly enrol: readonly { readonly person: string; readonly picture: Picture }[];
  readonly identify: readonly Picture[];
  readonly compare: readonly (readonly [Picture, Picture])[];
}

export interface Recogniser {
  /** As the report and the journal know it: `local:faceres`, `rekognition:celebrities`. */
  readonly name: string;
  /** All that changes answers (collection, region, model); never a key or secret. */
  readonly settings: Json;
  /** `enrolled` knows whom one enrols; `public` knows celebrities and nobody else. */
  readonly knows: 'enrolled' | 'public';
  /** Whether pictures leave this machine. */
  readonly remote: boolean;
  readonly price: Price | null;
  readonly pace: Pace;
  /** Every act `plan` will take. */
  acts(plan: Plan): Iterable<Act>;
  /** Makes `person` known by one more picture. Absent where `knows` is `public`. */
  enrol?(person: string, picture: Picture, call: Call): Promise<void>;
  /** After the last enrolment and before the first question; for services that train. */
  ready?(call: Call): Promise<void>;
  /** Who is in the picture, surest first; empty when nobody is recognised. One person is meant: the largest face. */
  identify(picture: Picture, call: Call): Promise<readonly Candidate[]>;
  /** Absent where a service cannot compare. */
  compare?(a: Picture, b: Picture, call: Call): Promise<Compared>;
  /** Features of the largest face, for recognisers that show them: all pairs can then be measured. */
  describe?(picture: Picture, call: Call): Promise<Float32Array | null>;
}

/**
 * - `throttled`: too fast; try again later. `unavailable`: a time-out or an error on their side; try again.
 * - `refused`: this picture will never be answered (no face, too large). `denied`: the key is wrong or may not;
 *   nothing will be answered. `malformed`: the answer is not what the service's documentation says.
 */
export type FailureKind = 'throttled' | 'unavailable' | 'refused' | 'denied' | 'malformed';

const CODE = {
  throttled: 'timeout',
  unavailable: 'timeout',
  refused: 'unsupported-format',
  denied: 'permission-denied',
  malformed: 'corrupt',
} as const;

/** Why a service did not answer. */
export class ServiceFailure extends HuoyanError {
  constructor(
    readonly kind: FailureKind,
    text: Text,
    hint: Text,
    /** When the service says how long to wait. */
    readonly retryAfterMs: number | null = null,
    options?: { cause?: unknown },
  ) {
    super(CODE[kind], text, hint, options);
  }
}
