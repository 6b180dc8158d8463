/**
 * A video written anew with its frames changed: decoded one after the other, handed over as planes of 4:2:0, encoded
 * again while the next one is being changed. Sound is copied packet by packet and stays the same to the bit; time stamps,
 * rotation, the shape of pixels and the meaning of colours are kept. Tags, subtitles and further video tracks are not.
 */
import { rename, rm } from 'node:fs/promises';
import { HuoyanError } from '../../core/errors.ts';
import type { RandomAccess } from '../../core/media.ts';
import { type Container, openContainer, unreadable } from '../av/container.node.ts';
import { av, type InputVideoTrack, type VideoSample } from '../av/mediabunny.node.ts';
import { withTimeout } from '../av/patience.ts';
import { soundCopy } from '../av/sound-copy.node.ts';
import {
  corrupt,
  decoderMissing,
  fromFileSystem,
  tooManyPixels,
  unknownCodec,
  unsupported,
} from '../failures.ts';
import { type ReadLimits, withDefaults } from '../limits.ts';
import { type I420, toI420 } from './i420.ts';
import { noVideo } from './open.node.ts';
import { outputShapeOf } from './output-shape.ts';

/** What is known of a video before its first frame. */
export interface AboutVideo {
  /** As coded, before rotation; even. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise by which players turn it. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly durationSeconds: number;
}

/** One frame, to be changed in place. */
export interface OpenFrame {
  /** Seconds from the first frame. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** `width * height`, row by row; black is 16, white 235. */
  readonly luma: Uint8Array;
  /** U, then V: a quarter of that each. */
  readonly chroma: Uint8Array;
  /** Was it coded by itself? Known only where the editor asked for it (`keys`). */
  readonly key: boolean;
}

export interface RewriteOptions {
  /** Bits a second of the video; by default as many as an even quality takes. */
  readonly bitRate?: number;
  /** That quality, as H.264's constant quantizer (0..51, less is better); default 22. */
  readonly quantizer?: (about: AboutVideo) => number;
  /** Takes the encoder that needs less space for the same look and some five times as long. */
  readonly careful?: boolean;
  /** Tells the editor which frames were coded by themselves, and has them so coded again. */
  readonly keys?: boolean;
  readonly limits?: Partial<ReadLimits>;
  /** Seconds that are written, of all. */
  readonly onProgress?: (seconds: number, of: number) => void;
  readonly signal?: AbortSignal;
}

export interface Rewritten extends AboutVideo {
  readonly frames: number;
  readonly codec: 'avc' | 'vp9';
}

/** A decoder or encoder that was given damaged data may never answer. */
const STALL_MS = 20_000;
/** Sound is written so many seconds ahead of the picture. */
const AHEAD = 0.5;
const QUANTIZER = 22;
/** VP9's scale has 64 steps where H.264's has 52. */
const VP9_STEPS = 64 / 52;
/** A decoder that ends so many seconds before the video does has met damage. */
const SHORT = 0.75;

/**
 * Writes `file` with every frame changed by what `begin` returns to `to` (`.mp4`, `.m4v`, `.mov`, `.mkv`: H.264; `.webm`:
 * VP9), which is there when the promise resolves and untouched otherwise. Time is linear in its frames, memory constant.
 * Throws HuoyanError `component-missing`, `unsupported-format`, `too-many-pixels`, `corrupt`, `timeout`, `bad-argument`.
 */
export async function rewriteVideo(
  file: RandomAccess,
  to: string,
  begin: (about: AboutVideo) => (frame: OpenFrame) => void,
  options: RewriteOptions = {},
): Promise<Rewritten> {
  const { mediabunny: mb, codecsMissing } = await av();
  const shape = outputShapeOf(to);
  if (codecsMissing !== undefined) throw encoderMissing(codecsMissing);
  const container = await openContainer(file);
  const partial = `${to}.${process.pid}.partial`;
  let output: InstanceType<typeof mb.Output> | undefined;
  try {
    const track = container.video;
    if (!track) throw noVideo();
    const about = await aboutOf(container, track, withDefaults(options.limits));
    const format = new mb[shape.format]();
    const sounds = await soundCopy(container, format);
    if (!(await mb.canEncodeVideo(shape.codec, about))) throw encoderMissing(shape.codec);
    const first = await track.getFirstTimestamp();
    const keys = options.keys ? await keysOf(track) : null;
    // What is written is limited, whatever was read (see `planesOf`).
    const colorSpace = { ...(await track.getColorSpace()), fullRange: false };
    // A container counts from zero: where a track begins before that, all are moved alike.
    const shift = Math.max(0, -Math.min(first, sounds.first));
    const step = options.quantizer?.(about) ?? QUANTIZER;
    const quantizer = Math.round(shape.codec === 'vp9' ? step * VP9_STEPS : step);
    const source = new mb.VideoSampleSource({
      codec: shape.codec,
      quality: new mb.Quality(options.bitRate === undefined ? { quantizer } : { bitrate: options.bitRate }),
      latencyMode: options.careful ? 'quality' : 'realtime',
      onEncodedPacket: (_, meta) => {
        // The encoder does not hand on what the colours mean.
        if (meta?.decoderConfig) Object.assign(meta.decoderConfig, { colorSpace });
      },
    });
    output = new mb.Output({ format, target: new mb.FilePathTarget(partial) });
    output.addVideoTrack(source, { rotation: about.rotation, languageCode: await track.getLanguageCode() });
    for (const { source: sound, languageCode } of sounds.sources)
      output.addAudioTrack(sound, { languageCode });
    await output.start();
    const edit = begin(about);
    const samples = new mb.VideoSampleSink(track).samples();
    const shapeOfPixels = {
      displayWidth: await track.getSquarePixelWidth(),
      displayHeight: await track.getSquarePixelHeight(),
    };
    let frames = 0;
    let end = first;
    try {
      for (;;) {
        options.signal?.throwIfAborted();
        const { done, value: sample } = await withTimeout(samples.next(), STALL_MS);
        if (done) break;
        const { timestamp, duration } = sample;
        const key = keys?.has(stamp(timestamp)) ?? false;
        let changed: InstanceType<typeof mb.VideoSample>;
        try {
          const { width, height, data } = await planesOf(sample);
          if (width !== about.width || height !== about.height) throw sizeChanges();
          const luma = data.subarray(0, width * height);
          const chroma = data.subarray(width * height);
          edit({ time: Math.max(0, timestamp - first), width, height, luma, chroma, key });
          changed = new mb.VideoSample(data, {
            ...{ format: 'I420', codedWidth: width, codedHeight: height, colorSpace },
            ...{ timestamp: timestamp + shift, duration, ...shapeOfPixels },
          });
        } finally {
          sample.close();
        }
        await sounds.write(timestamp + shift + AHEAD, shift);
        await withTimeout(source.add(changed, key ? { keyFrame: true } : {}), STALL_MS);
        changed.close();
        frames++;
        end = timestamp + duration;
        options.onProgress?.(Math.max(0, timestamp - first), about.durationSeconds);
      }
    } finally {
      // Not waited for: a decoder that hangs would hang here as well.
      samples.return().catch(() => {});
    }
    if (frames === 0)
      throw corrupt({ en: 'none of its pictures can be decoded', zh: '其中的画面均无法解码' });
    if (first + about.durationSeconds - end > SHORT) throw breaksOff(end - first, about.durationSeconds);
    source.close();
    await sounds.write(Number.POSITIVE_INFINITY, shift);
    await output.finalize();
    output = undefined;
    await rename(partial, to);
    return { ...about, frames, codec: shape.codec };
  } catch (thrown) {
    await output?.cancel().catch(() => {});
    await rm(partial, { force: true }).catch(() => {});
    if (options.signal?.aborted) throw thrown;
    const errno = thrown instanceof Error && 'code' in thrown && 'syscall' in thrown;
    throw errno ? fromFileSystem(to, thrown) : unreadable(thrown);
  } finally {
    container.close();
  }
}

function encoderMissing(cause: unknown): HuoyanError {
  return new HuoyanError(
    'component-missing',
    {
      en: 'encoding video needs the optional package @mediabunny/server, which is not installed or cannot encode here',
      zh: '编码视频需要可选软件包 @mediabunny/server，目前未安装或在此无法编码',
    },
    {
      en: 'npm install mediabunny @mediabunny/server',
      zh: '运行 npm install mediabunny @mediabunny/server',
    },
    { cause },
  );
}

function sizeChanges(): HuoyanError {
  return unsupported(
    { en: 'its frames change their size on the way', zh: '其画面尺寸中途改变' },
    { en: 'export it anew with one size', zh: '请以固定尺寸重新导出' },
  );
}

function breaksOff(seconds: number, of: number): HuoyanError {
  const [at, whole] = [seconds.toFixed(1), of.toFixed(1)];
  return corrupt({
    en: `its pictures end at ${at} of ${whole} seconds`,
    zh: `画面在第 ${at} 秒中断，全长 ${whole} 秒`,
  });
}

async function aboutOf(
  container: Container,
  track: InputVideoTrack,
  limits: ReadLimits,
): Promise<AboutVideo> {
  const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? 'unknown');
  if (!(await track.canDecode())) {
    throw container.codecsMissing === undefined
      ? unknownCodec(codec)
      : decoderMissing(codec.toUpperCase(), container.codecsMissing);
  }
  const [width, height, rotation, first, end] = await Promise.all([
    track.getCodedWidth(),
    track.getCodedHeight(),
    track.getRotation(),
    track.getFirstTimestamp(),
    track.computeDuration(),
  ]);
  if (width * height > limits.maxPixels) throw tooManyPixels(limits.maxPixels, { width, height });
  return { width: width & ~1, height: height & ~1, rotation, durationSeconds: Math.max(0, end - first) };
}

/** 16..235 for 0..255, and 16..240 of chroma. */
const LIMITED = Uint8Array.from({ length: 256 }, (_, i) => Math.round(16 + (i * 219) / 255));
const LIMITED_CHROMA = Uint8Array.from({ length: 256 }, (_, i) => Math.round(128 + ((i - 128) * 224) / 255));

/** A decoded frame as planes of limited range: the encoder does not write down that a range is full. */
async function planesOf(sample: VideoSample): Promise<I420> {
  const layout = sample.format === null ? ({ format: 'RGBA' } as const) : {};
  const bytes = new Uint8Array(sample.allocationSize(layout));
  await sample.copyTo(bytes, layout);
  const planes = toI420(sample.format ?? 'RGBA', sample.codedWidth, sample.codedHeight, bytes);
  if (sample.format !== null && sample.colorSpace.fullRange) {
    const { data, width, height } = planes;
    for (let i = 0; i < data.length; i++) data[i] = (i < width * height ? LIMITED : LIMITED_CHROMA)[data[i]];
  }
  return planes;
}

/** A time as the decoder repeats it. */
const stamp = (seconds: number) => Math.round(seconds * 1e6);

async function keysOf(track: InputVideoTrack): Promise<Set<number>> {
  const { mediabunny: mb } = await av();
  const keys = new Set<number>();
  for await (const packet of new mb.EncodedPacketSink(track).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    if (packet.type === 'key') keys.add(stamp(packet.timestamp));
  }
  return keys;
}
