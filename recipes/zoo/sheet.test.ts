import { describe, expect, it } from 'vitest';
import { layOut, type Shown, SIDE } from './grid.ts';
import { quartiles } from './quartiles.ts';

const flat = (value: number) => ({
  ...{ width: SIDE, height: SIDE },
  data: new Uint8Array(SIDE * SIDE * 3).fill(value),
});
const shown = (name: string, family: Shown['family'], ...values: number[]): Shown => ({
  ...{ name, family },
  pictures: values.map(flat),
});

describe('the contact sheet', () => {
  const groups = [
    ['gan', [shown('a', 'gan', 10, 20), shown('b', 'gan', 30, 40), shown('c', 'gan', 50, 60)]],
    ['shallow', [shown('d', 'shallow', 70)]],
  ] as const;
  const { sheet, legend } = layOut(groups, (family) => (family === 'gan' ? 2 : 4));

  it('says in its legend which generators lie in which row', () => {
    expect(legend).toEqual([
      { family: 'gan', names: ['a', 'b'] },
      { family: 'gan', names: ['c'] },
      { family: 'shallow', names: ['d'] },
    ]);
  });

  it('shows every picture once, whole, where the legend says', () => {
    const areas = new Map<number, number>();
    for (let i = 0; i < sheet.data.length; i += 3)
      areas.set(sheet.data[i], (areas.get(sheet.data[i]) ?? 0) + 1);
    for (const value of [10, 20, 30, 40, 50, 60, 70]) expect(areas.get(value)).toBe(SIDE * SIDE);
    const firstRow = sheet.data.indexOf(10);
    const order = [...sheet.data.subarray(firstRow, firstRow + sheet.width * 3)].filter((v) => v < 100);
    expect([...new Set(order)]).toEqual([10, 20, 30, 40]);
    const tops = [10, 50, 70].map((value) => Math.floor(sheet.data.indexOf(value) / (sheet.width * 3)));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
  });
});

it('five numbers are least, quartiles and most', () => {
  expect(quartiles([5, 1, 3, 2, 4])).toEqual([1, 2, 3, 4, 5]);
  expect(quartiles([1, 2])).toEqual([1, 1.25, 1.5, 1.75, 2]);
  expect(quartiles([7])).toEqual([7, 7, 7, 7, 7]);
});
