import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HuoyanError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { checkedItems, checkedVector, checkSearch, type Fingerprint } from './fingerprint.ts';

const good: Fingerprint = { id: 'a', label: 'photo.jpg', vector: Float32Array.of(3, 4) };

function refusal(work: () => unknown): HuoyanError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(HuoyanError);
    const refused = error as HuoyanError;
    expect(refused.code).toBe('bad-argument');
    for (const text of [refused.text, refused.hint]) {
      expect(text.en.length).toBeGreaterThan(5);
      expect(text.zh).toMatch(/\p{Script=Han}/u);
    }
    return refused;
  }
  throw new Error('not refused');
}

test('vectors are brought to unit length', () => {
  expect([...checkedVector(Float32Array.of(3, 4), 2, 'v')]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 3, maxLength: 3, noNaN: true, noDefaultInfinity: true }),
      (v) => {
        fc.pre(v.some((x) => x !== 0));
        expect(Math.hypot(...checkedVector(v, 3, 'v'))).toBeCloseTo(1, 5);
      },
    ),
  );
});

describe('what cannot be stored is refused, with the item named', () => {
  const circle: { self?: Json } = {};
  circle.self = circle as Json;
  test.each<[string, Partial<Record<keyof Fingerprint, unknown>>, RegExp]>([
    ['too few numbers', { vector: Float32Array.of(1) }, /"a" has 1 numbers/],
    ['too many numbers', { vector: Float32Array.of(1, 2, 3) }, /"a" has 3 numbers/],
    ['NaN', { vector: Float32Array.of(1, Number.NaN) }, /no direction/],
    ['infinity', { vector: Float32Array.of(1, Number.POSITIVE_INFINITY) }, /no direction/],
    ['zero', { vector: new Float32Array(2) }, /no direction/],
    ['an empty id', { id: '' }, /id of item 0/],
    ['an id that is no text', { id: 5 }, /id of item 0/],
    ['an id with NUL', { id: 'a\0b' }, /id of item 0/],
    ['half a character', { id: '\ud83d' }, /id of item 0/],
    ['a long label', { label: 'x'.repeat(2049) }, /label of "a"/],
    ['long facts', { facts: 'x'.repeat(16384) }, /facts of "a"/],
    ['facts in a circle', { facts: circle }, /facts of "a"/],
    ['facts that are no JSON', { facts: 5n }, /facts of "a"/],
  ])('%s', (_, part, message) => {
    expect(refusal(() => checkedItems([{ ...good, ...part } as Fingerprint], 2)).message).toMatch(message);
  });

  test('the same id twice in one call', () => {
    expect(refusal(() => checkedItems([good, good], 2)).message).toMatch(/"a" is taken/);
  });
});

test('a search wants a sensible number of results and a similarity', () => {
  for (const k of [0, 1001, 1.5, Number.NaN]) refusal(() => checkSearch(k, {}));
  for (const minSimilarity of [-1.1, 1.1, Number.NaN]) refusal(() => checkSearch(1, { minSimilarity }));
  checkSearch(1000, { minSimilarity: 1 });
});
