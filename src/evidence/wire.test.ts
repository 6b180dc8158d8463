import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import { errorFromWire, errorToWire, fromWire, toWire, unreadable } from './wire.ts';

const text = fc.record({ en: fc.string(), zh: fc.string() });

describe('errors between processes', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.constantFrom('corrupt', 'timeout', 'internal'), text, text, (code, words, hint) => {
        const error = new HuoyanError(code as 'corrupt', words, hint);
        const back = errorFromWire(structuredClone(errorToWire(error)));
        expect(back).toBeInstanceOf(HuoyanError);
        expect([back.code, back.text, back.hint, back.message]).toEqual([code, words, hint, error.message]);
        expect(back.cause).toBeUndefined();
      }),
    );
  });

  it('carry their cause as words, whatever was thrown', () => {
    for (const cause of [new Error('deep'), 'words', 42, { odd: () => 1 }, null]) {
      const error = new HuoyanError('internal', { en: 'e', zh: '错' }, { en: 'h', zh: '示' }, { cause });
      const back = errorFromWire(structuredClone(errorToWire(error)));
      expect(back.cause).toContain(cause instanceof Error ? 'deep' : String(cause));
    }
  });
});

describe('analyses between processes', () => {
  it('keep maps, previews and numbers JSON could not hold', () => {
    const analysis = {
      outcome: 'analysed',
      file: 'a.png',
      evidence: [{ map: { width: 2, height: 1, data: new Float32Array([0.5, Number.NaN]) } }],
      preview: new Uint8Array([1, 2, 3]),
      timing: { total: Number.POSITIVE_INFINITY },
    } as unknown as Analysis;
    expect(fromWire(structuredClone(toWire(analysis)))).toEqual(analysis);
  });

  it('bring an unreadable file over with its error', () => {
    const error = new HuoyanError('empty', { en: 'empty', zh: '空' }, { en: 'h', zh: '示' });
    const back = fromWire(structuredClone(toWire(unreadable('x', error))));
    expect(back).toMatchObject({ outcome: 'unreadable', file: 'x', sha256: null });
    expect(back.outcome === 'unreadable' && back.error).toBeInstanceOf(HuoyanError);
  });
});
