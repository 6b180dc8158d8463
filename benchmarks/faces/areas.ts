/** Which faces are held against which, and the area between them as a cell of a table. */
import { auc, bootstrap } from '../../src/bench/metrics.ts';

/** Pictures are held against pictures, clips against clips, and DFDC against its own originals. */
export function family(set: string): 'dfdc' | 'clips' | 'pictures' {
  if (/dfdc_faces224$/.test(set)) return 'dfdc';
  return set.startsWith('video_') ? 'clips' : 'pictures';
}

/** Area under the curve of `fakes` above `reals`. */
export const area = (fakes: readonly number[], reals: readonly number[]) =>
  auc([...fakes, ...reals], [...fakes.map(() => true), ...reals.map(() => false)]);

/** With a 95 % interval over files of both classes. */
export function areaCell(fakes: readonly number[], reals: readonly number[], interval: boolean): string {
  if (fakes.length === 0 || reals.length === 0) return '–';
  const value = area(fakes, reals).toFixed(2);
  if (!interval || fakes.length < 5) return value;
  const items = [...fakes.map((v) => ({ v, fake: true })), ...reals.map((v) => ({ v, fake: false }))];
  const [low, high] = bootstrap(
    items,
    (drawn) =>
      area(
        drawn.filter((d) => d.fake).map((d) => d.v),
        drawn.filter((d) => !d.fake).map((d) => d.v),
      ),
    { rounds: 200 },
  );
  return `${value} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
