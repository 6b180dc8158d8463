import { describe, expect, it } from 'vitest';
import { languageOf, languageOfArguments } from './language.ts';

describe('languageOf', () => {
  it.each([
    [{}, 'en'],
    [{ LANG: 'C' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
    [{ LANG: 'zh' }, 'zh'],
    [{ LANG: 'zh-Hans-CN' }, 'zh'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LC_ALL: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8' }, 'en'],
    [{ LC_ALL: '', LC_MESSAGES: 'zh_TW', LANG: 'C' }, 'zh'],
    [{ LANG: 'zha' }, 'en'],
  ])('%j is %s', (env, expected) => {
    expect(languageOf(env)).toBe(expected);
  });
});

describe('languageOfArguments', () => {
  it('prefers what was asked for', () => {
    expect(languageOfArguments(['analyze', '--lang', 'zh', 'x'], {})).toBe('zh');
    expect(languageOfArguments(['--lang=en'], { LANG: 'zh_CN' })).toBe('en');
  });
  it('ignores what is no language of ours, and what stands behind --', () => {
    expect(languageOfArguments(['--lang', 'fr'], { LANG: 'zh_CN' })).toBe('zh');
    expect(languageOfArguments(['--lang'], {})).toBe('en');
    expect(languageOfArguments(['--', '--lang', 'zh'], {})).toBe('en');
  });
});
