/**
 * The people a recogniser shall know: a folder with one folder a person (at any depth, so that several galleries may
 * lie side by side). Folders of fakes among them are passed over: `impersonation_*`, `fake*`, and whatever its
 * META.json calls fake.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AuditProblem } from '../../core/audit.ts';
import { asHuoyanError, HuoyanError } from '../../core/errors.ts';
import { fromFileSystem } from '../../media/failures.ts';
import type { NameBook } from '../names.ts';
import type { Picture } from '../recogniser.ts';
import { PICTURE_NAME, pictureAt } from './pictures.node.ts';

export interface Person {
  readonly name: string;
  /** Each content once; in an order that does not follow file names. */
  readonly photos: readonly Picture[];
}

export interface Gallery {
  readonly people: readonly Person[];
  readonly problems: readonly AuditProblem[];
}

const MAX_DEPTH = 16;

/** Throws HuoyanError when there is nobody in `folders`; a photo that cannot be read is a problem. */
export async function readGallery(folders: readonly string[], book: NameBook): Promise<Gallery> {
  const problems: AuditProblem[] = [];
  const people = new Map<string, { name: string; photos: Map<string, Picture> }>();
  for (const folder of folders) {
    for (const path of await picturesBelow(folder, 0)) {
      const name = basename(dirname(path)).replaceAll('_', ' ').trim();
      const key = book.key(name);
      if (key === '' || dirname(path) === folder) continue;
      try {
        const picture = await pictureAt(path);
        const person = people.get(key) ?? { name, photos: new Map() };
        people.set(key, person);
        if (!person.photos.has(picture.sha256)) person.photos.set(picture.sha256, picture);
      } catch (thrown) {
        problems.push({ file: path, error: asHuoyanError(thrown) });
      }
    }
  }
  if (people.size === 0) throw nobodyIn(folders);
  return {
    problems,
    people: [...people.values()].map(({ name, photos }) => ({
      name,
      photos: [...photos.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
    })),
  };
}

/** Pictures in sorted order. Throws HuoyanError when `folder` cannot be listed. */
async function picturesBelow(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown) => {
    throw fromFileSystem(folder, thrown);
  });
  if (depth > 0 && (await holdsFakes(folder))) return [];
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth < MAX_DEPTH) found.push(...(await picturesBelow(path, depth + 1)));
    else if (entry.isFile() && PICTURE_NAME.test(entry.name)) found.push(path);
  }
  return found;
}

async function holdsFakes(folder: string): Promise<boolean> {
  if (/^(impersonation|fake)/i.test(basename(folder))) return true;
  try {
    const { label } = JSON.parse(await readFile(join(folder, 'META.json'), 'utf8')) as { label?: unknown };
    return label === 'fake' || (Array.isArray(label) && label.includes('fake'));
  } catch {
    return false;
  }
}

function nobodyIn(folders: readonly string[]): HuoyanError {
  return new HuoyanError(
    'bad-argument',
    { en: `there is nobody in "${folders.join('", "')}"`, zh: `“${folders.join('”、“')}”中没有人物` },
    {
      en: 'a gallery is a folder with one folder a person: GALLERY/Ada_Lovelace/1.jpg',
      zh: '图库应为每人一个子文件夹：GALLERY/Ada_Lovelace/1.jpg',
    },
  );
}
