/** Every layout that is understood, the more particular first. Adding one is a file and a line here. */
import { HuoyanError } from '../../core/errors.ts';
import { asvspoof } from './asvspoof.ts';
import { celebDf } from './celeb-df.ts';
import { collection } from './collection.ts';
import { deepfakebench } from './deepfakebench.ts';
import { dfdc } from './dfdc.ts';
import { faceforensics } from './faceforensics.ts';
import { Folder } from './folder.ts';
import { genimage } from './genimage.ts';
import { imdl } from './imdl.ts';
import type { BenchSet } from './item.ts';
import type { Layout } from './layout.ts';
import { cnndetection, plain } from './real-fake-tree.ts';

export const LAYOUTS: readonly Layout[] = [
  ...[faceforensics, celebDf, dfdc, genimage, collection, deepfakebench, imdl, asvspoof, plain, cnndetection],
];

/** The data set in the folder `root`. Throws HuoyanError `not-found`, `unsupported-format` or `corrupt`. */
export function openBenchSet(root: string): BenchSet {
  const folder = new Folder(root);
  if (!folder.hasFolder('')) {
    throw new HuoyanError(
      'not-found',
      { en: `${root} is not a folder`, zh: `${root} 不是文件夹` },
      { en: 'name the folder of a data set', zh: '请指定数据集所在文件夹' },
    );
  }
  const layout = LAYOUTS.find((one) => one.recognises(folder));
  if (!layout) {
    const names = LAYOUTS.map(({ name }) => name).join(', ');
    throw new HuoyanError(
      'unsupported-format',
      { en: `${root} has none of the known layouts`, zh: `${root} 不属于任何已知布局` },
      {
        en: `known are ${names}; simplest: two folders 0_real and 1_fake`,
        zh: `已知布局：${names}；最简单的是 0_real 与 1_fake 两个文件夹`,
      },
    );
  }
  const { items, missing } = layout.read(folder);
  const sorted = [...items].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { layout: layout.name, root: folder.root, items: sorted, missing };
}
