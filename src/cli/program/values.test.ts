import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integer, numberBetween, Unfit } from './values.ts';

describe('numberBetween', () => {
  it('takes what lies strictly between, and the upper end only where it is allowed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true, maxExcluded: true }), (x) => {
        expect(numberBetween(0, 1, false)(String(x))).toBe(x);
      }),
    );
    expect(numberBetween(0, 1, true)('1')).toBe(1);
    expect(() => numberBetween(0, 1, false)('1')).toThrow(Unfit);
  });
  it.each(['', ' ', '0', '-1', '1.5', 'half', 'NaN', 'Infinity'])('refuses %j', (value) => {
    expect(() => numberBetween(0, 1, true)(value)).toThrow(Unfit);
  });
});

describe('integer', () => {
  it('takes every whole number of its range and none beyond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), (n) => {
        const read = () => integer(10, 1000)(String(n));
        if (n >= 10 && n <= 1000) expect(read()).toBe(n);
        else expect(read).toThrow(Unfit);
      }),
    );
  });
  it.each(['', '1.5', '1e2', '-3', ' 5', '0x10', 'many'])('refuses %j', (value) => {
    expect(() => integer(1, 1000)(value)).toThrow(Unfit);
  });
  it('says what would fit, in both languages', () => {
    const complaint = expect.objectContaining({
      text: { en: 'It must be a whole number from 1 to 9.', zh: '应为 1 到 9 的整数。' },
    });
    expect(() => integer(1, 9)('0')).toThrow(complaint);
  });
});
