/**
 * The pictures of a video, decoded when asked for (an hour costs no more memory than a minute), with the time stamps the
 * container states: a variable frame rate is a fact, not an error. Damaged stretches are skipped, and what was skipped
 * is counted.
 */
import { HuoyanError } from '../../core/errors.ts';
import type { Clip, Frame, Packet } from '../../core/media.ts';
import { oneAhead } from '../../core/one-ahead.ts';
import type { Container } from '../av/container.node.ts';
import { unreadable } from '../av/container.node.ts';
import { av, type InputVideoTrack, type VideoSample } from '../av/mediabunny.node.ts';
import { withTimeout } from '../av/patience.ts';
import { corrupt, decoderMissing, timedOut, tooManyPixels, unknownCodec } from '../failures.ts';
import type { ReadLimits } from '../limits.ts';
import { pixelsOf } from './pixels.node.ts';

/** A decoder that was given damaged data may never answer: so many milliseconds without a frame end it. */
const STALL_MS = 6000;
/** After so many failures in a row the rest of a clip is given up. */
const MOST_FAILURES = 4;
/** A time that is a time stamp, rounded, is still that frame. */
const HAIR = 1e-4;
/** Packets looked at to tell frame rate and bit rate. */
const STATS_PACKETS = 300;
/** A clip that claims to last longer than a week is not believed. */
const LONGEST_SECONDS = 7 * 24 * 3600;

export interface OpenClip extends Clip {
  readonly codec: string;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Bits a second of the video track, where enough of it was seen. */
  readonly bitRate?: number;
  /** Decoding failed so often in all. */
  damage(): number;
}

/**
 * Opens the video track of `container` and decodes one frame, so that a clip that is handed out can be looked at.
 * Throws HuoyanError `component-missing`, `unsupported-format`, `too-many-pixels`, `corrupt`, `timeout`.
 */
export async function openClip(
  container: Container,
  track: InputVideoTrack,
  limits: ReadLimits,
): Promise<OpenClip> {
  try {
    const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? 'unknown');
    if (!(await track.canDecode())) {
      throw container.codecsMissing === undefined
        ? unknownCodec(codec)
        : decoderMissing(codec.toUpperCase(), container.codecsMissing);
    }
    const [codedWidth, codedHeight, rotation, first, end] = await Promise.all([
      track.getCodedWidth(),
      track.getCodedHeight(),
      track.getRotation(),
      track.getFirstTimestamp(),
      track.computeDuration(),
    ]);
    if (codedWidth * codedHeight > limits.maxPixels)
      throw tooManyPixels(limits.maxPixels, { width: codedWidth, height: codedHeight });
    const duration = end - first;
    if (!(duration > 0 && duration < LONGEST_SECONDS))
      throw corrupt({ en: 'its video has no frames', zh: '其中的视频没有任何画面' });
    const stats = await track.computePacketStats(STATS_PACKETS).catch(() => null);
    const rate = stats && Number.isFinite(stats.averagePacketRate) ? stats.averagePacketRate : 0;
    const clip = new TrackClip(track, first, duration, codec, rotation, rate, stats?.averageBitrate);
    await clip.open();
    return clip;
  } catch (thrown) {
    throw unreadable(thrown);
  }
}

class TrackClip implements OpenClip {
  width = 0;
  height = 0;
  readonly bitRate?: number;
  #damage = 0;
  #hung = false;

  constructor(
    private readonly track: InputVideoTrack,
    private readonly first: number,
    readonly duration: number,
    readonly codec: string,
    readonly rotation: 0 | 90 | 180 | 270,
    readonly frameRate: number,
    bitRate: number | undefined,
  ) {
    if (bitRate !== undefined && Number.isFinite(bitRate)) this.bitRate = Math.round(bitRate);
  }

  damage(): number {
    return this.#damage;
  }

  /** Decodes the first frame that can be; its size is that of the clip. */
  async open(): Promise<void> {
    for (const part of [0, 0.25, 0.5]) {
      for await (const { pixels } of this.frames({ times: [part * this.duration] })) {
        this.width = pixels.width;
        this.height = pixels.height;
        return;
      }
    }
    if (this.#hung) throw timedOut(STALL_MS);
    throw corrupt({ en: 'none of its pictures can be decoded', zh: '其中的画面均无法解码' });
  }

  async keyTimes(times: readonly number[]): Promise<number[]> {
    const { mediabunny } = await av();
    const sink = new mediabunny.EncodedPacketSink(this.track);
    const found = new Set<number>();
    for (const time of times) {
      const packet = await sink.getKeyPacket(this.first + time).catch(() => null);
      if (packet) found.add(Math.max(0, packet.timestamp - this.first));
    }
    return [...found].sort((a, b) => a - b);
  }

  async packets(most: number): Promise<Packet[]> {
    const { mediabunny } = await av();
    const sink = new mediabunny.EncodedPacketSink(this.track);
    const packets: Packet[] = [];
    try {
      let packet = await sink.getFirstPacket({ metadataOnly: true });
      while (packet && packets.length < most) {
        const { timestamp, duration, byteLength, type } = packet;
        packets.push({
          time: timestamp - this.first,
          seconds: duration,
          bytes: byteLength,
          key: type === 'key',
        });
        packet = await sink.getNextPacket(packet, { metadataOnly: true });
      }
    } catch {
      // A damaged index ends the list.
    }
    return packets;
  }

  frames(
    which: { readonly times: readonly number[] } | { readonly budget: number },
    options: { readonly longestSide?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<Frame> {
    return oneAhead(this.#decoded(which, options));
  }

  async *#decoded(
    which: { readonly times: readonly number[] } | { readonly budget: number },
    options: { readonly longestSide?: number; readonly signal?: AbortSignal },
  ): AsyncGenerator<Frame> {
    const times =
      'times' in which
        ? which.times
        : Array.from(
            { length: Math.max(1, Math.floor(which.budget)) },
            (_, i, n = Math.max(1, Math.floor(which.budget))) => (this.duration * (i + 0.5)) / n,
          );
    let failures = 0;
    if (this.#hung) return;
    for (const group of await this.#groups(times)) {
      let at = 0;
      while (at < group.length && failures < MOST_FAILURES) {
        try {
          for await (const { sample, next } of this.#shownAt(group, at, options.signal)) {
            at = next;
            failures = 0;
            yield await this.#frame(sample, options.longestSide);
          }
          break;
        } catch (thrown) {
          if (options.signal?.aborted) throw thrown;
          // One that does not answer once will not answer again.
          this.#hung ||= thrown instanceof HuoyanError && thrown.code === 'timeout';
          if (this.#hung) return;
          // What broke the decoder is left out, and a fresh decoder takes up behind it.
          failures++;
          this.#damage++;
          at++;
        }
      }
    }
  }

  /** Times that one key frame leads to, together: between groups the decoder jumps. */
  async #groups(times: readonly number[]): Promise<number[][]> {
    const { mediabunny } = await av();
    const sink = new mediabunny.EncodedPacketSink(this.track);
    const groups: number[][] = [];
    let before = Number.NaN;
    for (const time of times) {
      const key = await sink.getKeyPacket(this.first + time).catch(() => null);
      const from = key?.timestamp ?? Number.NEGATIVE_INFINITY;
      if (groups.length > 0 && from === before) groups[groups.length - 1].push(time);
      else groups.push([time]);
      before = from;
    }
    return groups;
  }

  /**
   * The samples shown at `times` from index `from` on, each once, with the index of the first time behind it. Closed by
   * whoever takes them. (Decoded in one go: mediabunny's own access by times loses VP9 with hidden frames.)
   */
  async *#shownAt(times: readonly number[], from: number, signal?: AbortSignal) {
    const { mediabunny } = await av();
    const sink = new mediabunny.VideoSampleSink(this.track);
    const last = this.first + times[times.length - 1] + HAIR;
    const samples = sink.samples(this.first + times[from], last + HAIR);
    let held: VideoSample | null = null;
    let at = from;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { done, value } = await withTimeout(samples.next(), STALL_MS);
        const shown = held;
        if (shown) {
          const until = done ? Number.POSITIVE_INFINITY : value.timestamp;
          const before = at;
          while (at < times.length && this.first + times[at] + HAIR < until) at++;
          // Whoever takes one may stop there: the next is closed then.
          held = done ? null : value;
          if (at > before) yield { sample: shown, next: at };
          else shown.close();
        } else if (!done) held = value;
        if (done) return;
      }
    } finally {
      held?.close();
      // Not waited for: a decoder that hangs would hang here as well.
      samples.return().catch(() => {});
    }
  }

  async #frame(sample: VideoSample, longestSide?: number): Promise<Frame> {
    try {
      return {
        time: Math.max(0, sample.timestamp - this.first),
        pixels: await pixelsOf(sample, longestSide),
      };
    } finally {
      sample.close();
    }
  }
}
