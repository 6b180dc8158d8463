/** `huoyan protect watermark embed|read`: a mark in the pixels of a picture or video, and what their marks say. */
import { psnr } from '../../core/fidelity.ts';
import { DEFAULT_LIMITS, readImageFile } from '../../media/index.node.ts';
import { kindOfFile } from '../../media/kind.node.ts';
import { openFile } from '../../media/random-access.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { checkRoom, embed, embedCalmly } from '../../protect/watermark/embed.ts';
import { embedVideo, type MarkedFrames } from '../../protect/watermark/embed-video.node.ts';
import { openLearnedMark } from '../../protect/watermark/learned.ts';
import { bitsOfHex, hexOfBits, hexOfPayload } from '../../protect/watermark/payload.ts';
import { type ReadOptions, read } from '../../protect/watermark/read.ts';
import { readVideo } from '../../protect/watermark/read-video.node.ts';
import {
  clipReadingRecord,
  FAST_ROADS,
  type ReadingRecord,
  readingRecord,
} from '../../protect/watermark/record.ts';
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
  /** Of a picture: by the rule alone, also where that is seen. */
  readonly strong?: boolean;
  /** Of a video: which frames; by default all. */
  readonly frames?: MarkedFrames;
  /** Of a video: kilobits a second. */
  readonly bitRate?: number;
  /** Of a video: the slower encoder. */
  readonly slow?: boolean;
}

/** Marks `path` and returns the exit code. */
export async function watermarkEmbed(path: string, flags: WatermarkEmbedFlags, io: Console): Promise<number> {
  checkKey(flags.key);
  const hex = messageOf(flags);
  const message = bitsOfHex(hex);
  const options = { key: flags.key, message };
  if ((await kindOfFile(path)) === 'video') {
    if (flags.strong) {
      throw usageError(
        { en: '--strong is for pictures', zh: '--strong 仅用于图片' },
        { en: 'leave it out for a video', zh: '处理视频时请去掉该选项' },
      );
    }
    const file = await openFile(path, DEFAULT_LIMITS.maxStreamedBytes);
    try {
      const { frames, marked } = await embedVideo(file, flags.out, {
        ...options,
        ...(flags.frames !== undefined && { frames: flags.frames }),
        ...(flags.bitRate !== undefined && { bitRate: flags.bitRate * 1000 }),
        careful: flags.slow === true,
        onProgress: (seconds, of) => {
          const [at, whole] = [seconds.toFixed(0), of.toFixed(0)];
          io.status(() => ({ en: `${at} of ${whole} s marked`, zh: `已处理 ${at}/${whole} 秒` }));
        },
      });
      io.note({
        en: `${marked} of ${frames} frames marked with ${hexOfBits(message)}: ${flags.out}`,
        zh: `已在 ${frames} 帧中的 ${marked} 帧嵌入 ${hexOfBits(message)}：${flags.out}`,
      });
    } finally {
      await file.close();
    }
    return EXIT.ok;
  }
  if (flags.frames !== undefined || flags.bitRate !== undefined || flags.slow) {
    throw usageError(
      {
        en: '--frames, --bit-rate and --slow are for video',
        zh: '--frames、--bit-rate 与 --slow 仅用于视频',
      },
      { en: 'leave them out for a picture', zh: '处理图片时请去掉这些选项' },
    );
  }
  const { pixels } = await readImageFile(path);
  const encodeAs = encoderFor(flags.out);
  checkRoom(pixels.width, pixels.height);
  const models = openModels();
  const marked = flags.strong
    ? embed(pixels, options)
    : await embedCalmly(pixels, options, openLearnedMark(models)).finally(() => models.close());
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
  const models = openModels();
  const learned = openLearnedMark(models);
  const record = await recordOf(path, {
    ...{ key: flags.key, learned },
    ...(flags.fast && { roads: FAST_ROADS }),
  }).finally(() => models.close());
  if (flags.json) await io.write(`${JSON.stringify(record, null, 2)}\n`);
  else await io.write(`${io.say(sentence(record))}\n`);
  return EXIT.ok;
}

async function recordOf(
  path: string,
  options: ReadOptions,
): Promise<ReadingRecord & { readonly second?: number | null }> {
  if ((await kindOfFile(path)) !== 'video') {
    return readingRecord(await read((await readImageFile(path)).pixels, options));
  }
  const file = await openFile(path, DEFAULT_LIMITS.maxStreamedBytes);
  try {
    return clipReadingRecord(await readVideo(file, options));
  } finally {
    await file.close();
  }
}

function sentence(record: ReadingRecord & { readonly second?: number | null }) {
  const { found, message, bitErrorsCorrected, payload, second } = record;
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
  const at =
    typeof second === 'number'
      ? { en: `, read at ${second.toFixed(1)} s`, zh: `，读取于第 ${second.toFixed(1)} 秒` }
      : { en: '', zh: '' };
  return {
    en: `mark ${message}${says.en}, ${bitErrorsCorrected} of 416 code bits corrected${at.en}`,
    zh: `水印 ${message}${says.zh}，416 个码位中纠正 ${bitErrorsCorrected} 个${at.zh}`,
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
