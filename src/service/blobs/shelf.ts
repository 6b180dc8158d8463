/** Where bytes lie that are not read in place: on the disk but encrypted, or on an S3-compatible store. */
import { constants } from 'node:fs';
import { copyFile, rm, stat } from 'node:fs/promises';
import { placeOf, settle } from './disk.ts';

export interface Shelf {
  /** Takes the file `path` away from where it is and keeps it under `name`. */
  put(name: string, path: string): Promise<void>;
  /** Copies what is kept to the new file `to`; false when there is nothing of that name. */
  take(name: string, to: string): Promise<boolean>;
  has(name: string): Promise<boolean>;
  /** What is not there is not missed. */
  remove(name: string): Promise<void>;
}

const there = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A shelf in the folder `root`. */
export function diskShelf(root: string): Shelf {
  return {
    put: (name, path) => settle(path, placeOf(root, name)),
    async take(name, to) {
      const from = placeOf(root, name);
      if (!(await there(from))) return false;
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      return true;
    },
    has: (name) => there(placeOf(root, name)),
    remove: (name) => rm(placeOf(root, name), { force: true }),
  };
}
