import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { encodeJpeg, encodePng } from '../media/index.node.ts';
import { userPictures } from './user-pictures.node.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-mine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Red in the middle square, blue beside it. */
const wide = {
  ...{ width: 60, height: 20 },
  data: Uint8Array.from({ length: 60 * 20 * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % 60;
    const middle = x >= 20 && x < 40;
    return (i % 3 === 0 && middle) || (i % 3 === 2 && !middle) ? 200 : 0;
  }),
};

it('takes the middle square of every picture, folders inside included, and says what it could not read', async () => {
  await mkdir(join(folder, 'deep'));
  await writeFile(join(folder, 'a.png'), await encodePng(wide));
  await writeFile(
    join(folder, 'deep', 'b.jpg'),
    await encodeJpeg(wide, { quality: 95, subsampling: '4:4:4' }),
  );
  await writeFile(join(folder, 'notes.txt'), 'not a picture');
  const { source, count, failed } = await userPictures(folder, 8);
  expect(count).toBe(2);
  expect(failed.map(({ path }) => path)).toEqual([join(folder, 'notes.txt')]);
  const drawn = source.draw(new Random(1), 'faces', 8, 5);
  for (let i = 0; i < drawn.length; i++) {
    const red = Math.floor(i / 64) % 3 === 0;
    expect(Math.abs(drawn[i] - (red ? 200 : 0))).toBeLessThan(25);
  }
});

it('has both groups from a single picture', async () => {
  const one = join(folder, 'a.png');
  const { source, count } = await userPictures(one, 16);
  expect(count).toBe(1);
  for (const group of [0, 1] as const)
    expect(source.draw(new Random(1), 'textures', 16, 1, group)[0]).toBe(200);
});

it('says that there is nothing to start from', async () => {
  for (const place of [join(folder, 'notes.txt'), join(folder, 'none')])
    await expect(userPictures(place, 8)).rejects.toMatchObject({ code: 'not-found' });
});
