/**
 * Evidence, not scores. A detector never says "fake": it says what it saw, where, how strongly that speaks for
 * one hypothesis over the other, and under which conditions it knows. `notApplicable` and `failed` are results.
 */
import type { ErrorCode } from './errors.ts';
import type { Box } from './image.ts';
import type { Json } from './json.ts';
import type { Text } from './text.ts';

/** Which hypothesis positive evidence speaks for. */
export type Claim = 'synthetic' | 'manipulated';

/** A place in the displayed picture, in pixels, and how strongly it stands out (0..1). */
export interface Region extends Box {
  readonly score: number;
  readonly label?: Text;
}

/** A time in a recording or video, in seconds, and how strongly it stands out (0..1). */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly label?: Text;
}

/** Somebody speaks without another in between: when, who, and how strongly the claim holds of this turn alone. */
export interface SpokenTurn {
  /** Seconds from the beginning. */
  readonly start: number;
  readonly end: number;
  /** `A` is who is heard first, then `B` and so on; names are of one analysis and no identity. */
  readonly speaker: string;
  /** Log-likelihood ratio of this turn alone; null where it was too short to be judged, or was not looked at. */
  readonly llr: number | null;
}

/** One person of a video, and how strongly the claim holds of them in each second. */
export interface PersonLane {
  /** Counted from 1, who is seen longest first; the same person in every evidence of one analysis. */
  readonly person: number;
  /** First and last time they were seen, in seconds. */
  readonly start: number;
  readonly end: number;
  /** Log-likelihood ratio of this person alone. */
  readonly llr: number;
  /** Strength 0..1 in each second from the beginning of the video; NaN where they were not looked at. */
  readonly perSecond: Float32Array;
}

/**
 * A coarse map over the whole displayed picture: `width * height` cells, row-major, each the probability-like
 * strength 0..1 of the claim there; NaN where the detector abstains (too flat, too dark, clipped). For a sound the
 * picture is its spectrogram: time from left to right over the whole duration, frequency from the top (8 kHz,
 * {@link SPECTROGRAM_TOP_HZ}) down to 0.
 */
export interface EvidenceMap {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  /** What the map shows, for the legend. */
  readonly meaning: Text;
}

/** The highest frequency of the spectrogram that maps over a sound are laid on. */
export const SPECTROGRAM_TOP_HZ = 8000;

interface EvidenceBase {
  /** Name of the detector: the name of its folder, for instance `synthesis`. */
  readonly detector: string;
  readonly version: string;
  /** One sentence a journalist understands. */
  readonly summary: Text;
  /** Numbers and findings behind the sentence, for whoever wants to check. */
  readonly details: Readonly<Record<string, Json>>;
}

interface Weighed extends EvidenceBase {
  /**
   * Natural logarithm of P(observed | claim) / P(observed | authentic), calibrated on sources that were not used in
   * training. Positive speaks for the claim, negative for an authentic picture.
   */
  readonly llr: number;
  /** 90 % interval of `llr`, where it is known. */
  readonly llrInterval?: readonly [number, number];
  readonly claim: Claim;
  readonly regions: readonly Region[];
  readonly map?: EvidenceMap;
  /** When it was seen or heard, in order; for what has a duration. */
  readonly spans?: readonly Span[];
  /** Strength 0..1 of the claim in each second from the beginning; NaN where nothing could be judged. */
  readonly perSecond?: Float32Array;
  /** The same person by person, where it is about persons. */
  readonly people?: readonly PersonLane[];
  /** The same turn by turn, in order of time, where it is about voices. */
  readonly turns?: readonly SpokenTurn[];
  /** The conditions under which the detector was measured, in words. */
  readonly measuredOn?: Text;
}

export interface Detected extends Weighed {
  readonly status: 'detected';
}
export interface NotDetected extends Weighed {
  readonly status: 'notDetected';
}
export interface NotApplicable extends EvidenceBase {
  readonly status: 'notApplicable';
  /** Stable reason, for instance `too-small`, `no-face`. */
  readonly reason: string;
}
export interface FailedEvidence extends EvidenceBase {
  readonly status: 'failed';
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
}

export type Evidence = Detected | NotDetected | NotApplicable | FailedEvidence;
export type EvidenceStatus = Evidence['status'];
