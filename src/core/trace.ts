/** What tracing says of a picture: who made it, and which of the other pictures share its source. */
import type { ConstructionEstimate } from './construction.ts';
import type { HuoyanError } from './errors.ts';
import type { RgbImage } from './image.ts';

/** One generator a picture was compared with. */
export interface Attributed {
  readonly generator: string;
  /** Came with this release, or was enrolled by the user. */
  readonly origin: 'known' | 'enrolled';
  readonly probability: number;
  /** Cosine to the generator's average picture, -1..1. */
  readonly similarity: number;
}

/** Who made a picture; all probabilities together are 1. */
export interface Attribution {
  /** Known and enrolled generators, the most likely first. */
  readonly generators: readonly Attributed[];
  /** Probability that it is a photograph. */
  readonly photograph: number;
  /** Probability that a generator made it that is not among those compared with. */
  readonly unknown: number;
}

/** Another picture of the same request that likely has the same source. */
export interface Neighbour {
  readonly file: string;
  /** Cosine between the two, -1..1. */
  readonly similarity: number;
  /** Natural logarithm of P(similarity | one source) / P(similarity | two sources). */
  readonly llr: number;
}

/** What a generator left that repeats from block to block, to be looked at. */
export interface FingerprintView {
  /** The fingerprint, side by side with itself a few times, amplified; grey is none. */
  readonly pattern: RgbImage;
  /** Mean power spectrum of the blocks it is averaged over, [32, 32], row-major, zero frequency first. */
  readonly spectrum: Float64Array;
}

interface TraceBase {
  readonly file: string;
  readonly elapsedMs: number;
}

export interface Traced extends TraceBase {
  readonly outcome: 'traced';
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly attribution: Attribution;
  readonly neighbours: readonly Neighbour[];
  /** How the generator is likely built, were it one; absent when that was not estimated. */
  readonly construction?: ConstructionEstimate;
  readonly fingerprint?: FingerprintView;
  /** A small JPEG of the picture, for a report. */
  readonly preview?: Uint8Array;
}

/** The picture was read, but is too small to carry a fingerprint. */
export interface Untraceable extends TraceBase {
  readonly outcome: 'notApplicable';
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly reason: 'too-small';
  /** Smallest side, in pixels, that can be traced. */
  readonly limit: number;
}

export interface UnreadableTrace extends TraceBase {
  readonly outcome: 'unreadable';
  readonly error: HuoyanError;
}

export type Trace = Traced | Untraceable | UnreadableTrace;
