/**
 * Two layouts of one idea. CNNDetection and ForenSynths (Wang et al., arXiv 1912.11035): `0_real/` and `1_fake/` at the
 * ends of any tree, the folders above naming generator and subject, `train/`, `val/`, `test/` at its top. Plain: the
 * two folders directly, under one of the pairs of names people use.
 */
import type { Folder } from './folder.ts';
import type { BenchItem, Split } from './item.ts';
import type { Layout } from './layout.ts';

/** Deepest place of the two folders below the root. */
const DEEPEST = 5;
const SPLITS: Readonly<Record<string, Split>> = { train: 'train', val: 'val', valid: 'val', test: 'test' };

export const cnndetection: Layout = {
  name: 'cnndetection',
  recognises: (folder) => ends(folder).some((end) => end !== '' && !(end in SPLITS)),
  read(folder) {
    const items = ends(folder).flatMap((end) => {
      const above = end.split('/').filter(Boolean);
      const split = SPLITS[above[0]];
      const [generator = 'unknown', subject] = split ? above.slice(1) : above;
      // The training part of CNNDetection is ProGAN throughout; its folders are subjects.
      const made = split === 'train' || split === 'val' ? 'progan' : generator;
      const of = split === 'train' || split === 'val' ? generator : subject;
      return (['0_real', '1_fake'] as const).flatMap((name) =>
        [...folder.media(end === '' ? name : `${end}/${name}`)].map(({ key, media }): BenchItem => {
          const common = { key, path: folder.path(key), media, ...(split ? { split } : {}) };
          return name === '1_fake'
            ? { ...common, label: 'fake', generator: made, source: made }
            : { ...common, label: 'real', source: ['photographs for', made, of].filter(Boolean).join(' ') };
        }),
      );
    });
    return { items, missing: 0 };
  },
};

/** Where below the root a `0_real` or `1_fake` stands. */
function ends(folder: Folder, key = '', depth = 0): string[] {
  const inside = folder.folders(key);
  if (inside.includes('0_real') || inside.includes('1_fake')) return [key];
  if (depth >= DEEPEST) return [];
  return inside.flatMap((name) => ends(folder, key === '' ? name : `${key}/${name}`, depth + 1));
}

const PAIRS = [
  ['0_real', '1_fake'],
  ['real', 'fake'],
  ['Real', 'Fake'],
  ['REAL', 'FAKE'],
  ['nature', 'ai'],
] as const;

export const plain: Layout = {
  name: 'plain',
  recognises: (folder) => places(folder).length > 0,
  read(folder) {
    const items = places(folder).flatMap(({ below, pair, split }) =>
      pair.flatMap((name, i) =>
        [...folder.media(below === '' ? name : `${below}/${name}`)].map(({ key, media }): BenchItem => {
          const inside = key.slice(below.length + name.length + (below === '' ? 1 : 2)).split('/');
          // Folders inside the two, where there are any, say what the source or the generator is.
          const group = inside.length > 1 ? inside[0] : undefined;
          return {
            ...{ key, path: folder.path(key), media, ...(split ? { split } : {}) },
            ...(i === 1
              ? { label: 'fake', ...(group ? { generator: group, source: group } : {}) }
              : { label: 'real', ...(group ? { source: group } : {}) }),
          };
        }),
      ),
    );
    return { items, missing: 0 };
  },
};

function places(
  folder: Folder,
): { readonly below: string; readonly pair: readonly [string, string]; readonly split?: Split }[] {
  return ['', ...Object.keys(SPLITS)].flatMap((below) => {
    const inside = folder.folders(below);
    const pair = PAIRS.find(([real, fake]) => inside.includes(real) && inside.includes(fake));
    return pair ? [{ below, pair, split: SPLITS[below] }] : [];
  });
}
