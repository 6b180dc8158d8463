/**
 * One file format as a carrier of the implicit label: where the label goes, and where labels are found. Writers insert
 * bytes and correct lengths; coded pictures and sound are copied as they are.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import type { AigcLabel } from '../../credentials/aigc/label.ts';

/** A piece of text that may be a label. */
export interface FoundText {
  readonly carrier: string;
  readonly key: string;
  readonly value: string;
}

export interface Found {
  readonly texts: readonly FoundText[];
  /** XMP packets, as text, each with its carrier. */
  readonly xmp: readonly { readonly carrier: string; readonly source: string }[];
}

export interface LabelCarrier {
  /** As shown to the user: `PNG`, `MP4/MOV` … */
  readonly name: string;
  /** By content, from the first bytes. */
  recognises(bytes: Uint8Array): boolean;
  /** Throws HuoyanError `corrupt` or `unsupported-format`. */
  write(bytes: Uint8Array, label: AigcLabel): Uint8Array;
  /** Throws HuoyanError `corrupt`. */
  find(bytes: Uint8Array): Found;
}

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Bytes `from` to `to` as Latin-1; what lies beyond the end is left out. */
export function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < Math.min(to, bytes.length); i++) text += String.fromCharCode(bytes[i]);
  return text;
}

export function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function u32be(n: number): Uint8Array {
  return Uint8Array.of((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}

export function u32le(n: number): Uint8Array {
  return u32be(n).reverse();
}

/** `bytes` with `length` of them at `at` replaced by `by`. */
export function spliced(bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - length + by.length);
  out.set(bytes.subarray(0, at));
  out.set(by, at);
  out.set(bytes.subarray(at + length), at + by.length);
  return out;
}

export function damaged(format: string): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `this ${format} file is damaged`, zh: `该 ${format} 文件已损坏` },
    { en: 'fetch it again from its source', zh: '请从来源重新获取' },
  );
}

export function cannotCarry(why: Text): HuoyanError {
  return new HuoyanError('unsupported-format', why, {
    en: 'save it anew in a plainer form and label that, or label it where it is shown',
    zh: '请另存为更普通的形式后再标识，或在展示处标识',
  });
}
