/**
 * The collection this project is measured on: one folder a source or a generator, `real_*` and `fake_*`, each with
 * `META.json`; below `images/`, `audio/` and `video/`, or directly. Where `LABELS.csv` names originals, files of one
 * original are one source.
 */
import { parseCsv } from '../scores/csv.ts';
import { type Folder, unreadable } from './folder.ts';
import type { BenchItem } from './item.ts';
import type { Layout } from './layout.ts';

export const collection: Layout = {
  name: 'collection',
  recognises: (folder) => sets(folder).length > 0,
  read(folder) {
    const items = sets(folder).flatMap((set) => {
      const name = set.split('/').at(-1) as string;
      const { generator } = folder.json(`${set}/META.json`) as { generator?: unknown };
      if (generator !== undefined && generator !== null && typeof generator !== 'string')
        throw unreadable(folder.path(`${set}/META.json`), {
          en: 'its generator is no text',
          zh: 'generator 不是文字',
        });
      const originals = originalsOf(folder, set);
      return [...folder.media(set)].map(({ key, media }): BenchItem => {
        const file = key.split('/').at(-1) as string;
        const original = originals.get(file);
        return {
          ...{ key, path: folder.path(key), media },
          source: original === undefined ? name : original || file,
          ...(name.startsWith('fake_') ? { label: 'fake', generator: name.slice(5) } : { label: 'real' }),
        };
      });
    });
    return { items, missing: 0 };
  },
};

function sets(folder: Folder): string[] {
  return ['', 'images', 'audio', 'video'].flatMap((below) =>
    folder
      .folders(below)
      .filter((name) => /^(real|fake)_/.test(name))
      .map((name) => (below === '' ? name : `${below}/${name}`))
      .filter((set) => folder.has(`${set}/META.json`)),
  );
}

/** Original of each file, `''` for one that is itself an original; nothing where the set has no such list. */
function originalsOf(folder: Folder, set: string): Map<string, string> {
  const list = `${set}/LABELS.csv`;
  if (!folder.has(list)) return new Map();
  const [head, ...records] = parseCsv(folder.text(list));
  const [file, original] = ['file', 'original'].map((column) => head?.fields.indexOf(column) ?? -1);
  if (file < 0 || original < 0) return new Map();
  return new Map(records.map(({ fields }) => [fields[file] ?? '', fields[original] ?? '']));
}
