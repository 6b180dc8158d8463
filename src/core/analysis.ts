import type { HuoyanError } from './errors.ts';
import type { Evidence } from './evidence.ts';
import type { Box } from './image.ts';
import type { ContainerFacts, SoundFacts, VideoFacts } from './media.ts';
import type { Verdict } from './verdict.ts';

/** Everything found out about one file; what every report, command and service hands on. */
export type Analysis = AnalysedFile | UnreadableFile;

/** What was found out, whatever the kind of file. */
interface Findings {
  readonly outcome: 'analysed';
  readonly file: string;
  readonly sha256: string;
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
  /** Milliseconds: reading and decoding, each detector by name, the stability ladder, everything. */
  readonly timing: Readonly<Record<string, number>>;
  /** Faces found, largest first, in pixels of the displayed picture; only looked for together with `preview`. */
  readonly faces?: readonly Box[];
  /**
   * A small JPEG (longer side at most 1024) for reports that show it: of the displayed picture, of one frame of a
   * video, of the spectrogram of a sound (its whole duration from left to right, 0 to SPECTROGRAM_TOP_HZ upwards).
   */
  readonly preview?: Uint8Array;
}

export interface AnalysedImage extends Findings {
  readonly kind: 'image';
  readonly container: ContainerFacts;
}
export interface AnalysedSound extends Findings {
  readonly kind: 'audio';
  readonly container: SoundFacts;
}
export interface AnalysedVideo extends Findings {
  readonly kind: 'video';
  readonly container: VideoFacts;
  /** Who was seen, longest first; only together with `preview`. */
  readonly people?: readonly SeenPerson[];
}

/** One person of a video, for reports that show them; `person` as in `PersonLane`. */
export interface SeenPerson {
  readonly person: number;
  /** Small JPEGs of the face at the most telling moments, in order of time. */
  readonly portraits: readonly { readonly time: number; readonly jpeg: Uint8Array }[];
}

/** A file that was examined; `kind` tells what it is, and so what its container states. */
export type AnalysedFile = AnalysedImage | AnalysedSound | AnalysedVideo;

export interface UnreadableFile {
  readonly outcome: 'unreadable';
  readonly file: string;
  readonly sha256: string | null;
  readonly error: HuoyanError;
  readonly timing: Readonly<Record<string, number>>;
}
