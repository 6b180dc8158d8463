/**
 * One still picture from its bytes: recognised by content, checked against the limits before anything is decoded, decoded
 * once, and described. Who decodes (libvips, a browser) is told, so that both say the same of a file.
 */
import { HuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { ImageFormat, ImageMedia } from '../core/media.ts';
import { decodeBmp } from './bmp.ts';
import { describe, readBlocks } from './describe.ts';
import { corrupt, emptyFile, noPicture, tooLarge, tooManyPixels, unsupported } from './failures.ts';
import { STRUCTURE_READERS } from './formats.ts';
import { readCoefficients } from './jpeg/coefficients.ts';
import { estimateDoubleCompression } from './jpeg/history.ts';
import { type ReadLimits, withDefaults } from './limits.ts';
import { sniff } from './sniff.ts';
import { type Findings, readStructure } from './structure.ts';

export interface DecodeOptions {
  readonly maxPixels?: number;
  readonly timeoutMs?: number;
  /** Take what can be decoded from a damaged file (the rest is grey or black) instead of failing. */
  readonly tolerant?: boolean;
  /** The embedded profile is sRGB in all but name: leave the numbers alone rather than rounding them once more. */
  readonly ignoreIcc?: boolean;
}

export interface Decoded {
  readonly image: RgbImage;
  /** Some pixel was not opaque; it was laid on white. */
  readonly transparent: boolean;
}

/** What reading a picture needs of the place where it happens. */
export interface Decoder {
  /**
   * Decodes a file of `format` to an upright 8-bit sRGB picture: EXIF orientation and ICC profile applied, CMYK and grey
   * converted, 16 bits reduced to 8, alpha laid on white, first frame only. Throws HuoyanError `corrupt`, `timeout`,
   * `unsupported-format` or `too-many-pixels`.
   */
  decode(
    bytes: Uint8Array,
    format: ImageFormat,
    options: DecodeOptions & { readonly findings: Findings },
  ): Promise<Decoded>;
  /** Lower-case hexadecimal SHA-256. */
  sha256(bytes: Uint8Array): string | Promise<string>;
}

/**
 * The picture in `bytes`; `name` is only carried along. Throws HuoyanError `empty`, `too-large`,
 * `too-many-pixels` (from the header, before decoding), `unsupported-format`, `corrupt` or `timeout`.
 */
export async function readPicture(
  bytes: Uint8Array,
  name: string,
  decoder: Decoder,
  limits?: Partial<ReadLimits>,
): Promise<ImageMedia> {
  const within = withDefaults(limits);
  if (bytes.length === 0) throw emptyFile(name);
  if (bytes.length > within.maxBytes) throw tooLarge(name, bytes.length, within.maxBytes);
  const sniffed = sniff(bytes);
  if (sniffed.status === 'unsupported') throw unsupported(sniffed.what, sniffed.hint);
  if (sniffed.status !== 'image') throw noPicture(sniffed.name);
  const { format } = sniffed;
  const findings = readStructure(STRUCTURE_READERS[format], bytes, within);
  const { header } = findings;
  if (header.width * header.height > within.maxPixels) throw tooManyPixels(within.maxPixels, header);
  const reading = readBlocks(findings);
  // Pixels are decoded in a thread of their own; meanwhile this one reads what the container says.
  const decoding = decodeFile(decoder, format, bytes, findings, {
    maxPixels: within.maxPixels,
    timeoutMs: within.timeoutMs,
    ignoreIcc: reading.profileIsSrgb,
  });
  decoding.catch(() => {});
  const sha256 = await decoder.sha256(bytes);
  if (findings.jpeg) {
    const doubleCompression = estimateDoubleCompression(bytes);
    if (doubleCompression) findings.jpeg = { ...findings.jpeg, doubleCompression };
  }
  const { image: pixels, transparent } = await decoding;
  const container = await describe(format, bytes.length, findings, reading, { ...pixels, transparent });
  return { kind: 'image', name, bytes, sha256, pixels, container };
}

/** At least this share of a damaged picture must be there for it to be analysed, with a warning. */
const ENOUGH = 0.9;

/** Pixels of a file; of a JPEG or BMP that is cut or damaged near its end, with a warning. */
async function decodeFile(
  { decode }: Decoder,
  format: ImageFormat,
  bytes: Uint8Array,
  findings: Findings,
  options: DecodeOptions,
): Promise<Decoded> {
  if (format === 'bmp') {
    const { image, coverage, transparent } = decodeBmp(bytes);
    if (coverage < 1) warnOfDamage(findings, coverage);
    return { image, transparent };
  }
  try {
    const decoded = await decode(bytes, format, { ...options, findings });
    if (findings.truncated) {
      findings.warn({
        en: 'the file ends before its format says it should; the picture itself is complete',
        zh: '文件在格式规定的结尾之前中断；图像本身完整',
      });
    }
    return decoded;
  } catch (thrown) {
    if (format !== 'jpeg' || !(thrown instanceof HuoyanError) || thrown.code !== 'corrupt') throw thrown;
    const found = readCoefficients(bytes, { timeoutMs: options.timeoutMs });
    if (found.status !== 'read' || !found.complete) throw thrown;
    if (found.coverage < ENOUGH) {
      const percent = Math.floor(found.coverage * 100);
      throw corrupt(
        { en: `only ${percent} % of the picture data is there`, zh: `仅存在 ${percent}% 的图像数据` },
        thrown,
      );
    }
    const decoded = await decode(bytes, format, { ...options, findings, tolerant: true });
    warnOfDamage(findings, found.coverage);
    return decoded;
  }
}

function warnOfDamage(findings: Findings, coverage: number): void {
  const percent = Math.min(99, Math.floor(coverage * 100));
  findings.warn({
    en: `the file is damaged: about ${percent} % of the picture data could be decoded, the rest is filled in`,
    zh: `文件已损坏：约 ${percent}% 的图像数据可解码，其余部分为填充`,
  });
}
