/** Which of the two languages a person gets: what was asked for, else what the environment's locale says. */
import type { Language } from '../core/text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of the locale, by POSIX precedence: LC_ALL, LC_MESSAGES, LANG; the first one that is set and not
 * empty decides. Everything that is not Chinese is English.
 */
export function languageOf(env: Environment): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^(zh|cmn|yue)\b|^zh[_-]/i.test(locale) ? 'zh' : 'en';
}

/**
 * The language before the command line is parsed, so that help and usage errors are in it too: the value of the last
 * `--lang` in `argv` when it is one of ours, else the locale's.
 */
export function languageOfArguments(argv: readonly string[], env: Environment): Language {
  let asked: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--') break;
    if (argv[i] === '--lang') asked = argv[i + 1];
    else if (argv[i].startsWith('--lang=')) asked = argv[i].slice('--lang='.length);
  }
  return asked === 'zh' || asked === 'en' ? asked : languageOf(env);
}
