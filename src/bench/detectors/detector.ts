/** What is benchmarked: something that is shown a file and gives an opinion, wherever it runs. */
import type { HuoyanError } from '../../core/errors.ts';
import type { ImageMedia } from '../../core/media.ts';
import type { BenchItem } from '../data/item.ts';
import type { ScoreMeta } from '../scores/row.ts';

/** One file as it reaches the detector, after whatever happened to it on the way. */
export interface Sample {
  readonly item: BenchItem;
  readonly bytes: Uint8Array;
  /** Decoded once, when first asked for. Throws HuoyanError for what is no picture. */
  image(): Promise<ImageMedia>;
  /** A file that holds exactly `bytes`. */
  file(): Promise<string>;
  /** A file of other bytes, gone when the sample is done with; for who shows a detector something made of it. */
  fileOf(bytes: Uint8Array): Promise<string>;
}

export type Opinion =
  | { readonly status: 'ok' | 'inconclusive'; readonly score: number; readonly verdict?: string }
  | { readonly status: 'inconclusive'; readonly score: null; readonly verdict?: string }
  | { readonly status: 'notApplicable'; readonly reason: string };

export interface BenchDetector {
  readonly name: string;
  readonly version?: string;
  /** Whatever changes its scores, so that a run is only continued with the same. */
  readonly settings?: unknown;
  readonly scale: ScoreMeta['scale'];
  /** Its own operating point; higher scores mean fake. */
  readonly threshold?: number;
  readonly seenGenerators?: readonly string[];
  /** Host that files are sent to, for one that does not run here. */
  readonly sendsTo?: string;
  /** Questions it likes to be asked at a time; default 1. */
  readonly concurrency?: number;
  /**
   * For one that is fitted on the data set itself, by folds of its sources: sees everything once, in the first
   * condition, before it judges.
   */
  prepare?(samples: AsyncIterable<Sample>): Promise<void>;
  /** Throws HuoyanError for a file that could not be judged; {@link Hopeless} when asking on makes no sense. */
  judge(sample: Sample, signal: AbortSignal): Promise<Opinion>;
  close(): Promise<void>;
}

/** The next file would fail as this one did: a wrong key, a program that is not there. Ends a run, which can go on later. */
export class Hopeless extends Error {
  constructor(readonly reason: HuoyanError) {
    super(reason.message, { cause: reason });
  }
}
