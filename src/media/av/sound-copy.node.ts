/** Every sound track of a container carried over into another as it is, packet by packet. */
import { unsupported } from '../failures.ts';
import type { Container } from './container.node.ts';
import { av, type EncodedPacket, type InputAudioTrack, type OutputFormat } from './mediabunny.node.ts';

interface Feed {
  readonly track: InputAudioTrack;
  readonly source: { add(packet: EncodedPacket, meta?: object): Promise<void>; close(): void };
  packets?: AsyncGenerator<EncodedPacket, void>;
  /** Read and not yet written; null when there are no more. */
  held?: EncodedPacket | null;
}

/** Ready to be added to an output of `format`. Throws HuoyanError `unsupported-format` where that cannot hold a track. */
export async function soundCopy(container: Container, format: OutputFormat) {
  const { mediabunny: mb } = await av();
  const carried = format.getSupportedAudioCodecs();
  const feeds: Feed[] = [];
  const sources = [];
  for (const track of container.sounds) {
    const codec = await track.getCodec();
    if (codec === null || !carried.includes(codec)) {
      const name = codec ?? String((await track.getInternalCodecId()) ?? '?');
      throw unsupported(
        {
          en: `its sound (${name}) does not fit into this kind of file`,
          zh: `其声音（${name}）无法放入此类文件`,
        },
        { en: 'write .mkv, which holds nearly everything', zh: '请改写为 .mkv，几乎可容纳所有格式' },
      );
    }
    const source = new mb.EncodedAudioPacketSource(codec);
    feeds.push({ track, source });
    sources.push({ source, languageCode: await track.getLanguageCode() });
  }
  const starts = await Promise.all(feeds.map(({ track }) => track.getFirstTimestamp()));
  return {
    /** To be added to the output before it is started. */
    sources,
    /** When the earliest begins, in seconds; Infinity without any. */
    first: Math.min(Number.POSITIVE_INFINITY, ...starts),
    /** Writes what begins before `until`, from where it stopped, every time stamp later by `shift`. */
    async write(until: number, shift: number): Promise<void> {
      for (const feed of feeds) await writeFeed(feed, until, shift);
    },
  };
}

async function writeFeed(feed: Feed, until: number, shift: number): Promise<void> {
  const { mediabunny: mb } = await av();
  const { track, source } = feed;
  if (feed.held === null) return;
  feed.packets ??= new mb.EncodedPacketSink(track).packets();
  const decoderConfig = await track.getDecoderConfig();
  for (;;) {
    if (!feed.held) {
      const { done, value } = await feed.packets.next();
      feed.held = done ? null : value;
    }
    const packet = feed.held;
    if (!packet) return source.close();
    const timestamp = packet.timestamp + shift;
    if (timestamp > until) return;
    await source.add(
      shift === 0 ? packet : packet.clone({ timestamp }),
      decoderConfig ? { decoderConfig } : {},
    );
    feed.held = undefined;
  }
}
