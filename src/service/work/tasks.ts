/** What a child process of the service can be asked to do, and what it answers. */
import type { Trace } from '../../core/trace.ts';
import type { AigcLabel } from '../../credentials/aigc/label.ts';
import type { WireAnalysis, WireError } from '../../evidence/wire.ts';
import type { WrittenFormat } from '../../media/index.node.ts';
import type { Strength } from '../../protect/cloak/budget.ts';
import type { CloakRecord } from '../../protect/cloak/record.ts';
import type { Threat } from '../../protect/cloak/threats.ts';
import type { LabelAnswer } from '../../protect/label/verdict.node.ts';
import type { ReadingRecord } from '../../protect/watermark/record.ts';
import type { ClusterRecord, PagedDocument } from '../../report/index.ts';
import type { MeasuredScores, WireAudit } from '../measurements/measured.ts';
import type { MeasurementSettings } from '../measurements/measurement.ts';

/** A file for a child: where its bytes are, or the bytes themselves, and what its sender calls it. */
export interface Given {
  readonly name: string;
  readonly path?: string;
  readonly bytes?: Uint8Array;
}

/** Every task by its name: what it takes, and what it gives. */
export interface Tasks {
  /** Everything there is to find out about a file. */
  analyse: {
    takes: {
      readonly file: Given;
      readonly stability: boolean;
      readonly prior?: number;
      readonly preview: boolean;
    };
    gives: { readonly analysis: WireAnalysis };
  };
  /** Which generator made each of these pictures, and which share a source. */
  trace: {
    takes: { readonly files: readonly Given[]; readonly construction: boolean; readonly view: boolean };
    gives: { readonly traces: readonly WireTrace[] };
  };
  /** The vector by which the index finds pictures of one source. */
  fingerprint: {
    takes: { readonly file: Given };
    gives: { readonly sha256: string; readonly vector: Float32Array };
  };
  /** Keeps a generator, described by some of its pictures. */
  enrol: {
    takes: { readonly name: string; readonly files: readonly Given[] };
    gives: { readonly pictures: number; readonly skipped: readonly string[] };
  };
  /** Pictures sorted by source. */
  cluster: {
    takes: { readonly files: readonly Given[]; readonly smallest?: number; readonly language: 'en' | 'zh' };
    gives: { readonly record: ClusterRecord; readonly page: string };
  };
  /** A picture with an invisible mark; `message` 1 to 16 hexadecimal digits, `psnr` in dB before it was compressed. */
  mark: {
    takes: {
      readonly file: Given;
      readonly key: string;
      readonly message: string;
      readonly format: WrittenFormat;
    };
    gives: { readonly bytes: Uint8Array; readonly psnr: number };
  };
  /** What the mark of a picture says. */
  readMark: {
    takes: { readonly file: Given; readonly key: string; readonly fast: boolean };
    gives: { readonly record: ReadingRecord };
  };
  /** A portrait whose largest face is cloaked, and how far that holds. */
  cloak: {
    takes: {
      readonly file: Given;
      readonly threats: readonly Threat[];
      readonly strength: Strength;
      readonly quick: boolean;
      readonly format: WrittenFormat;
    };
    gives: { readonly bytes: Uint8Array; readonly record: CloakRecord };
  };
  /** A file with the implicit label of GB 45438-2025. */
  label: {
    takes: { readonly file: Given; readonly label: AigcLabel };
    gives: { readonly bytes: Uint8Array; readonly carrier: string };
  };
  /** Whether the label of a file complies. */
  checkLabel: {
    takes: { readonly file: Given };
    gives: { readonly answer: LabelAnswer };
  };
  /** How a face recogniser held up, from its recorded answers. */
  audit: {
    takes: { readonly files: readonly Given[] } & Pick<MeasurementSettings, 'service' | 'names'>;
    gives: { readonly measured: WireAudit };
  };
  /** A report as a PDF. */
  document: {
    takes: { readonly content: PagedDocument; readonly created: Date };
    gives: { readonly pdf: Uint8Array };
  };
  /** What score files of detectors are worth. */
  benchmark: {
    takes: { readonly files: readonly Given[] };
    gives: { readonly measured: MeasuredScores };
  };
}

/** A trace whose error travels as plain fields. */
export type WireTrace =
  | Exclude<Trace, { outcome: 'unreadable' }>
  | {
      readonly outcome: 'unreadable';
      readonly file: string;
      readonly elapsedMs: number;
      readonly error: WireError;
    };

export type TaskName = keyof Tasks;

export type ChildJob = {
  [Name in TaskName]: { readonly id: number; readonly task: Name } & Tasks[Name]['takes'];
}[TaskName];

export type ChildReply =
  | { readonly id: number; readonly gives: Tasks[TaskName]['gives'] }
  | { readonly id: number; readonly error: WireError };
