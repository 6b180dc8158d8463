/** The ways in which a file refuses to become a picture, each with words for the person who gave it. */
import { type ErrorCode, HuoyanError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';

const megabytes = (bytes: number) => (bytes / 1048576).toFixed(bytes < 10_485_760 ? 1 : 0);

export function notFound(path: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'not-found',
    { en: `there is no file or folder "${path}"`, zh: `找不到文件或文件夹“${path}”` },
    { en: 'check the spelling of the path', zh: '请检查路径是否拼写正确' },
    { cause },
  );
}

export function permissionDenied(path: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'permission-denied',
    { en: `"${path}" may not be read`, zh: `没有读取“${path}”的权限` },
    {
      en: 'give this user permission to read it, or run as a user who may',
      zh: '请为当前用户授予读取权限，或换用有权限的用户运行',
    },
    { cause },
  );
}

export function notAFile(path: string): HuoyanError {
  return new HuoyanError(
    'not-a-file',
    {
      en: `"${path}" is not a regular file (a folder, device or pipe)`,
      zh: `“${path}”不是普通文件（可能是文件夹、设备或管道）`,
    },
    {
      en: 'give a file; a folder is read file by file by the commands that take folders',
      zh: '请指定文件；支持文件夹的命令会逐个读取其中的文件',
    },
  );
}

export function emptyFile(name: string): HuoyanError {
  return new HuoyanError(
    'empty',
    { en: `"${name}" is empty (0 bytes)`, zh: `“${name}”是空文件（0 字节）` },
    { en: 'the copy or download probably failed; fetch it again', zh: '可能是复制或下载失败，请重新获取' },
  );
}

/** `bytes` may be Infinity when the end of a stream was not reached. */
export function tooLarge(name: string, bytes: number, maxBytes: number): HuoyanError {
  const size = Number.isFinite(bytes) ? `${megabytes(bytes)} MiB` : `> ${megabytes(maxBytes)} MiB`;
  return new HuoyanError(
    'too-large',
    {
      en: `"${name}" is too large: ${size}, the limit is ${megabytes(maxBytes)} MiB`,
      zh: `“${name}”过大：${size}，上限为 ${megabytes(maxBytes)} MiB`,
    },
    { en: 'raise the byte limit if you trust the file', zh: '如果信任该文件，可提高字节数上限' },
  );
}

/** `size` is left out when only the decoder knows that it is too much. */
export function tooManyPixels(maxPixels: number, size?: { width: number; height: number }): HuoyanError {
  const limit = Math.round(maxPixels / 1e4);
  const what = size && { ...size, million: Math.round((size.width * size.height) / 1e6) };
  return new HuoyanError(
    'too-many-pixels',
    what
      ? {
          en: `the file declares ${what.width} x ${what.height} pixels (${what.million} million); the limit is ${limit / 100} million`,
          zh: `文件声明的尺寸为 ${what.width} x ${what.height} 像素（${what.million * 100} 万），上限为 ${limit} 万像素`,
        }
      : {
          en: `the picture has more pixels than the limit of ${limit / 100} million`,
          zh: `图片像素数超过上限 ${limit} 万`,
        },
    {
      en: 'raise the pixel limit if you trust the file, or analyse a crop',
      zh: '如果信任该文件，可提高像素上限，或裁剪后再分析',
    },
  );
}

/** Recognised, but not something this room can turn into a picture. */
export function unsupported(what: Text, hint: Text): HuoyanError {
  return new HuoyanError('unsupported-format', what, hint);
}

/** Readable, but not where a picture is wanted. `name` as in `sound (MP3)`. */
export function noPicture(name: string): HuoyanError {
  return unsupported(
    { en: `this is ${name}, and a picture is wanted here`, zh: `这是 ${name}，而此处需要图片` },
    { en: 'take a still picture from it and give that', zh: '请从中截取静态图片再使用' },
  );
}

/** A video or sound in which nothing can be played. */
export function noTracks(): HuoyanError {
  return unsupported(
    { en: 'the file holds neither video nor sound that can be played', zh: '文件中没有可播放的视频或声音' },
    { en: 'fetch the file again, or export it anew', zh: '请重新获取该文件，或重新导出' },
  );
}

/** Recognised, but decoding needs a package that is not installed. */
export function decoderMissing(what: string, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'component-missing',
    {
      en: `decoding ${what} needs the optional package @mediabunny/server, which is not installed`,
      zh: `解码 ${what} 需要可选软件包 @mediabunny/server，目前未安装`,
    },
    {
      en: 'npm install mediabunny @mediabunny/server; or convert the sound to WAV, which needs nothing',
      zh: '运行 npm install mediabunny @mediabunny/server；或将声音转换为 WAV（无需任何组件）',
    },
    { cause },
  );
}

/** A codec that the installed decoders do not know. */
export function unknownCodec(codec: string): HuoyanError {
  return unsupported(
    { en: `its codec (${codec}) cannot be decoded`, zh: `无法解码其编码格式（${codec}）` },
    {
      en: 'export it anew: sound as WAV or M4A, video as MP4 (H.264)',
      zh: '请重新导出：声音用 WAV 或 M4A，视频用 MP4（H.264）',
    },
  );
}

/** `what` says which part of the file is broken. */
export function corrupt(what: Text, cause?: unknown): HuoyanError {
  return new HuoyanError(
    'corrupt',
    { en: `the file is damaged: ${what.en}`, zh: `文件已损坏：${what.zh}` },
    {
      en: 'fetch the file again from its source; a cut-off download is the usual reason',
      zh: '请从来源重新获取该文件；下载中断是最常见的原因',
    },
    { cause },
  );
}

export function timedOut(milliseconds: number): HuoyanError {
  const seconds = (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0);
  return new HuoyanError(
    'timeout',
    { en: `decoding took longer than ${seconds} s`, zh: `解码超过 ${seconds} 秒仍未完成` },
    { en: 'raise the time limit if you trust the file', zh: '如果信任该文件，可提高时间上限' },
  );
}

const BY_ERRNO: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EISDIR: 'not-a-file',
};

/** A thrown file-system error as ours; anything unforeseen keeps its message and becomes `corrupt` (it could not be read). */
export function fromFileSystem(path: string, thrown: unknown): HuoyanError {
  if (thrown instanceof HuoyanError) return thrown;
  const errno = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const code = BY_ERRNO[errno];
  if (code === 'not-found') return notFound(path, thrown);
  if (code === 'permission-denied') return permissionDenied(path, thrown);
  if (code === 'not-a-file') return notAFile(path);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new HuoyanError(
    errno === 'ENAMETOOLONG' || errno === 'ELOOP' || message.includes('null bytes') ? 'not-found' : 'corrupt',
    { en: `"${path}" could not be read: ${message}`, zh: `无法读取“${path}”：${message}` },
    { en: 'check the disk and the path', zh: '请检查磁盘与路径' },
    { cause: thrown },
  );
}
