/**
 * What reading one file may cost. Every reader and decoder of this room takes these limits, because files come
 * from strangers: a few bytes may declare a picture that would fill the memory of a server.
 */

export interface ReadLimits {
  /** Largest file read, in bytes. */
  readonly maxBytes: number;
  /** Largest picture decoded, in pixels (width times height as declared by the header). */
  readonly maxPixels: number;
  /** Most frames, pages or directories walked; later ones are not counted (only the first frame is decoded). */
  readonly maxFrames: number;
  /** Wall-clock time for reading and decoding one file, in milliseconds. */
  readonly timeoutMs: number;
  /** Most text kept from one carrier, in UTF-16 units, after decompression. */
  readonly maxTextLength: number;
}

export const DEFAULT_LIMITS: ReadLimits = {
  maxBytes: 256 * 1024 * 1024,
  maxPixels: 120_000_000,
  maxFrames: 10_000,
  timeoutMs: 20_000,
  maxTextLength: 1 << 20,
};

/** `limits` with the defaults for everything it leaves out. */
export function withDefaults(limits: Partial<ReadLimits> | undefined): ReadLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}
