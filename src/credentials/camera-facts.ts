/** What the camera readers share: named facts, and typed access to EXIF values of any shape. */
import type { Json } from '../core/json.ts';
import type { Text } from '../core/text.ts';

export type CameraFactKind = 'supports' | 'contradicts' | 'edited' | 'stripped' | 'neutral';

export interface CameraFact {
  /** Stable name, part of the public record. */
  readonly name: string;
  readonly kind: CameraFactKind;
  readonly text: Text;
}

/** Tags by name, as the container states them. */
export type Exif = Readonly<Record<string, Json>>;

/** The first of these tags that is a number, or text that is one. */
export function num(exif: Exif, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = exif[key];
    const first = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'number' && Number.isFinite(first)) return first;
    if (typeof first === 'string' && /^\s*-?\d{1,12}(?:\.\d{1,12})?\s*$/.test(first)) return Number(first);
  }
  return undefined;
}

/** A tag's text, trimmed and cut at 200 characters; undefined when blank. */
export function str(exif: Exif, key: string): string | undefined {
  const value = exif[key];
  const text = typeof value === 'string' ? value.replaceAll('\0', ' ').trim() : '';
  return text ? text.slice(0, 200) : undefined;
}

/** One fact with its words. */
export function fact(name: string, kind: CameraFactKind, en: string, zh: string): CameraFact {
  return { name, kind, text: { en, zh } };
}
