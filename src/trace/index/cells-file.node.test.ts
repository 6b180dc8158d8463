import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { Cells } from './cells.ts';
import { loadCells, saveCells } from './cells-file.node.ts';

let folder: string;
let path: string;
const random = new Random(1);
const vector = () => {
  const v = Float32Array.from({ length: 20 }, () => random.normal());
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
};
const cells = new Cells(20);
const queries = Array.from({ length: 20 }, vector);
const answers = (of: Cells) => queries.map((query) => of.search(query, 10, -1, 20_000));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-cells-'));
  path = join(folder, 'cells');
  for (let serial = 1; serial <= 5000; serial++) cells.add(serial, vector());
  for (let serial = 3; serial <= 5000; serial += 7) cells.delete(serial);
  await saveCells(path, cells, 'this', 5715);
});
afterAll(() => rm(folder, { recursive: true }));

test('cells come back as they were and go on from there', async () => {
  const loaded = await loadCells(path, 'this', 20);
  expect(loaded?.last).toBe(5715);
  const copy = loaded?.cells as Cells;
  expect(copy.count).toBe(cells.count);
  expect(answers(copy)).toEqual(answers(cells));
  const more = vector();
  copy.add(6000, more);
  expect(copy.search(more, 1, -1, 20_000)).toEqual([6000]);
  expect(copy.delete(1)).toBe(true);
  expect(copy.delete(3)).toBe(false);
});

test('an absent, foreign, cut or altered file is no file', async () => {
  expect(await loadCells(join(folder, 'none'), 'this', 20)).toBeNull();
  expect(await loadCells(path, 'other', 20)).toBeNull();
  expect(await loadCells(path, 'this', 21)).toBeNull();
  const bytes = await readFile(path);
  const damaged = join(folder, 'damaged');
  for (const at of [0, 9, 30, 400, bytes.length >> 1, bytes.length - 1]) {
    const altered = Buffer.from(bytes);
    altered[at] ^= 4;
    await writeFile(damaged, altered);
    expect(await loadCells(damaged, 'this', 20), `byte ${at}`).toBeNull();
  }
  for (const length of [0, 7, 11, 100, bytes.length - 1]) {
    await writeFile(damaged, bytes.subarray(0, length));
    expect(await loadCells(damaged, 'this', 20), `length ${length}`).toBeNull();
  }
});

test('no cells at all can be kept, too', async () => {
  const empty = join(folder, 'empty');
  await saveCells(empty, new Cells(20), 'this', 0);
  expect((await loadCells(empty, 'this', 20))?.cells.count).toBe(0);
});
