/** Any other detector as a gate: its scores from a file, found by path, by the end of a path, or by content. */
import { readScores } from '../../bench/scores/file.node.ts';
import type { Picture } from '../recogniser.ts';

export interface ScoreFile {
  readonly name: string;
  /** Higher is likelier fake; null where the file has no score for the picture. */
  score(picture: Picture): number | null;
}

/** Throws HuoyanError when the file cannot be read. */
export async function scoreFile(path: string): Promise<ScoreFile> {
  const { name, rows } = await readScores(path);
  const byKey = new Map<string, number>();
  for (const { key, sha256, score } of rows) {
    if (score === null) continue;
    byKey.set(parts(key).join('/'), score);
    if (sha256) byKey.set(sha256, score);
  }
  return {
    name,
    score({ file, sha256 }) {
      const known = byKey.get(sha256);
      if (known !== undefined) return known;
      const all = parts(file);
      for (let i = 0; i < all.length; i++) {
        const found = byKey.get(all.slice(i).join('/'));
        if (found !== undefined) return found;
      }
      return null;
    },
  };
}

const parts = (path: string) => path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
