import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameBook, parseAliases } from './names.ts';

const written = new NameBook();
const identity = new NameBook({ rule: 'identity' });

describe('names', () => {
  it.each([
    ['Emma_Watson', 'emma watson'],
    ['Joseph Gordon-Levitt', 'Joseph GordonLevitt'],
    ['Robert Downey Jr.', 'robert_downey_jr'],
    ['范冰冰', '范 冰冰'],
    ['Gisele Bündchen', 'Gisele Bu\u0308ndchen'],
  ])('%s is %s as written', (a, b) => {
    expect(written.same(a, b)).toBe(true);
  });

  it.each([
    ['Mario López', 'Mario Lopez'],
    ['Michael Grylls', 'Bear Grylls'],
    ['Jack Bauer', 'Kiefer Sutherland'],
    ['Søren Łukasz', 'Soren Lukasz'],
  ])('%s is %s by identity only', (a, b) => {
    expect(written.same(a, b)).toBe(false);
    expect(identity.same(a, b)).toBe(true);
  });

  it('keeps different people apart, and nobody is no name', () => {
    for (const book of [written, identity]) {
      expect(book.same('Chris Evans', 'Chris Pine')).toBe(false);
      expect(book.same('范冰冰', '李冰冰')).toBe(false);
      expect(book.same('', '')).toBe(false);
      expect(book.same('...', '-')).toBe(false);
    }
  });

  it('takes aliases of the user under either rule, also where groups share a name', () => {
    const book = new NameBook({
      aliases: [
        ['Ye', 'Kanye West'],
        ['Kanye West', 'Yeezy'],
        ['Prince', 'Rogers Nelson'],
      ],
    });
    expect(book.same('yeezy', 'YE')).toBe(true);
    expect(book.same('prince', 'ye')).toBe(false);
  });

  it('is an equivalence for whatever names there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string(), { maxLength: 3 }), { maxLength: 4 }),
        fc.string(),
        fc.string(),
        (aliases, a, b) => {
          const book = new NameBook({ rule: 'identity', aliases });
          expect(book.same(a, b)).toBe(book.same(b, a));
          expect(book.same(a, a.normalize('NFD'))).toBe(book.key(a) !== '');
          for (const [first, ...rest] of aliases)
            for (const other of rest)
              if (book.key(first) !== '' && book.key(other) !== '')
                expect(book.same(first, other)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads lists of aliases and says what is wrong with one', () => {
    expect(parseAliases('{"Ye": ["Kanye West"]}', 'a.json')).toEqual([['Ye', 'Kanye West']]);
    expect(parseAliases('[["Ye", "Kanye West"]]', 'a.json')).toEqual([['Ye', 'Kanye West']]);
    for (const bad of ['', '[1]', '{"a": [2]}', 'null', '"x"'])
      expect(() => parseAliases(bad, 'a.json')).toThrowError(/not a list of aliases/);
  });
});
