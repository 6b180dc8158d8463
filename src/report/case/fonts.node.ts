/**
 * A font with Chinese for documents that must look the same everywhere: Noto Sans SC (SIL Open Font License 1.1), of which only
 * the characters that are used go into the document. The package holds it in a hundred slices of a variable font; the slices
 * that are needed are cut down and fixed at a weight by HarfBuzz. The one door to both packages, which are optional.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HuoyanError } from '../../core/errors.ts';

export type Weight = 'regular' | 'bold';

export interface FontPart {
  /** To be known by in the document. */
  readonly name: string;
  /** TrueType. */
  readonly bytes: Uint8Array;
}

export interface Fonts {
  readonly parts: readonly FontPart[];
  /** The part that draws `char` in that weight; null where the font has no such character. */
  partOf(char: string, weight: Weight): string | null;
}

const PACKAGE = '@fontsource-variable/noto-sans-sc';
const WGHT: Readonly<Record<Weight, number>> = { regular: 400, bold: 700 };

/** The font for the characters of `used`. Rejects with HuoyanError `component-missing`. */
export async function fontsFor(used: Readonly<Record<Weight, ReadonlySet<string>>>): Promise<Fonts> {
  const { subsetFont, slices, fileOf } = await open();
  const parts: FontPart[] = [];
  const places = new Map<string, string>();
  for (const weight of ['regular', 'bold'] as const) {
    const wanted = new Map<string, string[]>();
    for (const char of used[weight]) {
      const slice = slices.find(({ has }) => has(char.codePointAt(0) as number));
      if (slice) wanted.set(slice.name, [...(wanted.get(slice.name) ?? []), char]);
    }
    for (const [slice, chars] of wanted) {
      const name = `${slice}-${weight}`;
      const variationAxes = { wght: WGHT[weight] };
      const options = { targetFormat: 'truetype', variationAxes } as const;
      parts.push({ name, bytes: await subsetFont(await readFile(fileOf(slice)), chars.join(''), options) });
      for (const char of chars) places.set(`${weight} ${char}`, name);
    }
  }
  return { parts, partOf: (char, weight) => places.get(`${weight} ${char}`) ?? null };
}

interface Slice {
  readonly name: string;
  readonly has: (codePoint: number) => boolean;
}

async function open() {
  const require = createRequire(import.meta.url);
  try {
    const { default: subsetFont } = await import('subset-font');
    const ranges: Record<string, string> = JSON.parse(
      await readFile(require.resolve(`${PACKAGE}/unicode.json`), 'utf8'),
    );
    const slices = Object.entries(ranges).map(([name, list]): Slice => {
      const pairs = list.split(',').map((range) => {
        const [from, to = from] = range.replace('U+', '').split('-');
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
      });
      const slice = name.replace(/[[\]]/g, '');
      return { name: slice, has: (code) => pairs.some(([from, to]) => code >= from && code <= to) };
    });
    // Latin first: its slices hold what figures and English are set with.
    slices.sort((a, b) => Number(b.name.startsWith('latin')) - Number(a.name.startsWith('latin')));
    const fileOf = (slice: string) =>
      require.resolve(`${PACKAGE}/files/noto-sans-sc-${slice}-wght-normal.woff2`);
    return { subsetFont, slices, fileOf };
  } catch (cause) {
    throw new HuoyanError(
      'component-missing',
      {
        en: `the packages subset-font and ${PACKAGE} are not installed`,
        zh: `未安装软件包 subset-font 与 ${PACKAGE}`,
      },
      { en: `run: npm install subset-font ${PACKAGE}`, zh: `请运行：npm install subset-font ${PACKAGE}` },
      { cause },
    );
  }
}
