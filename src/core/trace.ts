/** What tracing says of a picture or of a voice: who made it, and which of the other files share its source. */
import type { ConstructionEstimate } from './construction.ts';
import type { HuoyanError } from './errors.ts';
import type { RgbImage } from './image.ts';
import type { NotSpeech } from './voice/speech.ts';

/** One generator a picture was compared with; of a voice, one synthesis system. */
export interface Attributed {
  readonly generator: string;
  /** Came with this release, or was enrolled by the user. */
  readonly origin: 'known' | 'enrolled';
  readonly probability: number;
  /** Cosine to the generator's average, -1..1. */
  readonly similarity: number;
}

/** Who made a picture or a voice; all probabilities together are 1. */
export interface Attribution {
  /** Known and enrolled generators, the most likely first. */
  readonly generators: readonly Attributed[];
  /** Probability that no generator made it: that it is a photograph or, of a voice, a recording. */
  readonly photograph: number;
  /** Probability that a generator made it that is not among those compared with. */
  readonly unknown: number;
}

/** Another picture, or another sound, of the same request that likely has the same source. */
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

interface TracedBase extends TraceBase {
  readonly outcome: 'traced';
  readonly sha256: string;
  readonly attribution: Attribution;
  readonly neighbours: readonly Neighbour[];
}

export interface TracedPicture extends TracedBase {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  /** How the generator is likely built, were it one; absent when that was not estimated. */
  readonly construction?: ConstructionEstimate;
  readonly fingerprint?: FingerprintView;
  /** A small JPEG of the picture, for a report. */
  readonly preview?: Uint8Array;
}

/** What was heard of a sound. */
export interface HeardFacts {
  /** Of the whole recording, in seconds. */
  readonly duration: number;
  /** Seconds in which somebody speaks. */
  readonly speechSeconds: number;
  /** `narrow`: nothing above 4 kHz, as over a telephone. */
  readonly band: 'wide' | 'narrow';
}

/** A sound whose voice was compared with synthesis systems and with recordings. */
export interface TracedSound extends TracedBase {
  readonly kind: 'audio';
  readonly heard: HeardFacts;
}

export type Traced = TracedPicture | TracedSound;

interface UntraceableBase extends TraceBase {
  readonly outcome: 'notApplicable';
  readonly sha256: string;
}

/** The picture was read, but is too small to carry a fingerprint. */
export interface UntraceablePicture extends UntraceableBase {
  readonly kind: 'image';
  readonly width: number;
  readonly height: number;
  readonly reason: 'too-small';
  /** Smallest side, in pixels, that can be traced. */
  readonly limit: number;
}

/** The sound was read, but nobody speaks in it for long enough. */
export interface UntraceableSound extends UntraceableBase {
  readonly kind: 'audio';
  /** Of the whole recording, in seconds. */
  readonly duration: number;
  readonly speechSeconds: number;
  readonly reason: NotSpeech;
  /** Least speech, in seconds, that can be traced. */
  readonly limit: number;
}

export type Untraceable = UntraceablePicture | UntraceableSound;

export interface UnreadableTrace extends TraceBase {
  readonly outcome: 'unreadable';
  readonly error: HuoyanError;
}

export type Trace = Traced | Untraceable | UnreadableTrace;
