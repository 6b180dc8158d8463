/** Uncompressed sample encodings as floats -1..1: what WAV, AIFF and AU have in common. */
import { fromALaw, fromMuLaw } from './g711.ts';

/** `int` is two's complement except for 8-bit WAV, which is `uint`. */
export type SampleCoding = 'int' | 'uint' | 'float' | 'mulaw' | 'alaw';

/** Where the samples of a plain sound file stand, and how they are written. */
export interface PlainLayout {
  readonly format: 'wav' | 'aiff' | 'au';
  readonly coding: SampleCoding;
  readonly bits: 8 | 16 | 24 | 32 | 64;
  readonly littleEndian: boolean;
  readonly sampleRate: number;
  readonly channels: number;
  /** First byte of the samples, and how many bytes they take as far as they are there. */
  readonly offset: number;
  readonly length: number;
  /** The file ends before its header says. */
  readonly truncated: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

type Reader = (view: DataView, offset: number) => number;

const READERS: Readonly<Record<SampleCoding, (bits: number, le: boolean) => Reader | undefined>> = {
  mulaw: () => (view, at) => fromMuLaw(view.getUint8(at)),
  alaw: () => (view, at) => fromALaw(view.getUint8(at)),
  uint: () => (view, at) => (view.getUint8(at) - 128) / 128,
  float: (bits, le) =>
    bits === 32
      ? (view, at) => view.getFloat32(at, le)
      : bits === 64
        ? (view, at) => view.getFloat64(at, le)
        : undefined,
  int: (bits, le) => {
    if (bits === 8) return (view, at) => view.getInt8(at) / 128;
    if (bits === 16) return (view, at) => view.getInt16(at, le) / 32_768;
    if (bits === 24) {
      return le
        ? (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 8_388_608
        : (view, at) => (view.getInt16(at, false) * 256 + view.getUint8(at + 2)) / 8_388_608;
    }
    if (bits === 32) return (view, at) => view.getInt32(at, le) / 2_147_483_648;
    return undefined;
  },
};

/** Whether this encoding can be read at all. */
export function readable(coding: SampleCoding, bits: number): boolean {
  const eight = coding === 'mulaw' || coding === 'alaw' || coding === 'uint';
  return eight ? bits === 8 : READERS[coding](bits, true) !== undefined;
}

/**
 * The first two channels of the frames in `bytes` (whole frames of `layout`). What is no number becomes silence, and
 * floats are kept within ±8, so that nothing a file says can spoil a sum.
 */
export function decodeFrames(bytes: Uint8Array, layout: PlainLayout): Float32Array[] {
  const { coding, bits, littleEndian, channels } = layout;
  const read = READERS[coding](bits, littleEndian) as Reader;
  const width = bits / 8;
  const frames = Math.floor(bytes.length / (width * channels));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.min(2, channels) }, (_, channel) => {
    const out = new Float32Array(frames);
    for (let i = 0; i < frames; i++) {
      const value = read(view, (i * channels + channel) * width);
      out[i] = Number.isNaN(value) ? 0 : Math.max(-8, Math.min(8, value));
    }
    return out;
  });
}
