/**
 * FaceForensics++ (Rossler et al., arXiv 1901.08971): `original_sequences/{youtube,actors}/C/videos/000.mp4`,
 * `manipulated_sequences/METHOD/C/videos/TARGET_SOURCE.mp4` with C one of raw, c23, c40; official splits as pairs in
 * `splits/{train,val,test}.json`. Frames cut from the clips may stand in `C/frames/000/*.png` instead.
 */
import { type Folder, unreadable } from './folder.ts';
import type { BenchItem, Media, Split } from './item.ts';
import type { Layout } from './layout.ts';

const SPLITS: readonly Split[] = ['train', 'val', 'test'];

export const faceforensics: Layout = {
  name: 'faceforensics',
  recognises: (folder) => folder.hasFolder('original_sequences') || folder.hasFolder('manipulated_sequences'),
  read(folder) {
    const splitOf = officialSplits(folder);
    const items: BenchItem[] = [];
    for (const [sequences, label] of [
      ['original_sequences', 'real'],
      ['manipulated_sequences', 'fake'],
    ] as const) {
      for (const method of folder.folders(sequences)) {
        for (const variant of folder.folders(`${sequences}/${method}`)) {
          for (const { key, clip, media } of clips(folder, `${sequences}/${method}/${variant}`)) {
            const people = peopleOf(method, clip);
            const [target] = people;
            items.push({
              ...{ key, path: folder.path(key), label, media, variant },
              // Whatever was made from one clip, and the clip itself, are one case.
              source: method === 'actors' || method === 'DeepFakeDetection' ? sceneOf(method, clip) : target,
              ...(label === 'fake' ? { generator: method } : {}),
              identities: people,
              split: splitOf.get(target),
            });
          }
        }
      }
    }
    return { items, missing: 0 };
  },
};

function* clips(
  folder: Folder,
  below: string,
): Generator<{ readonly key: string; readonly clip: string; readonly media: Media }> {
  for (const kind of ['videos', 'frames', 'images', 'faces']) {
    for (const { key, media } of folder.media(`${below}/${kind}`)) {
      const inside = key.slice(below.length + kind.length + 2);
      yield { key, media, clip: inside.split('/')[0].replace(/\.\w+$/, '') };
    }
  }
}

/** Target first, then the face put on it. Actors of DeepFakeDetection are numbered apart from the YouTube clips. */
function peopleOf(method: string, clip: string): string[] {
  const acted = method === 'actors' || method === 'DeepFakeDetection';
  const numbers = (acted ? clip.split('__')[0] : clip).split('_');
  return numbers.map((number) => `${acted ? 'actor' : 'youtube'} ${number}`);
}

/** `01_02__talking__ABC` and `01__talking` are the same scene of actor 01. */
function sceneOf(method: string, clip: string): string {
  const scene = clip.split('__')[1] ?? '';
  return `${peopleOf(method, clip)[0]} ${scene}`;
}

function officialSplits(folder: Folder): Map<string, Split> {
  const splits = new Map<string, Split>();
  for (const split of SPLITS) {
    const list = `splits/${split}.json`;
    if (!folder.has(list)) continue;
    const pairs = folder.json(list);
    const whole = Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2);
    if (!whole) {
      throw unreadable(folder.path(list), {
        en: 'it is not a list of pairs of clips',
        zh: '不是视频编号对的列表',
      });
    }
    for (const clip of (pairs as string[][]).flat()) splits.set(`youtube ${clip}`, split);
  }
  return splits;
}
