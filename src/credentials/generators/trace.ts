/**
 * What a generator leaves behind in a file: the common form of all findings, and the bounded helpers every reader of this
 * folder uses. Nothing here is signed: whoever can write a file can write a prompt into it.
 */
import type { Json } from '../../core/json.ts';
import type { CarriedText, Embedded } from '../embedded.ts';

/** How much the trace says: a record of the generation, a program naming itself, or something merely typical. */
export type TraceStrength = 'parameters' | 'name' | 'hint';

/** Does it speak of the whole picture or of an edited part of it? */
export type TraceScope = 'whole' | 'part' | 'unknown';

export interface GeneratorTrace {
  /** Stable identifier, for instance `comfyui`. */
  readonly generator: string;
  /** Name as its makers write it. */
  readonly title: string;
  readonly strength: TraceStrength;
  readonly scope: TraceScope;
  /** Where it stood, for instance `png:tEXt parameters`. */
  readonly carrier: string;
  readonly software?: string;
  readonly model?: string;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  readonly seed?: string;
  /** Other settings as written, at most 64, each cut at 500 characters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a reader gets to see. */
export interface GeneratorInput extends Embedded {
  /** The bytes after the end of the picture, at most one megabyte. */
  readonly trailer: Uint8Array;
}

/** One reader; adding a generator is one of these and a line in the list of `read.ts`. */
export interface GeneratorReader {
  readonly name: string;
  read(input: GeneratorInput): GeneratorTrace[];
}

export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_JSON = 4_000_000;
const MAX_PARAMETERS = 64;
const MAX_VALUE = 500;
const MAX_PROMPT = 4_000;

/** `png:tEXt parameters`, or the carrier alone where it already names the key. */
export function place({ carrier, key }: CarriedText): string {
  return !key || carrier.endsWith(`:${key}`) ? carrier : `${carrier} ${key.slice(0, 80)}`;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in `text`, tolerating the NaN and Infinity that Python writes; undefined when there is none. */
export function jsonObject(text: string | undefined): JsonObject | undefined {
  if (!text || text.length > MAX_JSON) return undefined;
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return undefined;
  for (const candidate of [trimmed, trimmed.replace(/(?<=[:[,]\s?)(?:NaN|-?Infinity)\b/g, 'null')]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return isObject(value) ? value : undefined;
    } catch {}
  }
  return undefined;
}

/** Texts and numbers as text, trimmed and cut; nothing for the rest and for what is empty. */
export function shortText(value: unknown, max = MAX_VALUE): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text ? text.slice(0, max) : undefined;
}

/** A prompt: text, or the first text of a list. */
export function promptText(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 20)) {
      const text = promptText(isObject(item) ? item.prompt : item);
      if (text) return text;
    }
    return undefined;
  }
  return typeof value === 'string' ? shortText(value, MAX_PROMPT) : undefined;
}

/** The scalar members of an object as parameters, those named in `without` left out. */
export function scalars(object: JsonObject, without: readonly string[] = []): Record<string, string> {
  const out: Record<string, string> = {};
  let count = 0;
  for (const [key, value] of Object.entries(object)) {
    if (count >= MAX_PARAMETERS) break;
    if (without.includes(key) || key === '__proto__') continue;
    const text = shortText(value);
    if (text === undefined) continue;
    out[key.slice(0, 80)] = text;
    count++;
  }
  return out;
}

/** A trace without its empty members. */
export function trace(
  base: Pick<GeneratorTrace, 'generator' | 'title' | 'strength' | 'carrier'>,
  more: {
    readonly scope?: TraceScope;
    readonly software?: string;
    readonly model?: string;
    readonly prompt?: string;
    readonly negativePrompt?: string;
    readonly seed?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  } = {},
): GeneratorTrace {
  const { scope, software, model, prompt, negativePrompt, seed, parameters } = more;
  return {
    ...base,
    scope: scope ?? 'whole',
    ...(software && { software }),
    ...(model && { model }),
    ...(prompt && { prompt }),
    ...(negativePrompt && { negativePrompt }),
    ...(seed && { seed }),
    parameters: parameters ?? {},
  };
}

/** The trace as it stands in the record of a file. */
export function traceJson(found: GeneratorTrace): Json {
  return {
    generator: found.generator,
    title: found.title,
    strength: found.strength,
    scope: found.scope,
    carrier: found.carrier,
    software: found.software ?? null,
    model: found.model ?? null,
    prompt: found.prompt ?? null,
    negativePrompt: found.negativePrompt ?? null,
    seed: found.seed ?? null,
    parameters: { ...found.parameters },
  };
}
