/**
 * A sound file as samples: plain formats with nothing installed, compressed ones through the decoders. Of a recording
 * longer than the limits allow, stretches at equal distances are held, so that an hour costs no more than ten minutes.
 */
import type { AudioMedia, RandomAccess, SoundFacts, SoundFormat } from '../../core/media.ts';
import { type Sound, type Stretch, spread } from '../../core/sound.ts';
import type { Text } from '../../core/text.ts';
import type { Container } from '../av/container.node.ts';
import { type SoundTrack, soundTrack } from '../av/sound-track.node.ts';
import { corrupt, noTracks, timedOut } from '../failures.ts';
import type { ReadLimits } from '../limits.ts';
import { sha256Of } from '../random-access.node.ts';
import { decodeFrames, type PlainLayout } from './samples.ts';

const NOTHING: Text = { en: 'none of its sound can be decoded', zh: '其中的声音均无法解码' };
const CUT_OFF: Text = {
  en: 'the file ends before its format says it should; what is there was examined',
  zh: '文件在格式规定的结尾之前中断；已检验现存部分',
};
const BROKEN: Text = {
  en: 'part of the sound is damaged and could not be decoded',
  zh: '部分声音已损坏，无法解码',
};

function partly(heard: number, duration: number): Text {
  const minutes = (s: number) => Math.max(1, Math.round(s / 60));
  return {
    en: `the recording is long: ${minutes(heard)} of its ${minutes(duration)} minutes, spread over it, were examined`,
    zh: `录音较长：在全长 ${minutes(duration)} 分钟中均匀抽取 ${minutes(heard)} 分钟进行了检验`,
  };
}

/** Samples to be held, with what was odd about getting them. */
export interface HeardSound {
  readonly sound: Sound;
  readonly warnings: readonly Text[];
}

type ReadPart = (from: number, to: number) => Promise<{ stretch: Stretch | null; damaged: boolean }>;

/** Reads the parts of a recording that the limits allow. Throws HuoyanError `corrupt` or `timeout`. */
async function hear(
  { sampleRate, channels, duration }: { sampleRate: number; channels: number; duration: number },
  read: ReadPart,
  limits: ReadLimits,
): Promise<HeardSound> {
  const kept = channels >= 2 ? 2 : 1;
  const budget = Math.min(limits.maxHeardSeconds, limits.maxSamples / (sampleRate * kept));
  const warnings: Text[] = [];
  const stretches: Stretch[] = [];
  const until = performance.now() + limits.timeoutMs;
  let broken = false;
  for (const [from, to] of spread(duration, budget)) {
    if (performance.now() > until) throw timedOut(limits.timeoutMs);
    const { stretch, damaged } = await read(from, to);
    broken ||= damaged;
    if (stretch) stretches.push(stretch);
  }
  if (stretches.length === 0) throw corrupt(NOTHING);
  if (broken) warnings.push(BROKEN);
  const heard = stretches.reduce((sum, s) => sum + s.channels[0].length, 0) / sampleRate;
  if (duration > budget) warnings.push(partly(heard, duration));
  const found = stretches[0].channels.length >= 2 ? 2 : 1;
  const whole = stretches.length === 1 && duration <= budget;
  return {
    sound: { sampleRate, channels: found, duration: whole ? heard : duration, stretches },
    warnings,
  };
}

/** The sound of a track inside a container, within `limits`; what the sound track of a video becomes as well. */
export async function hearTrack(track: SoundTrack, limits: ReadLimits): Promise<HeardSound> {
  return hear(track, track.read, limits);
}

/** A plain sound file as media. */
export async function readPlainSound(
  file: RandomAccess,
  name: string,
  layout: PlainLayout,
  limits: ReadLimits,
): Promise<AudioMedia> {
  const { sampleRate, channels, bits, coding, format } = layout;
  const frame = (bits / 8) * channels;
  const duration = layout.length / frame / sampleRate;
  const read: ReadPart = async (from, to) => {
    const first = Math.floor(from * sampleRate) * frame;
    const last = Math.min(layout.length, Math.ceil(to * sampleRate) * frame);
    const bytes = await file.slice(layout.offset + first, layout.offset + last);
    const decoded = decodeFrames(bytes, layout);
    return { stretch: decoded[0].length > 0 ? { start: from, channels: decoded } : null, damaged: false };
  };
  const { sound, warnings } = await hear({ sampleRate, channels, duration }, read, limits);
  const container: SoundFacts = {
    format,
    mime: format === 'au' ? 'audio/basic' : `audio/${format}`,
    bytes: file.size,
    durationSeconds: duration,
    codec:
      coding === 'mulaw' || coding === 'alaw'
        ? `pcm-${coding}`
        : `pcm-${coding === 'float' ? 'f' : 's'}${bits}`,
    sampleRate,
    channels,
    bitDepth: bits,
    bitRate: bits * channels * sampleRate,
    tracks: 1,
    tags: layout.tags,
    warnings: layout.truncated ? [CUT_OFF, ...warnings] : warnings,
  };
  return { kind: 'audio', name, file, sha256: await sha256Of(file), sound, container };
}

/** The sound of a container without video, as media. */
export async function readContainedSound(
  file: RandomAccess,
  name: string,
  format: SoundFormat,
  container: Container,
  limits: ReadLimits,
): Promise<AudioMedia> {
  if (!container.audio) throw noTracks();
  const track = await soundTrack(container, container.audio);
  const { sound, warnings } = await hearTrack(track, limits);
  const facts: SoundFacts = {
    format,
    mime: container.mime,
    bytes: file.size,
    durationSeconds: track.duration,
    codec: track.codec,
    sampleRate: track.sampleRate,
    channels: track.channels,
    ...(track.bitRate !== undefined && { bitRate: track.bitRate }),
    tracks: container.tracks,
    tags: container.tags,
    warnings,
  };
  return { kind: 'audio', name, file, sha256: await sha256Of(file), sound, container: facts };
}
