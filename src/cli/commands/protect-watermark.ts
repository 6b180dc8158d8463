/** `huoyan protect watermark embed|read`: a mark in the pixels of a picture, and what a picture's mark says. */
import { psnr } from '../../core/fidelity.ts';
import { readImageFile } from '../../media/index.node.ts';
import { embed, tilePx } from '../../protect/watermark/embed.ts';
import { bitsOfHex, hexOfBits, hexOfPayload } from '../../protect/watermark/payload.ts';
import { read } from '../../protect/watermark/read.ts';
import { FAST_ROADS, type ReadingRecord, readingRecord } from '../../protect/watermark/record.ts';
import type { Console } from '../console.ts';
import { EXIT } from '../exit.ts';
import { usageError } from '../failure.ts';
import { encoderFor } from '../picture-file.ts';
import { writeBytes } from '../write-bytes.ts';

export interface WatermarkEmbedFlags {
  readonly out: string;
  readonly key: string;
  readonly message?: string;
  readonly time?: string;
  readonly place?: number;
  readonly device?: number;
}

/** Marks `path` and returns the exit code. */
export async function watermarkEmbed(path: string, flags: WatermarkEmbedFlags, io: Console): Promise<number> {
  checkKey(flags.key);
  const encodeAs = encoderFor(flags.out);
  const hex = messageOf(flags);
  const message = bitsOfHex(hex);
  const { pixels } = await readImageFile(path);
  const tile = tilePx(pixels.width, pixels.height);
  if (Math.min(pixels.width, pixels.height) < tile) {
    throw usageError(
      {
        en: `${pixels.width}x${pixels.height} is too small for a mark`,
        zh: `${pixels.width}x${pixels.height} 过小，无法嵌入水印`,
      },
      { en: `each side needs at least ${tile} pixels`, zh: `每边至少需要 ${tile} 像素` },
    );
  }
  const marked = embed(pixels, { key: flags.key, message });
  await writeBytes(flags.out, await encodeAs(marked));
  const quality = psnr(pixels, marked).toFixed(1);
  io.note({
    en: `marked with ${hexOfBits(message)} (PSNR ${quality} dB before the file was compressed): ${flags.out}`,
    zh: `已嵌入 ${hexOfBits(message)}（压缩前 PSNR ${quality} dB）：${flags.out}`,
  });
  return EXIT.ok;
}

export interface WatermarkReadFlags {
  readonly key: string;
  readonly json?: boolean;
  /** Without the search for tilted and photographed marks. */
  readonly fast?: boolean;
}

/** Reads the mark of `path` and returns the exit code: a picture without one is an answer, not a failure. */
export async function watermarkRead(path: string, flags: WatermarkReadFlags, io: Console): Promise<number> {
  checkKey(flags.key);
  const { pixels } = await readImageFile(path);
  const reading = read(pixels, { key: flags.key, ...(flags.fast ? { roads: FAST_ROADS } : {}) });
  const record = readingRecord(reading);
  if (flags.json) await io.write(`${JSON.stringify(record, null, 2)}\n`);
  else await io.write(`${io.say(sentence(record))}\n`);
  return EXIT.ok;
}

function sentence({ found, message, bitErrorsCorrected, payload }: ReadingRecord) {
  if (!found) {
    return {
      en: 'no mark of this key was found; that does not prove that there never was one',
      zh: '未找到该密钥的水印；这不证明其从未存在',
    };
  }
  const says = payload
    ? {
        en: ` (${payload.time}, place ${payload.place}, device ${payload.device})`,
        zh: `（${payload.time}，地点 ${payload.place}，设备 ${payload.device}）`,
      }
    : { en: '', zh: '' };
  return {
    en: `mark ${message}${says.en}, ${bitErrorsCorrected} of 416 code bits corrected`,
    zh: `水印 ${message}${says.zh}，416 个码位中纠正 ${bitErrorsCorrected} 个`,
  };
}

function messageOf({ message, time, place, device }: WatermarkEmbedFlags): string {
  const described = time !== undefined || place !== undefined || device !== undefined;
  if ((message === undefined) === !described) {
    throw usageError(
      { en: 'give either a message or place and device', zh: '请给出信息，或地点与设备，二者择一' },
      {
        en: '--message HEX (1 to 16 digits), or --place N --device N [--time ISO]',
        zh: '--message HEX（1 至 16 位），或 --place N --device N [--time ISO]',
      },
    );
  }
  if (message !== undefined) return message;
  return hexOfPayload({ time: time ?? new Date().toISOString(), place: place ?? 0, device: device ?? 0 });
}

function checkKey(key: string): void {
  if (key.length > 0 && key.length <= 1024) return;
  throw usageError(
    { en: 'the key is empty or longer than 1024 characters', zh: '密钥为空或超过 1024 个字符' },
    { en: '--key K, a secret phrase of your own', zh: '--key K，自定的秘密短语' },
  );
}
