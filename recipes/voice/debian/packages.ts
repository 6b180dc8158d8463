/**
 * The packages of Debian that the pool is made of, by name: recorded voices that are credited to people, and programs
 * that make or code speech. Nothing of them is part of this project.
 */

/** Recorded speech: the sound files of a package that match belong to one speaker, or to a few. */
export interface RecordedSet {
  readonly name: string;
  readonly package: string;
  readonly what: string;
  readonly licence: string;
  /** ISO 639-1. */
  readonly language: string;
  readonly files: RegExp;
}

const NO_SPEECH = '(?!silence/|beep|confbridge-(join|leave)|ascending|descending|tt-)';

const asterisk = (code: string, language: string, who: string, licence: string): RecordedSet => ({
  name: `debian_asterisk_${code}`,
  package: `asterisk-core-sounds-${code}-g722`,
  what: `telephone prompts spoken by ${who}, recorded`,
  licence,
  language,
  files: new RegExp(`sounds/[^/]+/${NO_SPEECH}.*\\.g722$`),
});

const stamps = (code: string, language = code): RecordedSet => ({
  name: `debian_stamps_${code}`,
  package: 'tuxpaint-stamps-default',
  what: 'names of pictures spoken by volunteers, recorded',
  licence: 'GPL-2',
  language,
  files: new RegExp(`_desc_${code}\\.ogg$`),
});

const letters = (code: string, language = code): RecordedSet => ({
  name: `debian_letters_${code}`,
  package: 'klettres-data',
  what: 'letters and syllables spoken by volunteers, recorded',
  licence: 'GPL-2+',
  language,
  files: new RegExp(`klettres/${code}/(alpha|syllab)/.*\\.ogg$`),
});

export const RECORDED: readonly RecordedSet[] = [
  asterisk('en', 'en', 'Allison Smith', 'CC-BY-SA-3.0'),
  asterisk('es', 'es', 'Allison Smith', 'CC-BY-SA-3.0'),
  asterisk('fr', 'fr', 'June Wallack', 'CC-BY-SA-3.0'),
  asterisk('it', 'it', 'Carlo Flora', 'CC-BY-3.0'),
  asterisk('ru', 'ru', 'Maxim (ivrvoice.ru)', 'CC-BY-3.0'),
  {
    name: 'debian_prompts_es-co',
    package: 'asterisk-prompt-es-co',
    what: 'telephone prompts, recorded',
    licence: 'GPL-2',
    language: 'es',
    files: /sounds\/es\/(?!beep).*\.gsm$/,
  },
  {
    name: 'debian_prompts_fr-armelle',
    package: 'asterisk-prompt-fr-armelle',
    what: 'telephone prompts spoken by Armelle Desjardins, recorded',
    licence: 'BSD-2-Clause, with no endorsement',
    language: 'fr',
    files: /sounds\/fr\/(?!beep).*\.gsm$/,
  },
  {
    name: 'debian_prompts_it-menardi',
    package: 'asterisk-prompt-it-menardi-wav',
    what: 'telephone prompts spoken by Paola Dal Zot, recorded',
    licence: 'CC-BY-SA-3.0',
    language: 'it',
    files: new RegExp(`sounds/it_IT_f_Menardi/${NO_SPEECH}.*\\.wav$`),
  },
  {
    name: 'debian_librivox_en',
    package: 'pocketsphinx-testdata',
    what: 'a reader of LibriVox, recorded',
    licence: 'public domain',
    language: 'en',
    files: /librivox\/.*\.wav$/,
  },
  ...['fr', 'ru', 'ro', 'ca', 'bg', 'es', 'be', 'el', 'da', 'lt', 'nl'].map((code) => stamps(code)),
  { ...stamps('en', 'en'), files: /_desc\.ogg$/ },
  ...['ml', 'uk', 'hu', 'lt', 'da', 'nds', 'de', 'en', 'nl', 'es', 'fr', 'it', 'he', 'cs', 'ru', 'tn'].map(
    (code) => letters(code),
  ),
  letters('en_GB', 'en'),
  letters('pt_BR', 'pt'),
];

/** Voices for Festival, its languages, and programs that take speech apart and put it together again. */
const PROGRAMS = [
  'festival-ca',
  'festvox-ca-ona-hts',
  'festival-czech',
  'festvox-czech-ph',
  'festvox-czech-dita',
  'festvox-czech-machac',
  'festvox-czech-krb',
  'codec2',
  'libcodec2-1.0',
  'sptk',
];

export const PACKAGES: readonly string[] = [...new Set([...RECORDED.map((set) => set.package), ...PROGRAMS])];
