/**
 * Fakes of known people, in the ways they lie in folders: a list (`fakes.csv` or `labels.csv` with the columns file
 * and person), a `fake/` folder beside a `real/` one, names such as `PERSON__driven_by_OTHER.png`, one folder a
 * person, or nothing known of the person at all. Adding a layout is an entry of LAYOUTS.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { AuditProblem } from '../../core/audit.ts';
import { asHuoyanError, HuoyanError } from '../../core/errors.ts';
import { fromFileSystem } from '../../media/failures.ts';
import { listFiles } from '../../media/list.node.ts';
import type { NameBook } from '../names.ts';
import type { Picture } from '../recogniser.ts';
import { DelimitedReader } from '../recorded/delimited.ts';
import { CLIP_NAME, clipPictures } from './clips.node.ts';
import type { FakeFile, FakeLayout } from './fake-layout.ts';
import { PICTURE_NAME, pictureAt } from './pictures.node.ts';
import { PUBLISHED } from './published.ts';

const named = (text: string) => text.replaceAll('_', ' ').trim();
const stem = (path: string) => basename(path, extname(path));

async function filesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of listFiles([folder]))
    if (file.status === 'file' && (PICTURE_NAME.test(file.path) || CLIP_NAME.test(file.path)))
      found.push(file.path);
  return found;
}

/** `file,person[,method][,clip]`, paths below the folder. */
const listed: FakeLayout = {
  name: 'list',
  async read(folder) {
    for (const name of ['fakes.csv', 'labels.csv']) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => null);
      if (text === null) continue;
      const [head, ...rows] = new DelimitedReader().push(text, true);
      const columns = head?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
      const [file, person, method, clip] = ['file', 'person', 'method', 'clip'].map((c) =>
        columns.indexOf(c),
      );
      if (file < 0 || person < 0) continue;
      const cell = (cells: readonly string[], at: number) => (at < 0 ? null : cells[at]?.trim() || null);
      const fakes = rows.flatMap(({ cells }) => {
        const path = cell(cells, file);
        if (path === null || path.split(/[\\/]/).includes('..')) return [];
        const who = cell(cells, person);
        return [
          {
            path: join(folder, path),
            person: who && named(who),
            method: cell(cells, method),
            clip: cell(cells, clip),
          },
        ];
      });
      return { fakes, reals: [] };
    }
    return null;
  },
};

/** `fake/PERSON__….png` beside `real/PERSON.png`, and the like without `real/`. */
const paired: FakeLayout = {
  name: 'fake and real',
  async read(folder) {
    const below = await readdir(folder, { withFileTypes: true });
    if (!below.some((entry) => entry.isDirectory() && entry.name === 'fake')) return null;
    const reals = below.some((entry) => entry.isDirectory() && entry.name === 'real')
      ? await filesOf(join(folder, 'real'))
      : [];
    return {
      fakes: (await filesOf(join(folder, 'fake'))).map((path) => byName(join(folder, 'fake'), path)),
      reals: reals.map((path) => ({
        path,
        person: byName(join(folder, 'real'), path).person ?? named(stem(path)),
      })),
    };
  },
};

/** `PERSON__anything.png`, or `PERSON/anything.png`; otherwise nobody knows. */
const plain: FakeLayout = {
  name: 'folder',
  async read(folder) {
    return { fakes: (await filesOf(folder)).map((path) => byName(folder, path)), reals: [] };
  },
};

function byName(root: string, path: string): FakeFile {
  const file = stem(path);
  const folders = relative(root, dirname(path)).split(sep).filter(Boolean);
  const person = file.includes('__') ? file.slice(0, file.indexOf('__')) : (folders[0] ?? null);
  const how = /__([a-z]+)_(?:by|from|with)_/i.exec(file)?.[1] ?? null;
  return { path, person: person && named(person), method: how, clip: null };
}

/** The first that fits is taken; the last fits everything. */
const LAYOUTS: readonly FakeLayout[] = [listed, ...PUBLISHED, paired, plain];

export interface Fake {
  readonly set: string;
  readonly picture: Picture;
  readonly person: string | null;
  readonly method: string | null;
  readonly clip: string | null;
}

export interface FakeSet {
  readonly name: string;
  readonly fakes: readonly Fake[];
  /** A real picture of a person that lies beside the fakes, by key of the name book. */
  readonly reals: ReadonlyMap<string, Picture>;
  readonly problems: readonly AuditProblem[];
}

export interface ReadFakesOptions {
  /** Frames of each clip at most. */
  readonly frames?: number;
}

/** The fakes in `folder`, clips as frames. Throws HuoyanError when it holds none or cannot be listed. */
export async function readFakes(
  folder: string,
  book: NameBook,
  { frames }: ReadFakesOptions = {},
): Promise<FakeSet> {
  const problems: AuditProblem[] = [];
  const name = basename(folder.replace(/[\\/]+$/, '')) || folder;
  await readdir(folder).catch((thrown) => {
    throw fromFileSystem(folder, thrown);
  });
  const open = async (path: string, most?: number): Promise<readonly Picture[]> => {
    try {
      return CLIP_NAME.test(path) ? await clipPictures(path, most) : [await pictureAt(path)];
    } catch (thrown) {
      problems.push({ file: path, error: asHuoyanError(thrown) });
      return [];
    }
  };
  for (const layout of LAYOUTS) {
    const files = await layout.read(folder);
    if (files === null) continue;
    if (files.fakes.length === 0) break;
    const fakes: Fake[] = [];
    const reals = new Map<string, Picture>();
    for (const { path, person, method, clip } of files.fakes) {
      const whole = CLIP_NAME.test(path) ? (clip ?? relative(folder, path).split(sep).join('/')) : clip;
      for (const picture of await open(path, frames))
        fakes.push({ set: name, picture, person, method, clip: whole });
    }
    for (const { path, person } of files.reals) {
      const [picture] = reals.has(book.key(person)) ? [] : await open(path, 1);
      if (picture) reals.set(book.key(person), picture);
    }
    return { name, fakes, reals, problems };
  }
  throw new HuoyanError(
    'bad-argument',
    { en: `there is no picture and no clip in "${folder}"`, zh: `“${folder}”中没有图片或视频` },
    {
      en: 'fakes are pictures or clips in folders named after the person impersonated, or listed in fakes.csv (file,person)',
      zh: '伪造图片或视频应放在以被冒充者命名的文件夹中，或列于 fakes.csv（file,person）',
    },
  );
}
