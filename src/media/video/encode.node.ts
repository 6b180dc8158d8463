/** Pictures as a clip, where the native codecs are installed: for tests, and for training both classes through one coding. */
import { HuoyanError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { unreadable } from '../av/container.node.ts';
import { av } from '../av/mediabunny.node.ts';
import { decoderMissing } from '../failures.ts';

export interface EncodeClipOptions {
  readonly container?: 'mp4' | 'webm' | 'mkv';
  readonly codec?: 'avc' | 'vp9' | 'vp8' | 'av1' | 'hevc';
  /** Bits a second. */
  readonly bitRate: number;
  /** Degrees clockwise by which players turn it; default 0. */
  readonly rotation?: 0 | 90 | 180 | 270;
  /** One channel of sound beside it. */
  readonly sound?: { readonly samples: Float32Array; readonly sampleRate: number };
}

/** A picture and how long it is shown, in seconds. */
export interface TimedPicture {
  readonly pixels: RgbImage;
  readonly seconds: number;
}

/**
 * The pictures, all of one even size, one after the other. Throws HuoyanError `component-missing` where the codecs are
 * not installed, `bad-argument` for no pictures at all.
 */
export async function encodeClip(
  pictures: Iterable<TimedPicture> | AsyncIterable<TimedPicture>,
  options: EncodeClipOptions,
): Promise<Uint8Array> {
  const { mediabunny: mb, codecsMissing } = await av();
  const { container = 'mp4', codec = 'avc', bitRate, rotation = 0, sound } = options;
  if (codecsMissing !== undefined) throw decoderMissing(codec.toUpperCase(), codecsMissing);
  const formats = { mp4: mb.Mp4OutputFormat, webm: mb.WebMOutputFormat, mkv: mb.MkvOutputFormat };
  const target = new mb.BufferTarget();
  const output = new mb.Output({ format: new formats[container](), target });
  const source = new mb.VideoSampleSource({ codec, bitrate: bitRate });
  output.addVideoTrack(source, { rotation });
  const audio =
    sound && new mb.AudioSampleSource({ codec: container === 'webm' ? 'opus' : 'aac', bitrate: 64_000 });
  if (audio) output.addAudioTrack(audio);
  let time = 0;
  try {
    await output.start();
    for await (const { pixels, seconds } of pictures) {
      const sample = new mb.VideoSample(withAlpha(pixels), {
        format: 'RGBA',
        codedWidth: pixels.width,
        codedHeight: pixels.height,
        timestamp: time,
        duration: seconds,
      });
      await source.add(sample);
      sample.close();
      time += seconds;
    }
    if (audio && sound) {
      const { samples, sampleRate } = sound;
      const sample = new mb.AudioSample({
        ...{ data: samples, format: 'f32', numberOfChannels: 1, sampleRate, timestamp: 0 },
      });
      await audio.add(sample);
      sample.close();
    }
    await output.finalize();
  } catch (thrown) {
    throw unreadable(thrown);
  }
  if (time === 0 || !target.buffer) {
    throw new HuoyanError(
      'bad-argument',
      { en: 'a clip needs at least one picture', zh: '视频至少需要一帧画面' },
      { en: 'give one', zh: '请提供画面' },
    );
  }
  return new Uint8Array(target.buffer);
}

function withAlpha({ width, height, data }: RgbImage): Uint8Array {
  const out = new Uint8Array(width * height * 4);
  for (let i = 0, j = 0; i < data.length; i += 3, j += 4) {
    out[j] = data[i];
    out[j + 1] = data[i + 1];
    out[j + 2] = data[i + 2];
    out[j + 3] = 255;
  }
  return out;
}
