/**
 * An `Analysis` between processes. Structured cloning keeps everything in it (typed arrays included) except the class of
 * an error, so the error travels as plain fields and is a HuoyanError again on the other side.
 */
import type { AnalysedFile, Analysis } from '../core/analysis.ts';
import { type ErrorCode, HuoyanError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';

export interface WireError {
  readonly code: ErrorCode;
  readonly text: Text;
  readonly hint: Text;
  /** Message and stack of what caused it, for a defect report. */
  readonly cause?: string;
}

export type WireAnalysis =
  | AnalysedFile
  | {
      readonly outcome: 'unreadable';
      readonly file: string;
      readonly sha256: string | null;
      readonly error: WireError;
      readonly timing: Readonly<Record<string, number>>;
    };

export function errorToWire(error: HuoyanError): WireError {
  const { cause } = error;
  if (cause === undefined) return { code: error.code, text: error.text, hint: error.hint };
  const words = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return { code: error.code, text: error.text, hint: error.hint, cause: words };
}

export function errorFromWire(wire: WireError): HuoyanError {
  return new HuoyanError(
    wire.code,
    wire.text,
    wire.hint,
    wire.cause === undefined ? undefined : { cause: wire.cause },
  );
}

export function toWire(analysis: Analysis): WireAnalysis {
  if (analysis.outcome === 'analysed') return analysis;
  return { ...analysis, error: errorToWire(analysis.error) };
}

export function fromWire(wire: WireAnalysis): Analysis {
  if (wire.outcome === 'analysed') return wire;
  return { ...wire, error: errorFromWire(wire.error) };
}

/** The record of a file about which nothing more than an error is known. */
export function unreadable(file: string, error: HuoyanError): Analysis {
  return { outcome: 'unreadable', file, sha256: null, error, timing: {} };
}
