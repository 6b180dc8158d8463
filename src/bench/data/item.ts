/** What a data set is to a benchmark, whatever folders and lists its makers chose. Adding a layout is a file and a line. */
export type Media = 'image' | 'video' | 'audio';
export type Split = 'train' | 'val' | 'test';

/** One file to be judged. */
export interface BenchItem {
  /** Path below the data set with `/`, unique in it. */
  readonly key: string;
  /** Absolute. */
  readonly path: string;
  readonly label: 'real' | 'fake';
  readonly media: Media;
  /**
   * What it shares with others so that they are no independent cases: the original clip, the camera, the generator.
   * Absent where the layout does not tell.
   */
  readonly source?: string;
  /** What made a fake, as the data set calls it. */
  readonly generator?: string;
  /** People in it, of whom no two parts of a split may have the same. */
  readonly identities?: readonly string[];
  /** As the data set's makers split it. */
  readonly split?: Split;
  /** How it was stored, where the set has the same thing several times: `c23`, `c40`. */
  readonly variant?: string;
  /** Absolute path of the mask of what was manipulated. */
  readonly mask?: string;
}

export interface BenchSet {
  readonly layout: string;
  readonly root: string;
  /** Sorted by key. */
  readonly items: readonly BenchItem[];
  /** Files the set's own lists name that are not there. */
  readonly missing: number;
}
