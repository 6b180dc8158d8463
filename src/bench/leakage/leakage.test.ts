import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { picture } from '../../../test/pictures.ts';
import { encodeJpeg, encodePng } from '../../media/index.node.ts';
import { openBenchSet } from '../data/manifest.ts';
import { leakageOf } from './leakage.ts';

const root = mkdtempSync(join(tmpdir(), 'huoyan-leakage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Six photographs a camera, six pictures a generator; `format` is what gives the fakes away or does not. */
async function build(name: string, format: 'png' | 'jpeg') {
  for (let i = 0; i < 60; i++) {
    const fake = i % 2 === 1;
    const folder = join(root, name, fake ? '1_fake' : '0_real', `${fake ? 'gan' : 'camera'}${(i >> 1) % 5}`);
    mkdirSync(folder, { recursive: true });
    const image = picture(i, 64 + (i % 3) * 8, 64);
    const bytes =
      fake && format === 'png' ? await encodePng(image) : await encodeJpeg(image, { quality: 90 });
    writeFileSync(join(folder, `${i}.${fake ? format : 'jpeg'}`), bytes);
  }
}

beforeAll(async () => {
  await build('leaky', 'png');
  await build('fair', 'jpeg');
  // The same picture in another coat on the other side, and a file that is no picture.
  const twin = await encodeJpeg(picture(0, 64, 64), { quality: 60 });
  writeFileSync(join(root, 'fair', '1_fake', 'gan0', 'twin.jpg'), twin);
  writeFileSync(join(root, 'fair', '1_fake', 'gan0', 'broken.jpg'), 'no picture');
});

it('finds that format alone tells everything, and that it tells nothing', async () => {
  const leaky = openBenchSet(join(root, 'leaky'));
  const found = await leakageOf(leaky.items, []);
  expect(found.formatOnly?.auc.value).toBeGreaterThan(0.95);
  expect(found.formatOnly?.itemwise).toBe(false);
  const fair = await leakageOf(openBenchSet(join(root, 'fair')).items, []);
  expect(fair.formatOnly?.auc.value).toBeLessThan(0.8);
});

it('finds copies across labels, and counts what cannot be read', async () => {
  const { items } = openBenchSet(join(root, 'fair'));
  const splits = items.map(({ label }) => (label === 'fake' ? 'test' : 'train'));
  const { copies, unreadable } = await leakageOf(items, splits);
  expect(unreadable).toBe(1);
  expect(copies.acrossLabels).toBeGreaterThanOrEqual(1);
  expect(copies.acrossSplits).toBe(copies.acrossLabels);
  expect(copies.examples[0].toSorted()).toEqual(['0_real/camera0/0.jpeg', '1_fake/gan0/twin.jpg']);
});

it('of a sample takes both classes, the same each time', async () => {
  const { items } = openBenchSet(join(root, 'fair'));
  const one = await leakageOf(items, [], { sample: 30, rounds: 50 });
  expect(one).toMatchObject({ examined: 30, of: 62 });
  expect(await leakageOf(items, [], { sample: 30, rounds: 50 })).toEqual(one);
});
