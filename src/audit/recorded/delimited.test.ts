import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelimitedError, DelimitedReader } from './delimited.ts';

const read = (text: string, cuts: readonly number[] = []) => {
  const reader = new DelimitedReader();
  const pieces: string[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    const at = Math.min(text.length, Math.max(from, cut));
    pieces.push(text.slice(from, at));
    from = at;
  }
  pieces.push(text.slice(from));
  return [...pieces.flatMap((piece) => [...reader.push(piece)]), ...reader.push('', true)];
};

describe('separated text', () => {
  it('knows quotes, line breaks inside them, and the line each record began on', () => {
    expect(read('\ufeffa,b\r\n"1,""2""","x\ny"\r\n3,\n\n4,5')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1,"2"', 'x\ny'] },
      { line: 4, cells: ['3', ''] },
      { line: 6, cells: ['4', '5'] },
    ]);
  });

  it('finds out the separator', () => {
    expect(read('a;b,c;d\n1;2;3').at(-1)?.cells).toEqual(['1', '2', '3']);
    expect(read('a\tb\n1\t2').at(-1)?.cells).toEqual(['1', '2']);
  });

  it('reads what was written, however it is cut into pieces', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', ' ', ';') });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(200)), (rows, cuts) => {
        const head = 'one,two\n';
        const text =
          head + rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const found = read(text, cuts).slice(1);
        expect(found.map(({ cells }) => cells)).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('ends with the line of a quote that never closes, of a stray one, of an endless row', () => {
    const failing = (text: string) => {
      try {
        read(text);
      } catch (thrown) {
        return thrown as DelimitedError;
      }
      throw new Error('it was read');
    };
    expect(failing('a,b\n1,2\n"3,4\n5,6')).toMatchObject({ line: 3, reason: 'open-quote' });
    expect(failing('a,b\n"1"x,2\n')).toMatchObject({ line: 2, reason: 'stray-quote' });
    expect(failing(`a,b\n"${'x'.repeat(1 << 21)}`)).toBeInstanceOf(DelimitedError);
  });
});
