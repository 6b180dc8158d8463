/**
 * One detector's answer about one file, as a score file carries it. Everything that is measured later is measured on
 * these rows, so that a rival's published scores, a run of ours and a spreadsheet are treated alike.
 */

/** What a detector may say: an answer, an honest "cannot tell", "not my kind of file", or nothing because it broke. */
export const STATUSES = ['ok', 'inconclusive', 'notApplicable', 'failed'] as const;
export type ScoreStatus = (typeof STATUSES)[number];

export interface ScoreRow {
  /** Names the file within its data set, with `/` between folders. */
  readonly key: string;
  readonly label: 'real' | 'fake';
  /** Higher speaks for fake (files of the other polarity are turned round while reading). Null unless answered. */
  readonly score: number | null;
  readonly status: ScoreStatus;
  /** What happened to the file before the detector saw it: `stored` is nothing; else a step of the ladder or an attack. */
  readonly condition: string;
  readonly dataset?: string;
  /** Camera, gallery, original clip or generator: files of one source are not independent, so intervals redraw sources. */
  readonly source?: string;
  /** What made a fake. */
  readonly generator?: string;
  readonly identity?: string;
  readonly split?: string;
  /** The detector's own word, for instance `synthetic`; verdict flips are counted on it where it is given. */
  readonly verdict?: string;
  /** Why there is no answer. */
  readonly reason?: string;
  /** Of the bytes judged, lower-case hexadecimal. */
  readonly sha256?: string;
  readonly elapsedMs?: number;
}

/** What stands beside a score file in `NAME.meta.json`; a file without one is read with the defaults. */
export interface ScoreMeta {
  readonly schema: 'huoyan.scores/1';
  readonly detector: { readonly name: string; readonly version?: string; readonly settings?: unknown };
  readonly dataset?: string;
  readonly polarity: 'higher-is-fake' | 'higher-is-real';
  /** `probability`: P(fake) in 0..1; `logit`: its log-odds; `unbounded`: order only. */
  readonly scale: 'probability' | 'logit' | 'unbounded';
  /** The detector's own operating point on the stored scores. */
  readonly threshold?: number;
  readonly seed?: number;
  readonly command?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Generators the detector was fitted on, where that is known: the average over these is told apart. */
  readonly seenGenerators?: readonly string[];
}

export interface ScoreTable {
  /** Of the file, without folder and endings. */
  readonly name: string;
  readonly meta: ScoreMeta;
  readonly rows: readonly ScoreRow[];
  /** Lines at the end of an interrupted file that were no whole rows. */
  readonly incomplete: number;
}

/** Whether the row carries a score that can be ranked; an inconclusive answer may carry one too. */
export function isAnswered(row: ScoreRow): row is ScoreRow & { readonly score: number } {
  return row.score !== null && (row.status === 'ok' || row.status === 'inconclusive');
}

/** The source of a row: as stated, else its folder, else the row itself. */
export function sourceOf(row: ScoreRow): string {
  if (row.source) return row.source;
  const slash = row.key.lastIndexOf('/');
  return slash > 0 ? row.key.slice(0, slash) : row.key;
}

/** The generator of a fake: as stated, else its source. */
export function generatorOf(row: ScoreRow): string {
  return row.generator || sourceOf(row);
}
