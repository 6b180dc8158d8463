/** zlib with a ceiling: a few hundred bytes of zTXt can expand to gigabytes, so nothing is inflated without a bound. */
import { inflateSync } from 'node:zlib';

export type Inflated = { readonly data: Uint8Array } | { readonly problem: 'too-large' | 'broken' };

/** The zlib stream `bytes` expanded to at most `maxBytes`. */
export function inflateBounded(bytes: Uint8Array, maxBytes: number): Inflated {
  try {
    return { data: inflateSync(bytes, { maxOutputLength: Math.max(1, maxBytes) }) };
  } catch (thrown) {
    const tooLarge = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
    return { problem: tooLarge ? 'too-large' : 'broken' };
  }
}
