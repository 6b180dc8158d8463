/**
 * Speech made by Debian's engines from texts of our own: formants (espeak-ng), recorded units and statistical models
 * (flite, Festival). An engine that is not installed is left out, and said so.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Random } from '../../../src/core/random.ts';
import { FOLDER, hasProgram, unpacked } from './apt.ts';
import { asIfPackaged, readSound } from './clip.ts';
import { TEXTS } from './texts.ts';

export interface Engine {
  readonly name: string;
  readonly what: string;
  readonly program: string;
  /** What was said, one clip after the other, with its language. */
  speak(random: Random): Generator<{ readonly language: string; readonly samples: Float32Array }>;
}

/** Gives `use` a file that lasts as long as it. */
function inScratch<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'huoyan-voice-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ESPEAK_NAMES: Readonly<Record<string, string>> = { zh: 'cmn', en: 'en-us', fr: 'fr-fr' };
const PEOPLE = ['m1', 'm2', 'm3', 'm4', 'm5', 'm7', 'f1', 'f2', 'f3', 'f4'];
const KLATT = ['klatt', 'klatt2', 'klatt3', 'klatt4'];

function espeak(name: string, what: string, variants: readonly string[], every: number): Engine {
  return {
    name,
    what,
    program: 'espeak-ng',
    *speak(random) {
      for (const [language, texts] of Object.entries(TEXTS)) {
        for (const text of texts.filter((_, i) => i % every === 0)) {
          const voice = `${ESPEAK_NAMES[language] ?? language}+${random.pick(variants)}`;
          const how = [
            '-v',
            voice,
            '-s',
            String(130 + random.below(70)),
            '-p',
            String(25 + random.below(50)),
          ];
          yield {
            language,
            samples: inScratch((folder) => {
              const path = join(folder, 'said.wav');
              execFileSync('espeak-ng', [...how, '-w', path, text], { stdio: 'ignore' });
              return readSound(path);
            }),
          };
        }
      }
    },
  };
}

function flite(voice: string, what: string): Engine {
  return {
    name: `debian_flite_${voice}`,
    what,
    program: 'flite',
    *speak(random) {
      for (const text of TEXTS.en) {
        const stretch = `duration_stretch=${random.uniform(0.9, 1.15).toFixed(2)}`;
        yield {
          language: 'en',
          samples: inScratch((folder) => {
            const path = join(folder, 'said.wav');
            execFileSync('flite', ['-voice', voice, '--setf', stretch, '-t', text, '-o', path]);
            return readSound(path);
          }),
        };
      }
    },
  };
}

const FESTIVAL_DATA = '/usr/share/festival';
const VOICES = [
  'festival-ca',
  'festvox-ca-ona-hts',
  'festival-czech',
  ...['ph', 'dita', 'machac', 'krb'].map((voice) => `festvox-czech-${voice}`),
];

/** Links all files below `from` into `to`. */
function linkTree(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (source, target) => {
      if (!existsSync(source)) return false;
      const isFolder = readdirSync(resolve(source, '..'), { withFileTypes: true }).some(
        (entry) => entry.isDirectory() && resolve(source, '..', entry.name) === resolve(source),
      );
      if (!isFolder && !existsSync(target)) symlinkSync(resolve(source), target);
      return isFolder;
    },
  });
}

/** Festival's own data and the unpacked voices as one folder, which is the only way it finds both. */
function festivalFolder(): string {
  const folder = resolve(FOLDER, 'festival');
  if (existsSync(folder)) return folder;
  for (const from of [FESTIVAL_DATA, ...VOICES.map((name) => join(unpacked(name), FESTIVAL_DATA))])
    if (existsSync(from)) linkTree(from, folder);
  return folder;
}

/** Festival reads the 8-bit character sets of its languages. */
const CHARACTERS: Readonly<Record<string, string>> = { en: 'ASCII', cs: 'ISO-8859-2', ca: 'ISO-8859-15' };

function festival(voice: string, language: string, what: string): Engine {
  return {
    name: `debian_festival_${voice}`,
    what,
    program: 'festival',
    *speak() {
      const folder = festivalFolder();
      for (const text of TEXTS[language]) {
        const samples = inScratch((scratch) => {
          const path = join(scratch, 'said.wav');
          const index = `${voice.replace('_', '-')}-unisyn-index`;
          const group = `${folder}/voices/czech/${voice}/group/${voice.replace('czech_', '')}.group`;
          const script = `(set! ${index} "${group}")
(voice_${voice})
(utt.save.wave (utt.synth (Utterance Text "${text.replaceAll(/[’"]/g, "'")}")) "${path}")
`;
          const coded = execFileSync('iconv', ['-f', 'UTF-8', '-t', `${CHARACTERS[language]}//TRANSLIT`], {
            input: script,
          });
          writeFileSync(join(scratch, 'say.scm'), coded);
          execFileSync('festival', ['--datadir', `${folder}/`, '-b', join(scratch, 'say.scm')], {
            stdio: 'ignore',
            timeout: 60_000,
          });
          return readSound(path);
        });
        yield { language, samples };
      }
    },
  };
}

const ALL: readonly Engine[] = [
  espeak('debian_espeak_formants', 'espeak-ng, formant synthesis', PEOPLE, 2),
  espeak('debian_espeak_klatt', 'espeak-ng, Klatt synthesis', KLATT, 3),
  flite('kal16', 'flite, diphones'),
  flite('awb', 'flite, statistical (CLUSTERGEN)'),
  flite('rms', 'flite, statistical (CLUSTERGEN)'),
  flite('slt', 'flite, statistical (CLUSTERGEN)'),
  festival('kal_diphone', 'en', 'Festival, diphones'),
  festival('cmu_us_slt_arctic_hts', 'en', 'Festival, statistical (HTS)'),
  festival('upc_ca_ona_hts', 'ca', 'Festival, statistical (HTS)'),
  ...['ph', 'dita', 'machac', 'krb'].map((voice) => festival(`czech_${voice}`, 'cs', 'Festival, diphones')),
];

/** The engines that can speak here. */
export function engines(): Engine[] {
  return ALL.filter((engine) => {
    const there = hasProgram(engine.program);
    if (!there) console.error(`${engine.name} left out: ${engine.program} is not installed`);
    return there;
  });
}

/** All that an engine says, as somebody might have packaged it, and the languages it was said in. */
export function spoken(engine: Engine, seed: number): { prompts: Float32Array[]; languages: string[] } {
  const random = new Random(seed);
  const languages = new Set<string>();
  const prompts: Float32Array[] = [];
  for (const { language, samples } of engine.speak(random)) {
    languages.add(language);
    prompts.push(asIfPackaged(samples, random));
  }
  return { prompts, languages: [...languages] };
}
