/**
 * One still picture from a path, from standard input or from bytes: recognised by content, checked against the
 * limits before anything is decoded, decoded once, and described. The door through which every picture enters.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { HuoyanError } from '../core/errors.ts';
import type { ImageFormat, ImageMedia } from '../core/media.ts';
import { decodeBmp } from './bmp.ts';
import { describe, readBlocks } from './describe.ts';
import {
  corrupt,
  emptyFile,
  fromFileSystem,
  noPicture,
  notAFile,
  tooLarge,
  tooManyPixels,
  unsupported,
} from './failures.ts';
import { STRUCTURE_READERS } from './formats.ts';
import { readCoefficients } from './jpeg/coefficients.ts';
import { estimateDoubleCompression } from './jpeg/history.ts';
import { type ReadLimits, withDefaults } from './limits.ts';
import { type Decoded, type DecodeOptions, decode } from './pixels.node.ts';
import { sniff } from './sniff.ts';
import { type Findings, readStructure } from './structure.ts';

/** Everything of a stream, or `too-large` as soon as the limit is passed. */
async function readStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of stream) {
    total += part.length;
    if (total > maxBytes) throw tooLarge(name, Number.POSITIVE_INFINITY, maxBytes);
    parts.push(part);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The bytes of the regular file `path`, or of standard input for `-`. Throws HuoyanError. */
export async function readBytes(path: string, limits?: Partial<ReadLimits>): Promise<Uint8Array> {
  const { maxBytes } = withDefaults(limits);
  if (path === '-') return readStream('-', process.stdin, maxBytes);
  try {
    // Looked at before it is opened: opening a named pipe would wait for a writer.
    if (!(await stat(path)).isFile()) throw notAFile(path);
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw tooLarge(path, size, maxBytes);
      const bytes = await file.readFile();
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw fromFileSystem(path, thrown);
  }
}

/**
 * The picture in the file `path` (`-` is standard input). Throws HuoyanError `not-found`, `permission-denied`,
 * `not-a-file` and whatever `readImage` throws.
 */
export async function readImageFile(path: string, limits?: Partial<ReadLimits>): Promise<ImageMedia> {
  return readImage(await readBytes(path, limits), path, limits);
}

/**
 * The picture in `bytes`; `name` is only carried along. Throws HuoyanError `empty`, `too-large`,
 * `too-many-pixels` (from the header, before decoding), `unsupported-format`, `corrupt` or `timeout`.
 */
export async function readImage(
  bytes: Uint8Array,
  name: string,
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
  const decoding = decodeFile(format, bytes, findings, {
    maxPixels: within.maxPixels,
    timeoutMs: within.timeoutMs,
    ignoreIcc: reading.profileIsSrgb,
  });
  decoding.catch(() => {});
  const sha256 = createHash('sha256').update(bytes).digest('hex');
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
    const decoded = await decode(bytes, options);
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
    const decoded = await decode(bytes, { ...options, tolerant: true });
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
