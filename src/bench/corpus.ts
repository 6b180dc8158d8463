/**
 * The picture corpus as sets: one folder a source or a generator, `META.json` beside the pictures. Nothing here knows
 * what a set is used for; which side of a split it stands on is decided by `splits.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ImageSet {
  /** Folder name, for instance `fake_sdxl_sdnext`. */
  readonly name: string;
  readonly label: 'real' | 'fake';
  readonly generator: string;
  /** As the collection states it. */
  readonly licence: string;
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
}

const PICTURE = /\.(jpe?g|png|webp|avif|gif|tiff?|bmp)$/i;

/** The data folder: `HUOYAN_DATA`, or `shared/data` beside the checkout; null when neither is there. */
export function dataFolder(): string | null {
  const candidates = [process.env.HUOYAN_DATA, resolve('..', 'shared', 'data')];
  return (
    candidates.find((folder): folder is string => !!folder && existsSync(join(folder, 'images'))) ?? null
  );
}

/** All sets below `folder/images`, sorted by name. */
export function imageSets(folder: string): ImageSet[] {
  const root = join(folder, 'images');
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^(real|fake)_/.test(entry.name))
    .map((entry) => {
      const path = join(root, entry.name);
      const meta = JSON.parse(readFileSync(join(path, 'META.json'), 'utf8'));
      return {
        name: entry.name,
        label: entry.name.startsWith('real_') ? ('real' as const) : ('fake' as const),
        generator: String(meta.generator ?? ''),
        licence: String(meta.licence ?? 'not stated'),
        files: readdirSync(path)
          .filter((file) => PICTURE.test(file))
          .sort()
          .map((file) => join(path, file)),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
