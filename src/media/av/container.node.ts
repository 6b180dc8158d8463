/** A sound or video container, opened: its tracks, its tags, and how to let go of it. */

import { HuoyanError } from '../../core/errors.ts';
import type { RandomAccess } from '../../core/media.ts';
import { corrupt, noTracks } from '../failures.ts';
import { type Av, av, type Input, type InputAudioTrack, type InputVideoTrack } from './mediabunny.node.ts';

export interface Container {
  readonly mime: string;
  readonly video: InputVideoTrack | null;
  readonly audio: InputAudioTrack | null;
  /** Every sound track, `audio` among them. */
  readonly sounds: readonly InputAudioTrack[];
  /** Tracks of every kind, as the container counts them. */
  readonly tracks: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The native codecs' absence, for the error that names them; undefined when they are there. */
  readonly codecsMissing: unknown;
  close(): void;
}

/** Most tags kept, and the most characters of one. */
const MOST_TAGS = 64;
const LONGEST_TAG = 2000;

/** Opens `file`. Throws HuoyanError `corrupt`, or `unsupported-format` where there is nothing to play. */
export async function openContainer(file: RandomAccess): Promise<Container> {
  const { mediabunny, codecsMissing } = await av();
  const { Input, CustomSource, ALL_FORMATS } = mediabunny;
  const source = new CustomSource({
    getSize: () => file.size,
    read: (start, end) => file.slice(start, end),
    prefetchProfile: 'fileSystem',
  });
  const input = new Input({ source, formats: ALL_FORMATS });
  try {
    const [video, audio, sounds, tracks] = await Promise.all([
      input.getPrimaryVideoTrack(),
      input.getPrimaryAudioTrack(),
      input.getAudioTracks(),
      input.getTracks(),
    ]);
    if (!video && !audio) throw noTracks();
    if (audio?.codec === 'flac') await refuseWithoutFrames(mediabunny, audio);
    return {
      mime: await input.getMimeType().catch(() => 'application/octet-stream'),
      video,
      audio,
      sounds,
      tracks: tracks.length,
      tags: await tagsOf(input),
      codecsMissing,
      close: () => input.dispose(),
    };
  } catch (thrown) {
    input.dispose();
    throw thrown instanceof HuoyanError ? thrown : unreadable(thrown);
  }
}

/**
 * A FLAC stream without one readable frame is searched for ever by mediabunny's `getPacket`, while the first packet is
 * looked for once. Throws HuoyanError `corrupt`.
 */
async function refuseWithoutFrames(mediabunny: Av['mediabunny'], audio: InputAudioTrack): Promise<void> {
  const first = audio.sampleRate > 0 && (await new mediabunny.EncodedPacketSink(audio).getFirstPacket());
  if (first) return;
  throw corrupt({ en: 'its sound has no readable frame', zh: '其声音中没有可读的帧' });
}

/** What mediabunny or a decoder throws, as ours. */
export function unreadable(thrown: unknown): HuoyanError {
  if (thrown instanceof HuoyanError) return thrown;
  const words = (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0].slice(0, 200);
  return corrupt(
    { en: `its tracks cannot be read (${words})`, zh: `无法读取其中的轨道（${words}）` },
    thrown,
  );
}

/** Every textual tag under the container's own name. */
async function tagsOf(input: Input): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  const add = (key: string, value: unknown) => {
    const text = value instanceof Date ? safeIso(value) : typeof value === 'string' ? value : null;
    if (text === null || text === '' || Object.keys(tags).length >= MOST_TAGS) return;
    tags[key.slice(0, 80)] = text.slice(0, LONGEST_TAG);
  };
  try {
    const { raw, ...named } = await input.getMetadataTags();
    for (const [key, value] of Object.entries(raw ?? {}))
      add(key, Array.isArray(value) ? value.join('; ') : value);
    if (Object.keys(tags).length === 0) for (const [key, value] of Object.entries(named)) add(key, value);
  } catch {
    // Tags are told where they can be read; a damaged one does not keep the sound from being heard.
  }
  return tags;
}

function safeIso(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
