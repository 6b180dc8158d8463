/**
 * Huoyan as a library, for Node 20 and later.
 *
 * ```ts
 * import { analyze } from 'huoyan';
 * const analysis = await analyze('photo.jpg');
 * if (analysis.outcome === 'analysed') console.log(analysis.verdict.label, analysis.verdict.probability);
 * else console.error(analysis.error.code, analysis.error.hint.en);
 * ```
 *
 * Nothing leaves the machine, and nothing is printed. What a file is or contains never makes a call reject: an
 * unreadable file is a result. See `openEngine` for many files, `toRecord` for the stable JSON record.
 */
import type { Analysis } from './core/analysis.ts';
import { type AnalyseOptions, type Engine, openEngine } from './evidence/analyse.node.ts';

export type {
  AnalysedFile,
  AnalysedImage,
  AnalysedSound,
  AnalysedVideo,
  Analysis,
  UnreadableFile,
} from './core/analysis.ts';
export { type ErrorCode, HuoyanError } from './core/errors.ts';
export type {
  Claim,
  Detected,
  Evidence,
  EvidenceMap,
  EvidenceStatus,
  FailedEvidence,
  NotApplicable,
  NotDetected,
  Region,
  Span,
} from './core/evidence.ts';
export type { Json } from './core/json.ts';
export type {
  ContainerFacts,
  EmbeddedText,
  ImageFormat,
  JpegFacts,
  MediaKind,
  Segment,
  SoundFacts,
  SoundFormat,
  VideoFacts,
  VideoFormat,
} from './core/media.ts';
export type { Language, Text } from './core/text.ts';
export type {
  Attributed,
  Attribution,
  Neighbour,
  Trace,
  Traced,
  TracedPicture,
  TracedSound,
} from './core/trace.ts';
export type { StabilityStep, Verdict, VerdictLabel } from './core/verdict.ts';
export { type AnalyseOptions, type Engine, type EngineOptions, openEngine } from './evidence/analyse.node.ts';
export {
  type AnalysisRecord,
  analysisJsonSchema,
  renderHtml,
  type TraceRecord,
  toNdjsonLine,
  toRecord,
  toTraceRecord,
} from './report/index.ts';
export { enrolledNames, forgetEnrolment, keepEnrolment } from './trace/enrolled.node.ts';
export { describeExamples, type Examples } from './trace/examples.node.ts';
export { type Examined, type TraceOptions, Tracer } from './trace/tracer.node.ts';

export interface AnalyzeOptions extends AnalyseOptions {
  /** What the file is called in the result; by default its path, or `-` for bytes. */
  readonly name?: string;
}

let shared: Promise<Engine> | null = null;

/**
 * Analyses one picture or recording: a path, a `file:` URL, or the bytes of a file (JPEG, PNG, WebP, AVIF, GIF, TIFF,
 * BMP; WAV, AIFF, AU, MP3, M4A, AAC, FLAC, Ogg).
 * The networks are loaded with the first call and stay in memory; `closeShared` lets go of them.
 * Rejects with HuoyanError only for what is not the file's fault: a wrong option (`bad-argument`).
 */
export async function analyze(
  file: string | URL | Uint8Array,
  options: AnalyzeOptions = {},
): Promise<Analysis> {
  const { name, ...rest } = options;
  shared ??= openEngine();
  const engine = await shared;
  if (file instanceof Uint8Array) return engine.analyseBytes(file, name ?? '-', rest);
  const path = file instanceof URL ? await pathOf(file) : file;
  const analysis = await engine.analyseFile(path, rest);
  return name === undefined ? analysis : { ...analysis, file: name };
}

/** Lets go of the networks that `analyze` keeps in memory; the next call loads them again. */
export async function closeShared(): Promise<void> {
  const engine = await shared;
  shared = null;
  await engine?.close();
}

async function pathOf(url: URL): Promise<string> {
  const { fileURLToPath } = await import('node:url');
  return fileURLToPath(url);
}
