/**
 * A folder of pictures sorted into sources, as this room shows it, and its stable JSON record. Pictures are indices
 * into one list, so that a page can show each where it belongs and store it once.
 */
import { z } from 'zod';
import type { HuoyanError } from '../core/errors.ts';
import type { Language } from '../core/text.ts';
import { PRODUCER } from './producer.ts';

export interface ClusterPicture {
  /** Path or name, as the reader knows it. */
  readonly file: string;
  /** JPEG, about 200 pixels across; the page says only the name when absent. */
  readonly thumbnail?: Uint8Array;
}

export interface ReportedCluster {
  /** 1 for the largest, and on. */
  readonly id: number;
  /** The picture most like all others first. */
  readonly members: readonly number[];
  /** Mean probability 0..1 over pairs of members that they share a source. */
  readonly cohesion: number;
  /** Mean power spectrum of the members' residuals, [32, 32], zero frequency first. */
  readonly spectrum?: Float64Array;
}

export interface ClusterReport {
  readonly pictures: readonly ClusterPicture[];
  /** Largest first; a picture is in at most one. */
  readonly clusters: readonly ReportedCluster[];
  readonly unclustered: readonly number[];
  /** Groups of two or more pictures that are copies of one. */
  readonly nearIdentical: readonly (readonly number[])[];
  /** Pairs that likely share a source: lines of the network. */
  readonly links: readonly { readonly a: number; readonly b: number }[];
  /** Files that could not be compared, and why. */
  readonly skipped: readonly { readonly file: string; readonly error: HuoyanError }[];
}

/** Name and version of the promise: fields are only added, never renamed, removed or given another meaning. */
export const CLUSTER_SCHEMA = 'huoyan.clusters/1';

const files = z.array(z.string());

export const clusterRecordSchema = z.object({
  schema: z.literal(CLUSTER_SCHEMA),
  tool: z.object({ name: z.string(), version: z.string() }),
  clusters: z
    .array(
      z.object({
        id: z.int().min(1),
        files: files.describe('The picture most like all others of the cluster first.'),
        cohesion: z
          .number()
          .min(0)
          .max(1)
          .describe('Mean probability, over pairs of these pictures, that they share a source.'),
      }),
    )
    .describe('Pictures that likely share a source, the largest group first.'),
  unclustered: files.describe('Pictures without enough company.'),
  nearIdentical: z
    .array(files)
    .describe('Groups of copies of one picture; they may lie in any cluster or none.'),
  skipped: z
    .array(z.object({ file: z.string(), code: z.string(), message: z.string(), hint: z.string() }))
    .describe('Files that could not be compared.'),
});

export type ClusterRecord = z.infer<typeof clusterRecordSchema>;

/** The record that `--json` writes, its messages in `language` (English when absent). */
export function toClusterRecord(report: ClusterReport, language: Language = 'en'): ClusterRecord {
  const names = (pictures: readonly number[]) => pictures.map((i) => report.pictures[i].file);
  return {
    schema: CLUSTER_SCHEMA,
    tool: PRODUCER,
    clusters: report.clusters.map(({ id, members, cohesion }) => ({ id, files: names(members), cohesion })),
    unclustered: names(report.unclustered),
    nearIdentical: report.nearIdentical.map(names),
    skipped: report.skipped.map(({ file, error: { code, text, hint } }) => ({
      file,
      code,
      message: text[language],
      hint: hint[language],
    })),
  };
}
