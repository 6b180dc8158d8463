/**
 * Generators a user enrolled from a handful of pictures, and synthesis systems from a handful of clips, kept under
 * `HUOYAN_HOME/trace/enrolled` and `HUOYAN_HOME/trace/enrolled-voices`, one file each. Only descriptions are kept, never
 * the pictures or sounds. A name stands for one of the two: enrolling it as the other is refused.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import { decodeTensors, encodeTensors } from '../nn/safetensors.ts';
import { DESCRIPTION } from './description.ts';
import type { Enrolment } from './gallery.ts';
import { huoyanHome } from './home.node.ts';
import type { Traceable } from './known.node.ts';
import { DESCRIPTION as VOICE_DESCRIPTION } from './voice/description.ts';

/** Fewest pictures or clips that can be enrolled; below 20 attribution is weaker (docs/measured/trace.md). */
export const FEWEST = 5;
const SUFFIX = '.safetensors';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u;

const FOLDER: Readonly<Record<Traceable, string>> = { image: 'enrolled', audio: 'enrolled-voices' };
const LENGTH: Readonly<Record<Traceable, number>> = { image: DESCRIPTION, audio: VOICE_DESCRIPTION };
const KINDS: readonly Traceable[] = ['image', 'audio'];
const folderOf = (home: string, kind: Traceable) => join(home, 'trace', FOLDER[kind]);
/** Names may hold any letters; files only harmless ones. */
const fileOf = (home: string, kind: Traceable, name: string) =>
  join(folderOf(home, kind), `${encodeURIComponent(name)}${SUFFIX}`);

/** Throws HuoyanError `bad-argument` for a name that cannot be one. */
export function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new HuoyanError(
    'bad-argument',
    { en: `"${name}" cannot be the name of a generator`, zh: `“${name}”不能用作生成器名称` },
    {
      en: 'use up to 80 letters, digits, spaces, dots, dashes; begin with a letter or digit',
      zh: '请使用不超过 80 个字母、汉字、数字、空格、点或连字符，并以字母、汉字或数字开头',
    },
  );
}

/**
 * Keeps `enrolment` of pictures or clips, in place of an earlier one of the same name. Throws HuoyanError `bad-argument`
 * for a bad name, one that stands for the other kind, or fewer than {@link FEWEST} examples, `permission-denied` and the
 * like when the folder cannot be written.
 */
export async function keepEnrolment(
  enrolment: Enrolment,
  home = huoyanHome(),
  kind: Traceable = 'image',
): Promise<void> {
  const { name, sent } = enrolment;
  checkName(name);
  const count = Math.max(0, ...Object.values(sent).map((rows) => rows.length));
  if (count < FEWEST) throw tooFew(name, count, kind);
  const other = kind === 'image' ? 'audio' : 'image';
  if ((await enrolledNames(home, other)).includes(name)) throw taken(name, other);
  const length = LENGTH[kind];
  const tensors = Object.fromEntries(
    Object.entries(sent).map(([step, rows]) => {
      const data = new Float32Array(rows.length * length);
      rows.forEach((row, i) => {
        data.set(row, i * length);
      });
      return [step, { dims: [rows.length, length], data }];
    }),
  );
  const folder = folderOf(home, kind);
  const file = fileOf(home, kind, name);
  try {
    await mkdir(folder, { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    await writeFile(partial, encodeTensors(tensors, { format: 'huoyan-enrolment-1', name }, { half: true }));
    await rename(partial, file);
  } catch (thrown) {
    throw unwritable(folder, thrown);
  }
}

function tooFew(name: string, count: number, kind: Traceable): HuoyanError {
  if (kind === 'audio') {
    return new HuoyanError(
      'bad-argument',
      { en: `${count} clips are too few to enrol "${name}"`, zh: `${count} 段录音不足以登记“${name}”` },
      {
        en: `give at least ${FEWEST} clips of that system with a few seconds of speech in each; 20 are better`,
        zh: `请提供该合成系统的至少 ${FEWEST} 段语音，每段含数秒讲话；20 段更佳`,
      },
    );
  }
  return new HuoyanError(
    'bad-argument',
    { en: `${count} pictures are too few to enrol "${name}"`, zh: `${count} 张图片不足以登记“${name}”` },
    {
      en: `give at least ${FEWEST} pictures of that generator, each side at least 96 pixels; 20 are better`,
      zh: `请提供该生成器的至少 ${FEWEST} 张图片，边长不小于 96 像素；20 张更佳`,
    },
  );
}

function taken(name: string, kind: Traceable): HuoyanError {
  const [en, zh] = kind === 'image' ? ['pictures', '图片'] : ['sounds', '声音'];
  return new HuoyanError(
    'bad-argument',
    { en: `"${name}" is enrolled from ${en} already`, zh: `“${name}”已用${zh}登记` },
    {
      en: `choose another name, or remove that one first: huoyan trace forget "${name}"`,
      zh: `请另取名称，或先移除原有的：huoyan trace forget "${name}"`,
    },
  );
}

function unwritable(folder: string, cause: unknown): HuoyanError {
  return new HuoyanError(
    'permission-denied',
    { en: `cannot write to ${folder}`, zh: `无法写入 ${folder}` },
    {
      en: 'make it writable, or set HUOYAN_HOME to another folder',
      zh: '请使其可写，或把 HUOYAN_HOME 设为其他文件夹',
    },
    { cause },
  );
}

function nameOf(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** Names of what is enrolled, sorted. */
export async function enrolledNames(home = huoyanHome(), kind: Traceable = 'image'): Promise<string[]> {
  const files = await readdir(folderOf(home, kind)).catch(() => [] as string[]);
  // A file that somebody else put there under a name of no enrolment is none of ours.
  return files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => nameOf(file.slice(0, -SUFFIX.length)))
    .filter((name) => name !== null)
    .sort();
}

/** Everything enrolled of one kind. Throws HuoyanError `corrupt` naming the file that cannot be read. */
export async function readEnrolled(home = huoyanHome(), kind: Traceable = 'image'): Promise<Enrolment[]> {
  const names = await enrolledNames(home, kind);
  const length = LENGTH[kind];
  return Promise.all(
    names.map(async (name) => {
      const file = fileOf(home, kind, name);
      try {
        const { tensors } = decodeTensors(await readFile(file));
        const sent = Object.entries(tensors).map(([step, { dims, data }]) => {
          if (dims.length !== 2 || dims[1] !== length) throw new Error(`[${dims}]`);
          const rows = Array.from({ length: dims[0] }, (_, i) =>
            (data as Float32Array).slice(i * length, (i + 1) * length),
          );
          return [step, rows] as const;
        });
        return { name, sent: Object.fromEntries(sent) };
      } catch (thrown) {
        throw new HuoyanError(
          'corrupt',
          {
            en: `what is enrolled as "${name}" cannot be read: ${file}`,
            zh: `无法读取已登记的“${name}”：${file}`,
          },
          {
            en: `enrol it again, or remove it: huoyan trace forget "${name}"`,
            zh: `请重新登记，或将其移除：huoyan trace forget "${name}"`,
          },
          { cause: asHuoyanError(thrown) },
        );
      }
    }),
  );
}

/** Removes what is enrolled as `name`, of whatever kind. Throws HuoyanError `not-found`. */
export async function forgetEnrolment(name: string, home = huoyanHome()): Promise<void> {
  const all: string[] = [];
  for (const kind of KINDS) {
    const names = await enrolledNames(home, kind);
    if (names.includes(name)) {
      await rm(fileOf(home, kind, name));
      return;
    }
    all.push(...names);
  }
  throw new HuoyanError(
    'not-found',
    { en: `nothing is enrolled as "${name}"`, zh: `没有登记过“${name}”` },
    {
      en: all.length ? `enrolled: ${all.join(', ')}` : 'nothing is enrolled yet',
      zh: all.length ? `已登记：${all.join('、')}` : '尚未登记任何生成器',
    },
  );
}
