/**
 * IMDL-BenCo (Ma et al., arXiv 2406.10580): a JSON list of `[picture, mask]`, or `[picture, "Negative"]` for an authentic
 * one. A list is a data set of its own: CASIA, Columbia and the like.
 */
import { type Folder, mediaOf } from './folder.ts';
import type { BenchItem } from './item.ts';
import type { Layout } from './layout.ts';

export const imdl: Layout = {
  name: 'imdl',
  recognises: (folder) => lists(folder).length > 0,
  read(folder) {
    const items = new Map<string, BenchItem>();
    let missing = 0;
    for (const list of lists(folder)) {
      const name = list.replace(/\.json$/, '');
      for (const [picture, mask] of folder.json(list) as [string, string][]) {
        const key = folder.key(picture);
        const media = key && mediaOf(key);
        if (!key || !media || !folder.has(key)) {
          missing++;
          continue;
        }
        const authentic = mask === 'Negative';
        const maskKey = authentic ? null : folder.key(mask);
        items.set(key, {
          ...{ key, path: folder.path(key), media, label: authentic ? 'real' : 'fake' },
          ...(authentic ? {} : { generator: name }),
          ...(maskKey && folder.has(maskKey) ? { mask: folder.path(maskKey) } : {}),
        });
      }
    }
    return { items: [...items.values()], missing };
  },
};

function lists(folder: Folder): string[] {
  return folder
    .files()
    .filter((name) => name.endsWith('.json'))
    .filter((name) => {
      try {
        const list = folder.json(name);
        return (
          Array.isArray(list) &&
          list.length > 0 &&
          list.every(
            (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((p) => typeof p === 'string'),
          )
        );
      } catch {
        return false;
      }
    });
}
