/**
 * What an audit of a recogniser found, as rooms hand it on: `audit` measures it, `report` shows it. A fake is a
 * picture made of somebody (the person impersonated); the recogniser names that person, somebody else, or nobody.
 */
import type { HuoyanError } from './errors.ts';

/** A share with its 95 % interval (the wider, at each end, of Wilson's and of one that resamples whole people). */
export interface AuditRate {
  readonly count: number;
  /** 0..1; 0 where there was no case. */
  readonly rate: number;
  readonly lo: number;
  readonly hi: number;
}

/** What was answered to a number of fakes. */
export interface AuditRates {
  /** The recogniser named the person impersonated. */
  readonly targeted: AuditRate;
  /** It named anybody at all. */
  readonly nonTargeted: AuditRate;
  /** It named somebody else. */
  readonly misidentified: AuditRate;
}

export interface AuditAtThreshold extends AuditRates {
  /** Answers with a confidence below it count as "nobody"; 0..1. */
  readonly threshold: number;
  /** People impersonated by at least one fake. */
  readonly personsImpersonated: number;
}

export interface AuditPerson extends AuditRates {
  readonly person: string;
  readonly n: number;
}

export interface AuditMethod extends AuditRates {
  readonly method: string;
  readonly n: number;
}

/** Somebody's fakes, named as somebody else. */
export interface AuditConfusion {
  readonly person: string;
  readonly named: string;
  readonly count: number;
}

/** Equal steps from 0 to 1. */
export interface AuditHistogram {
  readonly n: number;
  readonly counts: readonly number[];
}

/** Frames of one clip judged together. */
export interface AuditClips {
  readonly n: number;
  /** At least one frame passes as the person. */
  readonly anyFrame: AuditRate;
  /** More than half of the frames do. */
  readonly mostFrames: AuditRate;
}

/** One data set, put to one service. */
export interface AuditSet extends AuditRates {
  readonly name: string;
  readonly service: string;
  /** Fakes that were answered. */
  readonly n: number;
  /** Fakes without an answer: errors, no face found by us. Not in `n`. */
  readonly failed: number;
  /** The confidence from which the service's answer counts; 0 when the service itself decides. */
  readonly operating: number;
  /** The fake was answered with more confidence than the real picture of the person, both having got a name. */
  readonly inverted: AuditRate;
  /**
   * As `targeted`, but whatever the spelling: accents folded, known aliases, and the name the service gives to the
   * person's real picture.
   */
  readonly targetedByIdentity: AuditRate;
  readonly persons: number;
  readonly personsImpersonated: number;
  readonly byThreshold: readonly AuditAtThreshold[];
  readonly people: readonly AuditPerson[];
  readonly methods: readonly AuditMethod[];
  /** Most frequent first. */
  readonly confusions: readonly AuditConfusion[];
  /** Likeness of fake and real picture as the service states it; null when it states none. */
  readonly similarity: AuditHistogram | null;
  /** Confidence of answers that named the person, and of those that named somebody else. */
  readonly confidence: { readonly targeted: AuditHistogram; readonly misidentified: AuditHistogram };
  readonly clips: AuditClips | null;
}

/** All sets together; a person in several sets counts once. */
export type AuditTotal = Omit<AuditSet, 'name' | 'service' | 'operating'>;

/** How well a recogniser tells people apart when nobody attacks it. */
export interface AuditAccuracy {
  readonly service: string;
  readonly people: number;
  readonly photos: number;
  /** Null for a service that does not show how alike any two pictures are. */
  readonly pairs: AuditPairs | null;
  /** Real pictures put to the recogniser as the fakes were: named right, named wrong. */
  readonly identified: AuditRate;
  readonly misidentified: AuditRate;
  readonly probes: number;
}

/** Every two photos of a gallery compared. */
export interface AuditPairs {
  /** Photos without a usable face. */
  readonly withoutFace: number;
  /** Pairs of one person, and of two. */
  readonly genuine: number;
  readonly impostor: number;
  /** Area under the ROC curve, 0..1. */
  readonly auc: number;
  /** The similarity that at most one pair of different people in a thousand reaches. */
  readonly threshold: number;
  /** False match and false non-match rate there. */
  readonly falseMatch: AuditRate;
  readonly falseNonMatch: AuditRate;
  /** Along the curve, by falling threshold. */
  readonly roc: readonly { readonly threshold: number; readonly fmr: number; readonly fnmr: number }[];
}

/** A detector before a recogniser. */
export interface AuditGate {
  readonly service: string;
  readonly detector: string;
  /** Set of the fakes; `all` for all together. */
  readonly set: string;
  readonly fakes: number;
  readonly reals: number;
  /** Pictures the detector gave no score; they pass the gate. */
  readonly unscored: number;
  /** Targeted success without a gate. */
  readonly before: AuditRate;
  /** At the threshold that rejects at most one real picture in twenty. */
  readonly operating: AuditGatePoint;
  readonly curve: readonly AuditGatePoint[];
}

export interface AuditGatePoint {
  /** Pictures with a higher detector score are turned away. */
  readonly threshold: number;
  /** Real pictures turned away. */
  readonly falseReject: AuditRate;
  /** Fakes that pass the gate and are then named as the person. */
  readonly residual: AuditRate;
}

/** Something that could not be used, and where it stands. */
export interface AuditProblem {
  readonly file: string;
  /** From 1; absent where the whole file is meant. */
  readonly line?: number;
  readonly error: HuoyanError;
}

export interface Audit {
  readonly sets: readonly AuditSet[];
  readonly total: AuditTotal;
  readonly accuracy: readonly AuditAccuracy[];
  readonly gates: readonly AuditGate[];
  readonly problems: readonly AuditProblem[];
}
