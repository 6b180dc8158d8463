import type { HuoyanError } from './errors.ts';
import type { Evidence } from './evidence.ts';
import type { Box } from './image.ts';
import type { ContainerFacts, MediaKind } from './media.ts';
import type { Verdict } from './verdict.ts';

/** Everything found out about one file; what every report, command and service hands on. */
export type Analysis = AnalysedFile | UnreadableFile;

export interface AnalysedFile {
  readonly outcome: 'analysed';
  readonly file: string;
  readonly sha256: string;
  readonly kind: MediaKind;
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
  readonly container: ContainerFacts;
  /** Milliseconds: reading and decoding, each detector by name, the stability ladder, everything. */
  readonly timing: Readonly<Record<string, number>>;
  /** Faces found, largest first, in pixels of the displayed picture; only looked for together with `preview`. */
  readonly faces?: readonly Box[];
  /** A small JPEG of the displayed picture (longer side at most 1024), for reports that show it. */
  readonly preview?: Uint8Array;
}

export interface UnreadableFile {
  readonly outcome: 'unreadable';
  readonly file: string;
  readonly sha256: string | null;
  readonly error: HuoyanError;
  readonly timing: Readonly<Record<string, number>>;
}
