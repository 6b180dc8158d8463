import type { RgbImage } from './image.ts';
import type { Json } from './json.ts';
import type { Text } from './text.ts';

/** What the `media` room makes of a file: pixels, and the facts its container states or betrays. */

export type MediaKind = 'image' | 'video' | 'audio';
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff' | 'bmp';

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

export type Media = ImageMedia;

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
