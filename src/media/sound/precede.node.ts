/**
 * A sound put in front of a recording. An uncompressed WAV gets the samples inserted and keeps its own to the bit; what
 * is compressed is decoded and encoded again with its own codec, and loses its tags.
 */
import { openContainer, unreadable } from '../av/container.node.ts';
import { av } from '../av/mediabunny.node.ts';
import { withTimeout } from '../av/patience.ts';
import { corrupt, decoderMissing, unknownCodec, unsupported } from '../failures.ts';
import { fileOf } from '../random-access.node.ts';
import { sniff } from '../sniff.ts';
import { toALaw, toMuLaw } from './g711.ts';
import { plainLayout } from './plain.ts';
import type { PlainLayout } from './samples.ts';

/** Makes the sound at a sampling rate: one channel, -1..1. */
export type MakeSound = (sampleRate: number) => Float32Array;

const STALL_MS = 20_000;
const LEAST_RATE = 96_000;
const MOST_RATE = 320_000;

/**
 * The file with `make`'s sound before it, in every channel. Throws HuoyanError `unsupported-format`, `corrupt`,
 * `component-missing`, `timeout`.
 */
export async function preceded(bytes: Uint8Array, make: MakeSound): Promise<Uint8Array> {
  const found = sniff(bytes);
  if (found.status === 'audio' && found.format === 'wav') {
    const layout = await plainLayout('wav', fileOf(bytes));
    if (layout) return inserted(bytes, layout, make(layout.sampleRate));
  }
  return reencoded(bytes, make);
}

/** One sample as a plain file has it. */
function write(
  view: DataView,
  at: number,
  value: number,
  { coding, bits, littleEndian: le }: PlainLayout,
): void {
  if (coding === 'mulaw') view.setUint8(at, toMuLaw(value));
  else if (coding === 'alaw') view.setUint8(at, toALaw(value));
  else if (coding === 'uint') view.setUint8(at, Math.round(value * 127) + 128);
  else if (coding === 'float') {
    if (bits === 32) view.setFloat32(at, value, le);
    else view.setFloat64(at, value, le);
  } else if (bits === 8) view.setInt8(at, Math.round(value * 127));
  else if (bits === 16) view.setInt16(at, Math.round(value * 32_767), le);
  else if (bits === 32) view.setInt32(at, Math.round(value * 2_147_483_647), le);
  else {
    const whole = Math.round(value * 8_388_607);
    const bytes = [whole & 255, (whole >> 8) & 255, (whole >> 16) & 255];
    for (const [i, byte] of (le ? bytes : bytes.reverse()).entries()) view.setUint8(at + i, byte);
  }
}

/** RIFF only: RF64 counts its lengths elsewhere, and a file cut short has none that are right. */
function inserted(bytes: Uint8Array, layout: PlainLayout, sound: Float32Array): Uint8Array {
  const riff = bytes[0] === 0x52 && bytes[1] === 0x49;
  if (!riff || layout.truncated) {
    throw riff
      ? corrupt({ en: 'it ends before its header says', zh: '文件在头部所述结尾之前中断' })
      : unsupported(
          {
            en: 'a WAV of the large kind (RF64) cannot take a sound in front',
            zh: '无法在大型 WAV（RF64）前加入声音',
          },
          { en: 'save it as an ordinary WAV', zh: '请另存为普通 WAV' },
        );
  }
  const width = layout.bits / 8;
  const added = new Uint8Array(sound.length * layout.channels * width);
  const view = new DataView(added.buffer);
  for (let i = 0, at = 0; i < sound.length; i++) {
    for (let c = 0; c < layout.channels; c++, at += width) write(view, at, sound[i], layout);
  }
  // An odd number of bytes would need padding where the samples end.
  const grown = (added.length & 1) === 0 ? added : added.subarray(0, added.length - layout.channels * width);
  const out = new Uint8Array(bytes.length + grown.length);
  out.set(bytes.subarray(0, layout.offset));
  out.set(grown, layout.offset);
  out.set(bytes.subarray(layout.offset), layout.offset + grown.length);
  const whole = new DataView(out.buffer);
  const longer = (at: number, by: number) => whole.setUint32(at, whole.getUint32(at, true) + by, true);
  longer(4, grown.length);
  longer(layout.offset - 4, grown.length);
  for (let at = 12; at + 12 <= layout.offset; at += 8 + ((whole.getUint32(at + 4, true) + 1) & ~1)) {
    const fact = whole.getUint32(at, false) === 0x66616374;
    if (fact) longer(at + 8, grown.length / (layout.channels * width));
  }
  return out;
}

const FORMATS = {
  mp3: 'Mp3OutputFormat',
  flac: 'FlacOutputFormat',
  vorbis: 'OggOutputFormat',
  opus: 'OggOutputFormat',
  aac: 'Mp4OutputFormat',
} as const;
type Codec = keyof typeof FORMATS;
const isCodec = (codec: string): codec is Codec => Object.hasOwn(FORMATS, codec);

async function reencoded(bytes: Uint8Array, make: MakeSound): Promise<Uint8Array> {
  const { mediabunny: mb, codecsMissing } = await av();
  const container = await openContainer(fileOf(bytes));
  try {
    const track = container.audio;
    if (!track || container.video)
      throw unsupported(NO_SOUND, { en: 'give a sound file', zh: '请给出声音文件' });
    const codec = (await track.getCodec()) ?? String((await track.getInternalCodecId()) ?? '?');
    if (codecsMissing !== undefined) throw decoderMissing(codec.toUpperCase(), codecsMissing);
    if (!isCodec(codec) || !(await track.canDecode())) throw unknownCodec(codec);
    const stats = await track.computePacketStats(200).catch(() => null);
    const bitrate = Math.round(Math.min(MOST_RATE, Math.max(LEAST_RATE, stats?.averageBitrate ?? 0)));
    const target = new mb.BufferTarget();
    const output = new mb.Output({ format: new mb[FORMATS[codec]](), target });
    const source = new mb.AudioSampleSource({ codec, bitrate });
    output.addAudioTrack(source);
    await output.start();
    const samples = new mb.AudioSampleSink(track).samples();
    let shift: number | null = null;
    try {
      for (;;) {
        const { done, value: sample } = await withTimeout(samples.next(), STALL_MS);
        if (done) break;
        try {
          const { numberOfChannels, sampleRate, numberOfFrames, timestamp } = sample;
          const add = async (data: Float32Array, at: number) => {
            // An encoder takes one layout of samples, from the first to the last.
            const written = new mb.AudioSample({
              ...{ data, format: 'f32', numberOfChannels, sampleRate, timestamp: at },
            });
            await source.add(written);
            written.close();
          };
          if (shift === null) {
            const tone = make(sampleRate);
            const data = new Float32Array(tone.length * numberOfChannels);
            for (let i = 0; i < data.length; i++) data[i] = tone[Math.floor(i / numberOfChannels)];
            await add(data, 0);
            shift = tone.length / sampleRate - timestamp;
          }
          const data = new Float32Array(numberOfFrames * numberOfChannels);
          sample.copyTo(data, { planeIndex: 0, format: 'f32' });
          await add(data, timestamp + shift);
        } finally {
          sample.close();
        }
      }
    } finally {
      samples.return().catch(() => {});
    }
    if (shift === null) throw corrupt({ en: 'none of its sound can be decoded', zh: '其中的声音均无法解码' });
    await output.finalize();
    if (!target.buffer) throw corrupt({ en: 'nothing was encoded', zh: '未编码任何内容' });
    return new Uint8Array(target.buffer);
  } catch (thrown) {
    throw unreadable(thrown);
  } finally {
    container.close();
  }
}

const NO_SOUND = { en: 'this is no sound file', zh: '这不是声音文件' };
