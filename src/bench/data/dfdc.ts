/**
 * Deepfake Detection Challenge (Dolhansky et al., arXiv 2006.07397): folders `dfdc_train_part_N/` of clips, each with
 * `metadata.json` = `{ "x.mp4": { label, split, original } }`. One such folder alone is understood as well.
 */
import { type Folder, mediaOf, unreadable } from './folder.ts';
import type { BenchItem } from './item.ts';
import type { Layout } from './layout.ts';

export const dfdc: Layout = {
  name: 'dfdc',
  recognises: (folder) => parts(folder).length > 0,
  read(folder) {
    const items: BenchItem[] = [];
    let missing = 0;
    for (const part of parts(folder)) {
      const list = part === '' ? 'metadata.json' : `${part}/metadata.json`;
      for (const [name, about] of Object.entries(folder.json(list) as Record<string, unknown>)) {
        const { label, original } = (about ?? {}) as { label?: unknown; original?: unknown };
        const media = mediaOf(name);
        if ((label !== 'FAKE' && label !== 'REAL') || !media) {
          throw unreadable(folder.path(list), {
            en: `"${name}" is neither FAKE nor REAL`,
            zh: `“${name}”既非 FAKE 也非 REAL`,
          });
        }
        const key = part === '' ? name : `${part}/${name}`;
        if (!folder.has(key)) {
          missing++;
          continue;
        }
        items.push({
          ...{ key, path: folder.path(key), label: label === 'FAKE' ? 'fake' : 'real', media },
          // Fakes and the clip they were made from are one case; which of the methods was used is not published.
          source: (typeof original === 'string' && original) || name,
          ...(label === 'FAKE' ? { generator: 'dfdc' } : {}),
        });
      }
    }
    return { items, missing };
  },
};

/** Folders with a list of the challenge's kind; `''` is the folder itself. */
function parts(folder: Folder): string[] {
  return ['', ...folder.folders()].filter((part) => {
    const list = part === '' ? 'metadata.json' : `${part}/metadata.json`;
    if (!folder.has(list)) return false;
    try {
      const [first] = Object.entries(folder.json(list) as Record<string, unknown>);
      return first !== undefined && typeof (first[1] as { label?: unknown } | null)?.label === 'string';
    } catch {
      return false;
    }
  });
}
