/**
 * Celeb-DF v2 (Li et al., arXiv 1909.12962): `Celeb-real/`, `YouTube-real/`, `Celeb-synthesis/` and
 * `List_of_testing_videos.txt`, whose lines are `LABEL PATH` with 1 for real. `id0_id16_0001` shows the clip `id0_0001`
 * with the face of `id16`.
 */
import { type Folder, unreadable } from './folder.ts';
import type { BenchItem } from './item.ts';
import type { Layout } from './layout.ts';

const FOLDERS = [
  ['Celeb-real', 'real'],
  ['YouTube-real', 'real'],
  ['Celeb-synthesis', 'fake'],
] as const;
const LIST = 'List_of_testing_videos.txt';

export const celebDf: Layout = {
  name: 'celeb-df',
  recognises: (folder) => folder.hasFolder('Celeb-synthesis') || folder.hasFolder('Celeb-real'),
  read(folder) {
    const testing = testList(folder);
    const items: BenchItem[] = [];
    for (const [name, label] of FOLDERS) {
      for (const { key, media } of folder.media(name)) {
        const clip = (key.split('/')[1] ?? '').replace(/\.\w+$/, '');
        const people = clip.split('_').filter((part) => part.startsWith('id'));
        const number = clip.split('_').at(-1);
        items.push({
          ...{ key, path: folder.path(key), label, media },
          source: people.length ? `${people[0]}_${number}` : `${name} ${clip}`,
          ...(label === 'fake' ? { generator: 'celeb-df' } : {}),
          identities: people.length ? people : [`${name} ${clip}`],
          ...(testing
            ? { split: testing.has(`${name}/${clip}`) ? ('test' as const) : ('train' as const) }
            : {}),
        });
      }
    }
    const here = new Set(
      items.map(({ key }) =>
        key
          .split('/')
          .slice(0, 2)
          .join('/')
          .replace(/\.\w+$/, ''),
      ),
    );
    const missing = testing ? [...testing].filter((clip) => !here.has(clip)).length : 0;
    return { items, missing };
  },
};

/** Clips of the official test set, `FOLDER/CLIP`; null when the list is not there. */
function testList(folder: Folder): Set<string> | null {
  if (!folder.has(LIST)) return null;
  const lines = folder.text(LIST).split(/\r?\n/);
  return new Set(
    lines.flatMap((line, i) => {
      if (line.trim() === '') return [];
      const found = /^([01])\s+(\S+)\.\w+$/.exec(line.trim());
      if (!found) {
        throw unreadable(folder.path(LIST), {
          en: `line ${i + 1} is not "LABEL PATH"`,
          zh: `第 ${i + 1} 行不是“标签 路径”`,
        });
      }
      return [found[2]];
    }),
  );
}
