/**
 * Generators a user enrolled from a handful of pictures, kept under `HUOYAN_HOME/trace/enrolled`, one file each.
 * Only descriptions are kept, never the pictures.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asHuoyanError, HuoyanError } from '../core/errors.ts';
import { decodeTensors, encodeTensors } from '../nn/safetensors.ts';
import { DESCRIPTION } from './description.ts';
import type { Enrolment } from './gallery.ts';
import { huoyanHome } from './home.node.ts';

/** Fewest pictures that can be enrolled; below 20 attribution is weaker (docs/measured/trace.md). */
export const FEWEST = 5;
const SUFFIX = '.safetensors';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u;

const folderOf = (home: string) => join(home, 'trace', 'enrolled');
/** Names may hold any letters; files only harmless ones. */
const fileOf = (home: string, name: string) => join(folderOf(home), `${encodeURIComponent(name)}${SUFFIX}`);

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
 * Keeps `enrolment`, in place of an earlier one of the same name. Throws HuoyanError `bad-argument` for a bad name or
 * fewer than {@link FEWEST} pictures, `permission-denied` and the like when the folder cannot be written.
 */
export async function keepEnrolment(enrolment: Enrolment, home = huoyanHome()): Promise<void> {
  const { name, sent } = enrolment;
  checkName(name);
  const count = Math.max(0, ...Object.values(sent).map((rows) => rows.length));
  if (count < FEWEST) {
    throw new HuoyanError(
      'bad-argument',
      { en: `${count} pictures are too few to enrol "${name}"`, zh: `${count} 张图片不足以登记“${name}”` },
      {
        en: `give at least ${FEWEST} pictures of that generator, each side at least 96 pixels; 20 are better`,
        zh: `请提供该生成器的至少 ${FEWEST} 张图片，边长不小于 96 像素；20 张更佳`,
      },
    );
  }
  const tensors = Object.fromEntries(
    Object.entries(sent).map(([step, rows]) => {
      const data = new Float32Array(rows.length * DESCRIPTION);
      rows.forEach((row, i) => {
        data.set(row, i * DESCRIPTION);
      });
      return [step, { dims: [rows.length, DESCRIPTION], data }];
    }),
  );
  const file = fileOf(home, name);
  try {
    await mkdir(folderOf(home), { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    await writeFile(partial, encodeTensors(tensors, { format: 'huoyan-enrolment-1', name }, { half: true }));
    await rename(partial, file);
  } catch (thrown) {
    throw unwritable(folderOf(home), thrown);
  }
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
export async function enrolledNames(home = huoyanHome()): Promise<string[]> {
  const files = await readdir(folderOf(home)).catch(() => [] as string[]);
  // A file that somebody else put there under a name of no enrolment is none of ours.
  return files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => nameOf(file.slice(0, -SUFFIX.length)))
    .filter((name) => name !== null)
    .sort();
}

/** Everything enrolled. Throws HuoyanError `corrupt` naming the file that cannot be read. */
export async function readEnrolled(home = huoyanHome()): Promise<Enrolment[]> {
  const names = await enrolledNames(home);
  return Promise.all(
    names.map(async (name) => {
      const file = fileOf(home, name);
      try {
        const { tensors } = decodeTensors(await readFile(file));
        const sent = Object.entries(tensors).map(([step, { dims, data }]) => {
          if (dims.length !== 2 || dims[1] !== DESCRIPTION) throw new Error(`[${dims}]`);
          const rows = Array.from({ length: dims[0] }, (_, i) =>
            (data as Float32Array).slice(i * DESCRIPTION, (i + 1) * DESCRIPTION),
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

/** Removes what is enrolled as `name`. Throws HuoyanError `not-found`. */
export async function forgetEnrolment(name: string, home = huoyanHome()): Promise<void> {
  const names = await enrolledNames(home);
  if (!names.includes(name)) {
    throw new HuoyanError(
      'not-found',
      { en: `nothing is enrolled as "${name}"`, zh: `没有登记过“${name}”` },
      {
        en: names.length ? `enrolled: ${names.join(', ')}` : 'nothing is enrolled yet',
        zh: names.length ? `已登记：${names.join('、')}` : '尚未登记任何生成器',
      },
    );
  }
  await rm(fileOf(home, name));
}
