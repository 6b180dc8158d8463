/** Sound encoded as messengers and archives do, where the native codecs are installed. */
import { decoderMissing } from '../failures.ts';
import { unreadable } from './container.node.ts';
import { av } from './mediabunny.node.ts';

export type SoundCodec = 'mp3' | 'aac' | 'opus' | 'vorbis' | 'flac';

/** Whether anything can be encoded here. */
export async function canEncode(): Promise<boolean> {
  return (await av()).codecsMissing === undefined;
}

/**
 * One channel of `samples` as a file: MP3, AAC in MP4, Opus or Vorbis in Ogg, FLAC. `bitRate` in bits a second (FLAC has
 * none). Throws HuoyanError `component-missing` where the codecs are not installed.
 */
export async function encodeSound(
  samples: Float32Array,
  sampleRate: number,
  codec: SoundCodec,
  bitRate: number,
): Promise<Uint8Array> {
  const { mediabunny: mb, codecsMissing } = await av();
  if (codecsMissing !== undefined) throw decoderMissing(codec.toUpperCase(), codecsMissing);
  const format =
    codec === 'mp3'
      ? new mb.Mp3OutputFormat()
      : codec === 'aac'
        ? new mb.Mp4OutputFormat()
        : codec === 'flac'
          ? new mb.FlacOutputFormat()
          : new mb.OggOutputFormat();
  try {
    const target = new mb.BufferTarget();
    const output = new mb.Output({ format, target });
    const source = new mb.AudioSampleSource({ codec, bitrate: bitRate });
    output.addAudioTrack(source);
    await output.start();
    const sample = new mb.AudioSample({
      data: samples,
      format: 'f32',
      numberOfChannels: 1,
      sampleRate,
      timestamp: 0,
    });
    await source.add(sample);
    sample.close();
    await output.finalize();
    if (!target.buffer) throw new Error('nothing was encoded');
    return new Uint8Array(target.buffer);
  } catch (thrown) {
    throw unreadable(thrown);
  }
}
