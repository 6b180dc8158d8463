/**
 * What happens to a voice between the one who speaks and the one who listens, as named, repeatable steps: the verdict's
 * stability ladder and the benchmarks travel the same roads.
 */
import { resample } from '../../core/resample.ts';
import { mono, type Sound, type Stretch } from '../../core/sound.ts';
import { openContainer } from '../av/container.node.ts';
import { canEncode, encodeSound, type SoundCodec } from '../av/encode.node.ts';
import { soundTrack } from '../av/sound-track.node.ts';
import { corrupt } from '../failures.ts';
import { fileOf } from '../random-access.node.ts';
import { throughMobileCall } from './celp.ts';
import { throughTelephone } from './telephone.ts';

export type SoundReshipping = 'telephone' | 'mobile' | 'mp3' | 'opus' | 'aac';

interface Step {
  readonly needsEncoder: boolean;
  apply(
    samples: Float32Array,
    rate: number,
  ): Promise<{ readonly samples: Float32Array; readonly rate: number }>;
}

const STEPS: Readonly<Record<SoundReshipping, Step>> = {
  /** G.711 µ-law, 300 to 3,400 Hz. */
  telephone: { needsEncoder: false, apply: async (samples, rate) => throughTelephone(samples, rate) },
  /** A mobile call: AMR-like, as at 7.4 kbit/s. */
  mobile: { needsEncoder: false, apply: async (samples, rate) => throughMobileCall(samples, rate) },
  /** 32 kbit/s. */
  mp3: coded('mp3', 32_000),
  /** 12 kbit/s, as a messenger's voice note at its worst. */
  opus: coded('opus', 12_000),
  /** 24 kbit/s. */
  aac: coded('aac', 24_000),
};

/** The steps that can be taken here, mildest first: those of `wanted` whose encoder is installed. */
export async function soundReshippings(wanted: readonly SoundReshipping[]): Promise<SoundReshipping[]> {
  const encoders = await canEncode();
  return wanted.filter((step) => encoders || !STEPS[step].needsEncoder);
}

/** The sound that arrives after `step`: one channel, the same stretches. Deterministic. */
export async function reshipSound(sound: Sound, step: SoundReshipping): Promise<Sound> {
  const stretches: Stretch[] = [];
  let sampleRate = sound.sampleRate;
  for (const stretch of sound.stretches) {
    const { samples, rate } = await STEPS[step].apply(mono(stretch), sound.sampleRate);
    stretches.push({ start: stretch.start, channels: [samples] });
    sampleRate = rate;
  }
  return { ...sound, sampleRate, channels: 1, stretches };
}

function coded(codec: SoundCodec, bitRate: number): Step {
  return { needsEncoder: true, apply: (samples, rate) => throughCodec(samples, rate, codec, bitRate) };
}

/** Rates every encoder here takes; others are brought to the nearest above, or to the highest. */
const CODED_RATES = [16_000, 24_000, 32_000, 44_100, 48_000] as const;

/** Encoded and decoded again; as many samples a second as the decoder gives. */
export async function throughCodec(samples: Float32Array, rate: number, codec: SoundCodec, bitRate: number) {
  // Voice at these bit rates is sent with a narrow band anyway.
  const sent = codec === 'opus' ? 48_000 : (CODED_RATES.find((r) => r >= Math.min(rate, 16_000)) ?? 16_000);
  const bytes = await encodeSound(resample(samples, rate, sent), sent, codec, bitRate);
  const container = await openContainer(fileOf(bytes));
  try {
    if (!container.audio) throw corrupt({ en: 'nothing was encoded', zh: '未编码任何内容' });
    const track = await soundTrack(container, container.audio);
    const { stretch } = await track.read(0, track.duration);
    if (!stretch) throw corrupt({ en: 'nothing was encoded', zh: '未编码任何内容' });
    return { samples: mono(stretch), rate: track.sampleRate };
  } finally {
    container.close();
  }
}
