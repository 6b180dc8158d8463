/**
 * The one door to mediabunny (containers, in TypeScript) and its optional companion @mediabunny/server (codecs, native
 * code around an FFmpeg built with GPL parts: see NOTICE). Without the companion, containers can be read but nothing
 * compressed can be decoded.
 */
import type * as Mediabunny from 'mediabunny';

export type {
  AudioCodec,
  AudioSample,
  EncodedPacket,
  Input,
  InputAudioTrack,
  InputTrack,
  InputVideoTrack,
  OutputFormat,
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
    quietly(mediabunny, () => registerMediabunnyServer({ hardwareContext: null }));
  } catch (cause) {
    codecsMissing = cause ?? true;
  }
  return { mediabunny, codecsMissing };
}

interface Decodes {
  decode(packet: unknown): Promise<void>;
  readonly onError?: (error: unknown) => void;
}

/**
 * Runs `register` and makes the decoders it registers report damaged data through `onError` instead of rejecting.
 * mediabunny 1.61 queues `close` behind `decode` and catches the rejection of the second only, so that one damaged
 * packet would end the process as an unhandled rejection. The classes are not exported; they show themselves where
 * mediabunny asks what they derive from.
 */
function quietly(mediabunny: typeof Mediabunny, register: () => void): void {
  const bases = [mediabunny.CustomVideoDecoder, mediabunny.CustomAudioDecoder];
  for (const base of bases) {
    Object.defineProperty(base, Symbol.hasInstance, {
      configurable: true,
      value(this: { prototype: object }, candidate: unknown) {
        const derived = Object.prototype.isPrototypeOf.call(this.prototype, candidate as object);
        if (derived && Object.hasOwn(candidate as object, 'decode')) reportingErrors(candidate as Decodes);
        return derived;
      },
    });
  }
  try {
    register();
  } finally {
    for (const base of bases) Reflect.deleteProperty(base, Symbol.hasInstance);
  }
}

function reportingErrors(prototype: Decodes): void {
  const { decode } = prototype;
  prototype.decode = async function (this: Decodes, packet) {
    try {
      await decode.call(this, packet);
    } catch (error) {
      this.onError?.(error);
    }
  };
}
