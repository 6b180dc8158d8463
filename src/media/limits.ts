/**
 * What reading one file may cost. Every reader and decoder of this room takes these limits, because files come
 * from strangers: a few bytes may declare a picture that would fill the memory of a server.
 */

export interface ReadLimits {
  /** Largest file held in memory, in bytes: every picture, and whatever comes by standard input. */
  readonly maxBytes: number;
  /** Largest sound or video file, which is read where it is needed, in bytes. */
  readonly maxStreamedBytes: number;
  /** Most decoded samples of a sound that are held, all channels together (4 bytes each). */
  readonly maxSamples: number;
  /** Most seconds of a sound that are held; of a longer one, stretches spread over it. */
  readonly maxHeardSeconds: number;
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
  maxStreamedBytes: 8 * 1024 * 1024 * 1024,
  maxSamples: 32_000_000,
  maxHeardSeconds: 600,
  maxPixels: 120_000_000,
  maxFrames: 10_000,
  timeoutMs: 20_000,
  maxTextLength: 1 << 20,
};

/** `limits` with the defaults for everything it leaves out. */
export function withDefaults(limits: Partial<ReadLimits> | undefined): ReadLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}
