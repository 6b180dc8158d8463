/**
 * Are two names the same person? Services, data sets and file names write names their own way. The rule of the
 * published tables (arXiv 2103.00847) looks past case, underscores and punctuation only; people would also see that
 * "Mario López" is "Mario Lopez" and that "Michael Grylls" is Bear Grylls. Both are counted, because a comparison with
 * published figures needs the first and a bank needs the second.
 */
import { HuoyanError } from '../core/errors.ts';

/** `written`: case, spaces, underscores and punctuation do not count. `identity`: nor do accents and known aliases. */
export type NameRule = 'written' | 'identity';

/** Other names of people in published recordings: stage names, maiden names, a role taken for its actor, misspellings. */
const KNOWN: readonly (readonly string[])[] = [
  ['Aamir Khan', 'Amir Khan'],
  ['Bear Grylls', 'Michael Grylls', 'Edward Michael Grylls'],
  ['Debby Ryan', 'Debbie Ryan'],
  ['Fawad Khan', 'Fawad Afzal Khan'],
  ['Heather Morris', 'Heather Elizabeth Morris'],
  ['IU', 'Lee Ji-eun', '李知恩'],
  ['Katherine Jenkins', 'Catherine Jenkins'],
  ['Katy Perry', 'Katie Perry'],
  ['Kiefer Sutherland', 'Jack Bauer'],
  ['Luiz Inacio Lula da Silva', 'Lula da Silva', 'Lula'],
  ['Neil Patrick Harris', 'Patrick Harris'],
  ['Robert Downey Jr', 'Robert Downey Junior'],
  ['Tamannaah', 'Tamannaah Bhatia'],
  ['Triple H', 'Paul Levesque'],
];

/** Letters that are no accented form of another, but are written so where a keyboard lacks them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

/** Letters and digits of any script, lower case; what was not one disappears. */
function written(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
    .normalize('NFC');
}

/** As {@link written}, without accents. */
function folded(name: string): string {
  return written(name)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøđðłþı]/g, (letter) => LETTERS[letter])
    .normalize('NFC');
}

export interface NameBookOptions {
  /** Default `written`. */
  readonly rule?: NameRule;
  /** Groups of names of one person, beside the known ones; they hold under either rule. */
  readonly aliases?: readonly (readonly string[])[];
}

/** Turns names into keys that are equal for the same person. */
export class NameBook {
  readonly #plain: (name: string) => string;
  readonly #canonical = new Map<string, string>();

  constructor({ rule = 'written', aliases = [] }: NameBookOptions = {}) {
    this.#plain = rule === 'identity' ? folded : written;
    for (const group of rule === 'identity' ? [...aliases, ...KNOWN] : aliases) this.#join(group);
  }

  /** One person's names point at one key, also where two groups share a name. */
  #join(group: readonly string[]): void {
    const keys = group.map((name) => this.key(name));
    const [first] = keys;
    if (first === undefined) return;
    for (const name of group) this.#canonical.set(this.#plain(name), first);
    for (const [from, to] of this.#canonical) if (keys.includes(to)) this.#canonical.set(from, first);
    for (const key of keys) if (key !== first) this.#canonical.set(key, first);
  }

  /** Empty for a name without a letter or digit. */
  key(name: string): string {
    const plain = this.#plain(name);
    return this.#canonical.get(plain) ?? plain;
  }

  /** Whether both are names, and of one person. */
  same(a: string, b: string): boolean {
    const key = this.key(a);
    return key !== '' && key === this.key(b);
  }
}

/** Groups of aliases from JSON: `{"Bear Grylls": ["Michael Grylls"]}` or `[["Bear Grylls", "Michael Grylls"]]`. */
export function parseAliases(json: string, file: string): string[][] {
  const groups: string[][] = [];
  try {
    const value: unknown = JSON.parse(json);
    const entries: unknown[] = Array.isArray(value)
      ? value
      : Object.entries(value as object).map(([name, others]) =>
          Array.isArray(others) ? [name, ...others] : others,
        );
    for (const entry of entries) {
      if (!Array.isArray(entry) || !entry.every((name) => typeof name === 'string'))
        throw new TypeError('a group of aliases is a list of names');
      groups.push(entry);
    }
  } catch (cause) {
    throw new HuoyanError(
      'corrupt',
      { en: `"${file}" is not a list of aliases`, zh: `“${file}”不是别名表` },
      {
        en: 'write JSON such as {"Bear Grylls": ["Michael Grylls"]}',
        zh: '请写成 JSON，例如 {"Bear Grylls": ["Michael Grylls"]}',
      },
      { cause },
    );
  }
  return groups;
}
