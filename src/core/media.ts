import type { RgbImage } from './image.ts';
import type { Json } from './json.ts';
import type { Sound } from './sound.ts';
import type { Text } from './text.ts';

/** What the `media` room makes of a file: pixels, samples or frames, and the facts its container states or betrays. */

export type MediaKind = 'image' | 'video' | 'audio';
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp';
export type VideoFormat = 'mp4' | 'quicktime' | 'webm' | 'matroska' | 'mpeg-ts';
/** What holds a sound: a format of its own, or one made for video without any video in it. */
export type SoundFormat = 'wav' | 'aiff' | 'au' | 'mp3' | 'flac' | 'ogg' | 'aac' | 'm4a' | VideoFormat;

/** A still picture, upright and in sRGB, with the bytes it came from. */
export interface ImageMedia {
  readonly kind: 'image';
  /** The name the user gave: a path, or `-` for standard input. Never used to guess the format. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly sha256: string;
  readonly pixels: RgbImage;
  readonly container: ContainerFacts;
}

/** A file too large to be held: read where it is needed. */
export interface RandomAccess {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `from` up to, not including, `to`, both within 0..size; fewer where the file was cut meanwhile. */
  slice(from: number, to: number): Promise<Uint8Array>;
  /** Lets go of the file; nothing may be read afterwards. */
  close(): Promise<void>;
}

/** A recording, decoded, with access to the bytes it came from. */
export interface AudioMedia {
  readonly kind: 'audio';
  /** As in {@link ImageMedia}. */
  readonly name: string;
  /** Open until the analysis ends. */
  readonly file: RandomAccess;
  readonly sha256: string;
  readonly sound: Sound;
  readonly container: SoundFacts;
}

/** One frame of a video, upright. */
export interface Frame {
  /** When it is shown, in seconds from the beginning. */
  readonly time: number;
  readonly pixels: RgbImage;
}

/** The pictures of a video, decoded when asked for, so that an hour of it costs no more memory than a minute. */
export interface Clip {
  /** Seconds. */
  readonly duration: number;
  /** As displayed, after rotation. */
  readonly width: number;
  readonly height: number;
  /** Mean frames a second. */
  readonly frameRate: number;
  /**
   * The frames shown at `times` (seconds, ascending), or `budget` of them at equal distances over the whole clip, one
   * after the other, each once, with the time stamp the container gives it. What cannot be decoded is left out.
   * `longestSide` has them shrunk by whole factors while they are decoded, to less than twice that.
   */
  frames(
    which: { readonly times: readonly number[] } | { readonly budget: number },
    options?: { readonly longestSide?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<Frame>;
  /**
   * The times of the key frames at or before `times`, ascending, none twice: what can be decoded without decoding what
   * comes before it.
   */
  keyTimes(times: readonly number[]): Promise<number[]>;
  /** The first `most` coded pictures, in the order of decoding. */
  packets(most: number): Promise<readonly Packet[]>;
}

/** One coded picture of a video. */
export interface Packet {
  /** When it is shown and for how long, in seconds. */
  readonly time: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Can it be decoded by itself? */
  readonly key: boolean;
}

/** A video: its pictures on demand, its sound track decoded where there is one. */
export interface VideoMedia {
  readonly kind: 'video';
  /** As in {@link ImageMedia}. */
  readonly name: string;
  /** Open until the analysis ends. */
  readonly file: RandomAccess;
  readonly sha256: string;
  readonly clip: Clip;
  readonly sound?: Sound;
  readonly container: VideoFacts;
}

export type Media = ImageMedia | AudioMedia | VideoMedia;
/** The media of some kinds: `MediaOf<'image'>` is {@link ImageMedia}. */
export type MediaOf<K extends MediaKind> = Extract<Media, { readonly kind: K }>;

/** One labelled piece of text found in the container, for instance a PNG tEXt chunk. */
export interface EmbeddedText {
  /** Where it stood: `png:tEXt`, `png:iTXt`, `png:zTXt`, `jpeg:COM`, `exif:UserComment`, `gif:comment` … */
  readonly carrier: string;
  readonly key: string;
  readonly value: string;
}

/** A marker segment, chunk, box or block, in file order. */
export interface Segment {
  /** The format's own name: `APP1:Exif`, `IHDR`, `VP8 `, `IFD0` … */
  readonly type: string;
  /** Byte offset of its first byte and its whole length. */
  readonly offset: number;
  readonly length: number;
}

export interface ContainerFacts {
  readonly format: ImageFormat;
  readonly mime: string;
  readonly bytes: number;
  /** Size as displayed, after orientation. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1..8 that was applied; 1 when none was stated. */
  readonly orientation: number;
  /** Number of frames or pages; the first one is analysed. */
  readonly frames: number;
  readonly bitDepth: number;
  readonly channels: number;
  readonly colourSpace: string;
  readonly hasAlpha: boolean;
  /** Description of the embedded ICC profile, when there is one. */
  readonly icc?: string;
  readonly segments: readonly Segment[];
  readonly text: readonly EmbeddedText[];
  /** EXIF tags by their standard names (Make, Model, DateTimeOriginal …), values as JSON. */
  readonly exif?: Readonly<Record<string, Json>>;
  /** IPTC-IIM fields by their standard names. */
  readonly iptc?: Readonly<Record<string, Json>>;
  /** The XMP packets as found, each as text. */
  readonly xmp: readonly string[];
  readonly thumbnail?: { readonly width: number; readonly height: number; readonly bytes: number };
  readonly jpeg?: JpegFacts;
  /** Bytes after the end of the picture that belong to no segment. */
  readonly trailingBytes: number;
  /** What was odd but did not prevent reading. */
  readonly warnings: readonly Text[];
}

export interface JpegFacts {
  readonly progressive: boolean;
  /** Quantisation tables by component, 64 values each in natural (row-major) order. */
  readonly quantisation: readonly (readonly number[])[];
  /** `4:4:4`, `4:2:2`, `4:2:0`, `4:4:0`, `4:1:1`, `grey` or `other`. */
  readonly subsampling: string;
  /** Quality 1..100 on the IJG scale whose tables come nearest, and how near (mean absolute difference; 0 = exactly). */
  readonly quality: number;
  readonly qualityDistance: number;
  /** Was it saved as JPEG before, with another table? Probability 0..1 and the likeliest earlier quality; absent when not examined. */
  readonly doubleCompression?: { readonly probability: number; readonly firstQuality?: number };
  readonly comment?: string;
}

/** What a sound file says about itself. */
export interface SoundFacts {
  readonly format: SoundFormat;
  readonly mime: string;
  /** Size of the file. */
  readonly bytes: number;
  readonly durationSeconds: number;
  readonly codec: string;
  readonly sampleRate: number;
  /** Channels stored; at most two are examined. */
  readonly channels: number;
  /** Of uncompressed samples; absent where the codec has none. */
  readonly bitDepth?: number;
  /** Bits a second of the sound, mean over the file. */
  readonly bitRate?: number;
  readonly tracks: number;
  /** Title, artist, comment, encoder and so on, by the names the container uses. */
  readonly tags: Readonly<Record<string, string>>;
  readonly warnings: readonly Text[];
}

/** What a video file says about itself. */
export interface VideoFacts {
  readonly format: VideoFormat;
  readonly mime: string;
  /** Size of the file. */
  readonly bytes: number;
  readonly durationSeconds: number;
  /** As displayed, after rotation. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise that were applied. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Mean frames a second. */
  readonly frameRate: number;
  readonly codec: string;
  /** Bits a second of the whole file. */
  readonly bitRate?: number;
  readonly audio?: { readonly codec: string; readonly sampleRate: number; readonly channels: number };
  readonly tracks: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly warnings: readonly Text[];
}
