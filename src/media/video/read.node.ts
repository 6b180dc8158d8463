/** A container with video as media: its pictures on demand, its sound held as far as the limits allow. */
import type { RandomAccess, VideoFacts, VideoFormat, VideoMedia } from '../../core/media.ts';
import type { Text } from '../../core/text.ts';
import type { Container } from '../av/container.node.ts';
import { soundTrack } from '../av/sound-track.node.ts';
import { noTracks } from '../failures.ts';
import type { ReadLimits } from '../limits.ts';
import { sha256Of } from '../random-access.node.ts';
import { type HeardSound, hearTrack } from '../sound/read.node.ts';
import { openClip } from './clip.node.ts';

const MUTE: Text = {
  en: 'its sound could not be decoded; only the pictures were examined',
  zh: '其中的声音无法解码；仅检验了画面',
};

/**
 * Opens the video. The container stays open until `media.file.close()`, which closes both. Throws HuoyanError, after
 * which `container` and `file` are still the caller's to close.
 */
export async function readContainedVideo(
  file: RandomAccess,
  name: string,
  format: VideoFormat,
  container: Container,
  limits: ReadLimits,
): Promise<VideoMedia> {
  if (!container.video) throw noTracks();
  const clip = await openClip(container, container.video, limits);
  const warnings: Text[] = [];
  let heard: HeardSound | null = null;
  let audio: VideoFacts['audio'];
  if (container.audio) {
    try {
      const track = await soundTrack(container, container.audio);
      audio = { codec: track.codec, sampleRate: track.sampleRate, channels: track.channels };
      heard = await hearTrack(track, limits);
      warnings.push(...heard.warnings);
    } catch {
      warnings.push(MUTE);
    }
  }
  const facts: VideoFacts = {
    format,
    mime: container.mime,
    bytes: file.size,
    durationSeconds: clip.duration,
    width: clip.width,
    height: clip.height,
    rotation: clip.rotation,
    frameRate: clip.frameRate,
    codec: clip.codec,
    bitRate: Math.round((file.size * 8) / clip.duration),
    ...(audio && { audio }),
    tracks: container.tracks,
    tags: container.tags,
    warnings,
  };
  const close = async () => {
    container.close();
    await file.close();
  };
  return {
    kind: 'video',
    name,
    file: { size: file.size, slice: file.slice, close },
    sha256: await sha256Of(file),
    clip,
    ...(heard && { sound: heard.sound }),
    container: facts,
  };
}
