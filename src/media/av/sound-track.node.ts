/** The samples of a container's sound track, a part of the recording at a time. */
import type { Stretch } from '../../core/sound.ts';
import { decoderMissing, unknownCodec } from '../failures.ts';
import { type Container, unreadable } from './container.node.ts';
import { av, type InputAudioTrack } from './mediabunny.node.ts';
import { withTimeout } from './patience.ts';

export interface SoundTrack {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** Seconds. */
  readonly duration: number;
  /** Bits a second, where the container tells or enough of it was seen. */
  readonly bitRate?: number;
  /**
   * What there is between two times, in seconds: one stretch of at most two channels, or null where nothing could be
   * decoded. `damaged` is true when decoding broke off before its end.
   */
  read(from: number, to: number): Promise<{ readonly stretch: Stretch | null; readonly damaged: boolean }>;
}

/** A decoder that was given damaged data may never answer; so many milliseconds without a sample end it. */
const STALL_MS = 10_000;

/**
 * The first sound track of `container`, ready to be decoded. Throws HuoyanError `component-missing` where the codecs are
 * not installed, `unsupported-format` where they do not know this one, `corrupt`.
 */
export async function soundTrack(container: Container, track: InputAudioTrack): Promise<SoundTrack> {
  try {
    const codec = (await track.getCodec()) ?? String(await track.getInternalCodecId());
    if (!(await track.canDecode())) {
      throw container.codecsMissing === undefined
        ? unknownCodec(codec)
        : decoderMissing(codec.toUpperCase(), container.codecsMissing);
    }
    const [sampleRate, channels, first, duration] = await Promise.all([
      track.getSampleRate(),
      track.getNumberOfChannels(),
      track.getFirstTimestamp(),
      track.computeDuration(),
    ]);
    const stats = await track.computePacketStats(200).catch(() => null);
    return {
      codec,
      sampleRate,
      channels,
      duration: Math.max(0, duration - Math.max(0, first)),
      ...(stats && Number.isFinite(stats.averageBitrate) && { bitRate: Math.round(stats.averageBitrate) }),
      read: (from, to) => readPart(track, Math.max(0, first), sampleRate, from, to),
    };
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

async function readPart(track: InputAudioTrack, first: number, rate: number, from: number, to: number) {
  const { mediabunny } = await av();
  const samples = new mediabunny.AudioSampleSink(track).samples(first + from, first + to);
  const frames = Math.max(0, Math.ceil((to - from) * rate));
  let channels: Float32Array[] = [];
  let filled = 0;
  let damaged = false;
  try {
    while (filled < frames) {
      const next = await withTimeout(samples.next(), STALL_MS);
      if (next.done) break;
      const sample = next.value;
      try {
        if (channels.length === 0) {
          const count = Math.min(2, sample.numberOfChannels);
          channels = Array.from({ length: count }, () => new Float32Array(frames));
        }
        // A stretch begins at its time: what the decoder delivers before it is left out.
        const skip = Math.max(0, Math.round((first + from - sample.timestamp) * rate));
        const count = Math.min(frames - filled, sample.numberOfFrames - (filled === 0 ? skip : 0));
        if (count <= 0) continue;
        const offset = filled === 0 ? skip : 0;
        for (let c = 0; c < channels.length; c++) {
          const planeIndex = Math.min(c, sample.numberOfChannels - 1);
          const wanted = {
            planeIndex,
            format: 'f32-planar',
            frameOffset: offset,
            frameCount: count,
          } as const;
          sample.copyTo(channels[c].subarray(filled, filled + count), wanted);
        }
        filled += count;
      } finally {
        sample.close();
      }
    }
  } catch {
    damaged = true;
  } finally {
    // Not waited for: a decoder that hangs would hang here as well.
    samples.return().catch(() => {});
  }
  if (filled === 0) return { stretch: null, damaged };
  const held = channels.map((c) => tamed(filled === frames ? c : c.subarray(0, filled)));
  return { stretch: { start: from, channels: held }, damaged };
}

/** What is no number becomes silence, and nothing exceeds ±8. */
function tamed(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i];
    if (!(v >= -8 && v <= 8)) samples[i] = Number.isNaN(v) ? 0 : Math.max(-8, Math.min(8, v));
  }
  return samples;
}
