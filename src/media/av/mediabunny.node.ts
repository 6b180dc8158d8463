/**
 * The one door to mediabunny (containers, in TypeScript) and its optional companion @mediabunny/server (codecs, native
 * code around an FFmpeg built with GPL parts: see NOTICE). Without the companion, containers can be read but nothing
 * compressed can be decoded.
 */
import type * as Mediabunny from 'mediabunny';

export type {
  AudioCodec,
  AudioSample,
  Input,
  InputAudioTrack,
  InputTrack,
  InputVideoTrack,
  VideoSample,
} from 'mediabunny';

export interface Av {
  readonly mediabunny: typeof Mediabunny;
  /** Why there are no native codecs; undefined when there are. */
  readonly codecsMissing: unknown;
}

let loaded: Promise<Av> | undefined;

/** Loads both once; the codecs as far as they are installed. */
export function av(): Promise<Av> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Av> {
  const mediabunny = await import('mediabunny');
  let codecsMissing: unknown;
  try {
    const { registerMediabunnyServer } = await import('@mediabunny/server');
    registerMediabunnyServer({ hardwareContext: null });
  } catch (cause) {
    codecsMissing = cause ?? true;
  }
  return { mediabunny, codecsMissing };
}
