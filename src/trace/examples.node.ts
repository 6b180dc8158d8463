/**
 * Files as examples of one generator or of one synthesis system, as they are and as they arrive after being sent on.
 * Pictures and sounds are described by different numbers, so an enrolment is of one kind: the first file that can be used
 * decides.
 */
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { Media } from '../core/media.ts';
import type { Sound } from '../core/sound.ts';
import type { Trace } from '../core/trace.ts';
import { readImage } from '../media/index.node.ts';
import { reship } from '../media/reshipping.node.ts';
import { reshipSound, soundReshippings } from '../media/sound/reshipping.node.ts';
import { describe, SMALLEST } from './description.ts';
import type { Enrolment } from './gallery.ts';
import type { Traceable } from './known.node.ts';
import { readTraceable } from './read.node.ts';
import { tooLittleSpeech, tooSmall } from './untraceable.ts';
import { describeVoice } from './voice/description.ts';

/** What happens to a picture between its maker and whoever asks about it; each way is enrolled. */
const PICTURE_WAYS = ['stored', 'jpeg96', 'jpeg75', 'jpeg50', 'half'] as const;
/** What happens to a voice; what needs an encoder that is not installed is left out. */
const VOICE_WAYS = ['telephone', 'mp3', 'opus'] as const;

type Sent = Record<string, Float32Array[]>;

/** Examples of one generator or system. */
export interface Examples extends Enrolment {
  readonly kind: Traceable;
}

/**
 * Describes files as examples of `name`. Those that cannot be used are handed to `skipped` and left out. Throws
 * HuoyanError `bad-argument` where there are both pictures and sounds.
 */
export async function describeExamples(
  name: string,
  files: AsyncIterable<string> | Iterable<string>,
  skipped: (file: string, why: Trace) => void,
  each: (done: number) => void = () => {},
): Promise<Examples> {
  const sent: Sent = { stored: [] };
  let kind: Traceable | null = null;
  for await (const file of files) {
    const started = performance.now();
    const elapsedMs = () => performance.now() - started;
    let media: Media | null = null;
    try {
      media = await readTraceable(file);
      if (kind !== null && media.kind !== kind) throw mixed(name);
      const why =
        media.kind === 'image'
          ? await describePicture(media.pixels, file, sent)
          : await describeSound(media.sound, sent);
      if (why) skipped(file, { ...why, file, sha256: media.sha256, elapsedMs: elapsedMs() });
      else {
        kind = media.kind;
        each(sent.stored.length);
      }
    } catch (thrown) {
      if (thrown instanceof Mixed) throw thrown;
      skipped(file, { outcome: 'unreadable', file, error: asHuoyanError(thrown), elapsedMs: elapsedMs() });
    } finally {
      if (media?.kind === 'audio') await media.file.close();
    }
  }
  return { name, kind: kind ?? 'image', sent };
}

async function describePicture(pixels: RgbImage, file: string, sent: Sent) {
  const why = tooSmall(pixels);
  if (why) return why;
  for (const way of PICTURE_WAYS) {
    const arrived = way === 'stored' ? pixels : (await readImage(await reship(pixels, way), file)).pixels;
    if (Math.min(arrived.width, arrived.height) < SMALLEST) continue;
    sent[way] ??= [];
    sent[way].push(describe(arrived));
  }
  return null;
}

async function describeSound(sound: Sound, sent: Sent) {
  const { description, heard, reason } = describeVoice(sound);
  if (!description) return tooLittleSpeech(heard, reason);
  sent.stored.push(description);
  for (const way of await soundReshippings(VOICE_WAYS)) {
    const arrived = describeVoice(await reshipSound(sound, way));
    if (!arrived.description) continue;
    sent[way] ??= [];
    sent[way].push(arrived.description);
  }
  return null;
}

/** Ends an enrolment, unlike what is wrong with one file. */
class Mixed extends HuoyanError {}

function mixed(name: string): HuoyanError {
  return new Mixed(
    'bad-argument',
    {
      en: `"${name}" cannot be enrolled from pictures and sounds at once`,
      zh: `不能同时用图片和声音登记“${name}”`,
    },
    {
      en: 'enrol the pictures under one name and the sounds under another',
      zh: '请把图片与声音分别以不同名称登记',
    },
  );
}
