/**
 * `npm run bench:voice -- languages`: voices in languages that the scoring fit had not heard. Which language a clip is in
 * is what its collection states, or the corpus that its page or its published name gives; nobody listened, and where
 * neither says, the clip is in no row. Prints Markdown.
 */
import { isNarrowRoad } from '../../recipes/voice/channel.ts';
import { poolSets } from '../../recipes/voice/debian/pool.ts';
import { corpus } from '../../recipes/voice/describe.ts';
import { scoreOn } from '../../recipes/voice/fit.ts';
import { judged } from '../../recipes/voice/judged.ts';
import { allRows, type Fold, type Judged, judgeFolds, releasedBeside } from '../../recipes/voice/validate.ts';
import { Ranking, summarise } from '../../src/bench/measure/curve.ts';
import { estimate, redraws } from '../../src/bench/measure/redraw.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { llrOf } from '../../src/evidence/synthesis/calibration.ts';
import { CALIBRATIONS } from '../../src/evidence/voice/fitted.ts';
import { errorRates, interval, itemOf, percent, table } from './rates.ts';

/** Corpora of one language, as published names give them. */
const CORPORA: readonly (readonly [language: string, name: RegExp])[] = [
  ['zh', /AISHELL-?3/i],
  ['en', /LJSpeech|LibriTTS|librispeech|VCTK|arctic/i],
];
/** Pages whose recordings are all of English corpora (LJSpeech, LibriTTS, VCTK), the systems trained on them. */
const ENGLISH_PAGES = new Set(['hifi-gan', 'vits', 'diffwave', 'styletts2', 'librispeech']);
const NAMES: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'German',
  yo: 'Yoruba',
  es: 'Spanish',
  zh: 'Mandarin',
  ko: 'Korean',
  ja: 'Japanese',
};
const ROADS = ['stored', 'telephone'] as const;

const sets = corpus();
const stated = new Map(
  [...sets, ...poolSets()].flatMap((set) =>
    set.files.map(({ name, language }) => [`${set.name}/${name}`, language] as const),
  ),
);

/** Null where neither the collection nor a name tells. */
function languageOf(set: SpeechSet, file: string): string | null {
  const known = stated.get(`${set.name}/${file}`);
  if (known) return known;
  const named = CORPORA.find(([, pattern]) => pattern.test(file));
  if (named) return named[0];
  return ENGLISH_PAGES.has(set.page) ? 'en' : null;
}

const languages = [
  ...new Set(sets.flatMap((set) => set.files.map(({ name }) => languageOf(set, name)))),
].filter((language): language is string => language !== null);

/** Clips of a page that holds the language, or that nobody named, are not learned from either; English is on most pages. */
function foldOf(language: string): Fold {
  const pages = new Set(
    sets
      .filter((set) => set.files.some(({ name }) => languageOf(set, name) === language))
      .map(({ page }) => page),
  );
  return {
    name: language,
    learned(set, file) {
      const own = languageOf(set, file);
      return own !== null && own !== language && (language === 'en' || !pages.has(set.page));
    },
    judged: (set, file) => languageOf(set, file) === language,
  };
}

/** Of clips of one class, those on the wrong side of even odds, as the release is calibrated. */
function wrong(judged: readonly Judged[], fake: boolean): string {
  const own = judged.filter((one) => one.fake === fake);
  const misses = own.filter((one) => {
    const llr = llrOf(scoreOn(one), CALIBRATIONS[isNarrowRoad(one.road) ? 'narrow' : 'wide']);
    return fake ? llr < 0 : llr > 0;
  });
  return `${misses.length} of ${own.length}`;
}

const found = judged('page', sets);
const rows = allRows(sets).filter((row) => !row.copy);
const beside = releasedBeside();
const lines: string[][] = [];
for (const language of languages) {
  const [apart, alike] = [judgeFolds(rows, [foldOf(language)], { beside }), found].map((list) =>
    list.filter((one) => languageOf(one.set, one.file) === language),
  );
  for (const road of ROADS) {
    const [out, kept] = [apart, alike].map((list) => list.filter((one) => one.road === road));
    const items = out.map(itemOf);
    const ranking = new Ranking(
      items.map(({ score }) => score),
      items.map(({ label }) => label === 'fake'),
    );
    const auc = (weights?: ArrayLike<number>) => summarise(ranking, weights).auc;
    const { value, lo, hi } = estimate(
      auc(),
      redraws(items).weights.map((w) => auc(w)),
    );
    lines.push([
      NAMES[language] ?? language,
      road,
      `${out.filter((one) => one.fake).length} / ${out.filter((one) => !one.fake).length}`,
      interval(errorRates(kept.map(itemOf)).files),
      interval(errorRates(items).files),
      `${value.toFixed(2)} (${lo.toFixed(2)}–${hi.toFixed(2)})`,
      wrong(out, true),
      wrong(out, false),
    ]);
  }
}
const counted = found.filter((one) => one.road === 'stored');
const unnamed = counted.filter((one) => languageOf(one.set, one.file) === null).length;
console.log(`## Languages

Printed by \`npm run bench:voice -- languages\`.

Each language is judged by a fit that has heard neither it nor, but for English, any page that holds it; what was left to learn from English is all that is not English. Beside it the same clips with only their page left out. The language is what the collection states of a clip, or the corpus that its page or its published name gives; ${unnamed} of ${counted.length} clips (${percent(unnamed / counted.length)}) have neither and are in no row. Brackets: 95 % intervals from redrawing whole systems and corpora; with few clips they say little, and no interval makes five clips more than five. The last two columns: clips on the wrong side of even odds, the language left out, as the release is calibrated.

${table(
  [
    'language',
    'road',
    'synthetic / recorded',
    'EER by file, page left out',
    'EER by file, language left out',
    'AUC, language left out',
    'synthetic below even odds',
    'recorded above',
  ],
  lines,
)}
`);
