/** Published detectors' scores on the same files (`peers/audio.NAME.csv` of the data folder), higher for synthetic. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PEERS = ['AASIST-L', 'AASIST'] as const;

/** Score by `SET/FILE`; null where the data folder has none. */
export function peerScores(folder: string, name: string): Map<string, number> | null {
  const path = join(folder, 'peers', `audio.${name}.csv`);
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      return [cells.slice(0, -2).join(','), Number(cells.at(-1))] as const;
    }),
  );
}
