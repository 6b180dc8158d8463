/**
 * One `Analysis` as the stable record that `--json` and `--ndjson` write (schema.ts is the promise).
 * Three things are settled here and nowhere else: one language per record, no number that JSON cannot hold, and
 * bounds on what a hostile file can make a line grow to.
 */
import type { AnalysedFile, Analysis, UnreadableFile } from '../core/analysis.ts';
import type { Evidence, EvidenceMap, Region, Span } from '../core/evidence.ts';
import type { Json } from '../core/json.ts';
import type { ContainerFacts, SoundFacts, VideoFacts } from '../core/media.ts';
import type { Language, Text } from '../core/text.ts';
import type { Verdict } from '../core/verdict.ts';
import { base64 } from './base64.ts';
import { llr, number, probability, round } from './numbers.ts';
import { cutText } from './plain.ts';
import { PRODUCER, RECORD_SCHEMA } from './producer.ts';
import type { AnalysedRecord, AnalysisRecord, ErrorRecord } from './schema.ts';

export interface RecordOptions {
  /** Language of all sentences; English when absent. */
  readonly language?: Language;
  /** Put the evidence maps in (base64, one byte a cell). Off by default, to keep lines small. */
  readonly maps?: boolean;
}

type ContainerOf<K extends AnalysedRecord['kind']> = Extract<AnalysedRecord, { kind: K }>['container'];
type Container = ContainerOf<'image'>;
type EvidenceRecord = AnalysedRecord['evidence'][number];
type Fields = EvidenceRecord['details'];

/** Longest text, XMP packet or string inside details that goes into a record, in UTF-16 units. */
const TEXT_LIMIT = 16_384;
/** Most entries of any list in a record. */
const LIST_LIMIT = 1000;
/** Most seconds told one by one: four hours. */
const SECONDS_LIMIT = 14_400;
/** Deepest nesting of details, EXIF and IPTC. */
const DEPTH_LIMIT = 12;
/** The byte of a map cell in which the detector abstains. */
export const ABSTAINED = 255;

/**
 * The record of one analysis. Never throws: an analysis whose verdict is not a number is a defect and becomes an
 * error record with code `internal`, so that no reader ever mistakes it for a verdict.
 */
export function toRecord(analysis: Analysis, options: RecordOptions = {}): AnalysisRecord {
  const language = options.language ?? 'en';
  if (analysis.outcome === 'unreadable') return unreadable(analysis, language);
  const { verdict } = analysis;
  const numbers = [verdict.probability, ...verdict.interval, verdict.llr, verdict.prior];
  for (const step of verdict.stability?.ladder ?? []) numbers.push(step.probability);
  if (numbers.some(Number.isNaN)) return withoutVerdict(analysis, language);
  const found = {
    ...head(analysis, language),
    sha256: analysis.sha256,
    verdict: verdictRecord(verdict, language),
    evidence: analysis.evidence.map((one) => evidenceRecord(one, language, options.maps ?? false)),
  };
  const { kind } = analysis;
  if (kind === 'image') return { ...found, kind, container: containerRecord(analysis.container, language) };
  if (kind === 'audio') return { ...found, kind, container: soundRecord(analysis.container, language) };
  return { ...found, kind, container: videoRecord(analysis.container, language) };
}

/** The record as one line of NDJSON, with the line feed. */
export function toNdjsonLine(analysis: Analysis, options: RecordOptions = {}): string {
  return `${JSON.stringify(toRecord(analysis, options))}\n`;
}

/**
 * A map as bytes: 0..254 is strength 0..1 (clamped), 255 where the detector abstains. Missing cells of a map whose
 * array is too short abstain as well.
 */
export function quantiseMap(map: EvidenceMap): Uint8Array {
  const out = new Uint8Array(map.width * map.height);
  for (let i = 0; i < out.length; i++) {
    const value = i < map.data.length ? map.data[i] : Number.NaN;
    out[i] = Number.isNaN(value) ? ABSTAINED : Math.round(254 * Math.min(1, Math.max(0, value)));
  }
  return out;
}

function head(analysis: Analysis, language: Language) {
  const timing: Record<string, number> = {};
  for (const [stage, ms] of Object.entries(analysis.timing)) {
    if (Number.isFinite(ms)) timing[stage] = round(ms, 2);
  }
  return { schema: RECORD_SCHEMA, producer: PRODUCER, language, file: analysis.file, timing } as const;
}

function unreadable(analysis: UnreadableFile, language: Language): ErrorRecord {
  const { code, text, hint } = analysis.error;
  return {
    ...head(analysis, language),
    sha256: analysis.sha256,
    error: { code, message: text[language], hint: hint[language] },
  };
}

function withoutVerdict(analysis: AnalysedFile, language: Language): ErrorRecord {
  const message: Text = { en: 'the verdict is not a number', zh: '判定结果不是有效数值' };
  const hint: Text = {
    en: 'this is a defect of Huoyan; please report it with the file if you may share it',
    zh: '这是火眼的缺陷；如可分享该文件，请一并报告',
  };
  return {
    ...head(analysis, language),
    sha256: analysis.sha256,
    error: { code: 'internal', message: message[language], hint: hint[language] },
  };
}

function verdictRecord(verdict: Verdict, language: Language): AnalysedRecord['verdict'] {
  return {
    label: verdict.label,
    probability: probability(verdict.probability),
    interval: [probability(verdict.interval[0]), probability(verdict.interval[1])],
    llr: llr(verdict.llr) ?? 0,
    prior: probability(verdict.prior),
    stability: verdict.stability && {
      flips: verdict.stability.flips,
      ladder: verdict.stability.ladder.map((s) => ({
        step: s.step,
        label: s.label,
        probability: probability(s.probability),
      })),
    },
    reasons: verdict.reasons.map((r) => ({
      detector: r.detector,
      weight: llr(r.weight) ?? 0,
      text: r.text[language],
    })),
  };
}

function evidenceRecord(one: Evidence, language: Language, maps: boolean): EvidenceRecord {
  const base = { detector: one.detector, version: one.version };
  const summary = one.summary[language];
  const details = cleanFields(one.details);
  if (one.status === 'notApplicable') {
    return { ...base, status: one.status, llr: null, summary, regions: [], reason: one.reason, details };
  }
  if (one.status === 'failed') {
    const { code, message, hint } = one.error;
    return {
      ...base,
      status: one.status,
      llr: null,
      summary,
      regions: [],
      error: { code, message, hint },
      details,
    };
  }
  const interval = one.llrInterval?.map(llr);
  const [low, high] = interval ?? [null, null];
  return {
    ...base,
    status: one.status,
    llr: llr(one.llr),
    ...(low !== null && high !== null && { llrInterval: [low, high] }),
    claim: one.claim,
    summary,
    regions: one.regions
      .slice(0, LIST_LIMIT)
      .filter(isFinite4)
      .map((r) => regionRecord(r, language)),
    ...(maps && one.map && { map: mapRecord(one.map, language) }),
    ...(one.spans && {
      spans: one.spans
        .slice(0, LIST_LIMIT)
        .filter(isTime)
        .map((s) => spanRecord(s, language)),
    }),
    ...(maps && one.perSecond && { perSecond: secondsRecord(one.perSecond) }),
    ...(one.people && {
      people: one.people.slice(0, LIST_LIMIT).map((lane) => ({
        person: lane.person,
        start: round(number(lane.start), 2),
        end: round(number(lane.end), 2),
        llr: llr(lane.llr) ?? 0,
        perSecond: secondsRecord(lane.perSecond),
      })),
    }),
    ...(one.turns && {
      turns: one.turns.slice(0, LIST_LIMIT).map(({ start, end, speaker, llr: own }) => ({
        start: round(number(start), 2),
        end: round(number(end), 2),
        speaker: cutText(speaker, 8),
        llr: own === null ? null : llr(own),
      })),
    }),
    ...(one.measuredOn && { measuredOn: one.measuredOn[language] }),
    details,
  };
}

function isFinite4(r: Region): boolean {
  return [r.x, r.y, r.width, r.height].every(Number.isFinite);
}

function regionRecord(r: Region, language: Language): EvidenceRecord['regions'][number] {
  return {
    x: round(r.x, 2),
    y: round(r.y, 2),
    width: round(r.width, 2),
    height: round(r.height, 2),
    score: probability(Number.isNaN(r.score) ? 0 : r.score),
    ...(r.label && { label: r.label[language] }),
  };
}

function isTime(s: Span): boolean {
  return Number.isFinite(s.start) && Number.isFinite(s.end);
}

function spanRecord(s: Span, language: Language) {
  return {
    start: round(s.start, 2),
    end: round(s.end, 2),
    score: probability(Number.isNaN(s.score) ? 0 : s.score),
    ...(s.label && { label: s.label[language] }),
  };
}

function secondsRecord(values: Float32Array): (number | null)[] {
  return Array.from(values.subarray(0, SECONDS_LIMIT), (v) =>
    Number.isNaN(v) ? null : round(probability(v), 3),
  );
}

function mapRecord(map: EvidenceMap, language: Language): NonNullable<EvidenceRecord['map']> {
  return {
    width: map.width,
    height: map.height,
    data: base64(quantiseMap(map)),
    meaning: map.meaning[language],
  };
}

function containerRecord(facts: ContainerFacts, language: Language): Container {
  const shortened: string[] = [];
  const cut = (value: string, name: string) => {
    if (value.length <= TEXT_LIMIT) return value;
    shortened.push(name);
    return cutText(value, TEXT_LIMIT);
  };
  const list = <T>(values: readonly T[], name: string): readonly T[] => {
    if (values.length <= LIST_LIMIT) return values;
    shortened.push(name);
    return values.slice(0, LIST_LIMIT);
  };
  const { jpeg, icc, exif, iptc, thumbnail } = facts;
  return {
    format: facts.format,
    mime: facts.mime,
    bytes: number(facts.bytes),
    width: number(facts.width),
    height: number(facts.height),
    orientation: number(facts.orientation),
    frames: number(facts.frames),
    bitDepth: number(facts.bitDepth),
    channels: number(facts.channels),
    colourSpace: facts.colourSpace,
    hasAlpha: facts.hasAlpha,
    ...(icc !== undefined && { icc: cut(icc, 'icc') }),
    segments: list(facts.segments, 'segments').map(({ type, offset, length }) => ({ type, offset, length })),
    text: list(facts.text, 'text').map((t, i) => ({
      carrier: t.carrier,
      key: cut(t.key, `text[${i}].key`),
      value: cut(t.value, `text[${i}].value`),
    })),
    ...(exif && { exif: cleanFields(exif) }),
    ...(iptc && { iptc: cleanFields(iptc) }),
    xmp: list(facts.xmp, 'xmp').map((packet, i) => cut(packet, `xmp[${i}]`)),
    ...(thumbnail && {
      thumbnail: { width: thumbnail.width, height: thumbnail.height, bytes: thumbnail.bytes },
    }),
    ...(jpeg && { jpeg: jpegRecord(jpeg, cut) }),
    trailingBytes: number(facts.trailingBytes),
    warnings: list(facts.warnings, 'warnings').map((w) => w[language]),
    ...(shortened.length > 0 && { shortened }),
  };
}

type Tracks = Pick<
  SoundFacts,
  'bytes' | 'durationSeconds' | 'codec' | 'bitRate' | 'tracks' | 'tags' | 'warnings'
>;

/** What sound and video have in common. */
function tracksRecord(facts: Tracks, language: Language) {
  const shortened: string[] = [];
  const tags: [string, string][] = Object.entries(facts.tags)
    .slice(0, LIST_LIMIT)
    .map(([key, value]) => {
      if (value.length > TEXT_LIMIT) shortened.push(`tags.${key}`);
      return [key, cutText(value, TEXT_LIMIT)];
    });
  return {
    bytes: number(facts.bytes),
    durationSeconds: round(number(facts.durationSeconds), 3),
    codec: facts.codec,
    ...(facts.bitRate !== undefined && { bitRate: number(facts.bitRate) }),
    tracks: number(facts.tracks),
    tags: Object.fromEntries(tags),
    warnings: facts.warnings.slice(0, LIST_LIMIT).map((w) => w[language]),
    ...(shortened.length > 0 && { shortened }),
  };
}

function soundRecord(facts: SoundFacts, language: Language): ContainerOf<'audio'> {
  return {
    format: facts.format,
    mime: facts.mime,
    ...tracksRecord(facts, language),
    sampleRate: number(facts.sampleRate),
    channels: number(facts.channels),
    ...(facts.bitDepth !== undefined && { bitDepth: number(facts.bitDepth) }),
  };
}

function videoRecord(facts: VideoFacts, language: Language): ContainerOf<'video'> {
  const { audio } = facts;
  return {
    format: facts.format,
    mime: facts.mime,
    ...tracksRecord(facts, language),
    width: number(facts.width),
    height: number(facts.height),
    rotation: facts.rotation,
    frameRate: round(number(facts.frameRate), 3),
    ...(audio && {
      audio: { codec: audio.codec, sampleRate: number(audio.sampleRate), channels: number(audio.channels) },
    }),
  };
}

function jpegRecord(
  jpeg: NonNullable<ContainerFacts['jpeg']>,
  cut: (value: string, name: string) => string,
): NonNullable<Container['jpeg']> {
  const { doubleCompression: double, comment } = jpeg;
  return {
    progressive: jpeg.progressive,
    quantisation: jpeg.quantisation.map((table) => table.map(number)),
    subsampling: jpeg.subsampling,
    quality: number(jpeg.quality),
    qualityDistance: round(number(jpeg.qualityDistance), 4),
    ...(double &&
      !Number.isNaN(double.probability) && {
        doubleCompression: {
          probability: probability(double.probability),
          ...(double.firstQuality !== undefined && { firstQuality: number(double.firstQuality) }),
        },
      }),
    ...(comment !== undefined && { comment: cut(comment, 'jpeg.comment') }),
  };
}

/** Any value as clean JSON: what is not finite becomes null, what is too long or too deep is cut. */
function clean(value: Json, depth: number): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string') return cutText(value, TEXT_LIMIT);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return null;
  if (depth >= DEPTH_LIMIT) return null;
  if (ArrayBuffer.isView(value)) return null;
  if (Array.isArray(value)) return value.slice(0, LIST_LIMIT).map((item) => clean(item, depth + 1));
  return cleanFields(value as { readonly [key: string]: Json }, depth + 1);
}

function cleanFields(fields: Readonly<Record<string, Json>>, depth = 0): Fields {
  const out: [string, Json][] = [];
  for (const [key, value] of Object.entries(fields).slice(0, LIST_LIMIT)) {
    if (value !== undefined) out.push([key, clean(value, depth)]);
  }
  return Object.fromEntries(out) as Fields;
}
