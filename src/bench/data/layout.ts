/** One way of laying out a data set: how it is recognised, and how it is read. */
import type { Folder } from './folder.ts';
import type { BenchItem } from './item.ts';

export interface Layout {
  /** Stable name, for instance `faceforensics`. */
  readonly name: string;
  /** A look at the folder that is cheap and never wrong for another layout of the manifest that stands before. */
  recognises(folder: Folder): boolean;
  /** Everything in it. Throws HuoyanError `corrupt` for a list that cannot be read. */
  read(folder: Folder): { readonly items: readonly BenchItem[]; readonly missing: number };
}
