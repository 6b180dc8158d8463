import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HuoyanError } from '../core/errors.ts';
import { DESCRIPTION } from './description.ts';
import {
  checkName,
  enrolledNames,
  FEWEST,
  forgetEnrolment,
  keepEnrolment,
  readEnrolled,
} from './enrolled.node.ts';
import { huoyanHome } from './home.node.ts';
import { DESCRIPTION as VOICE_DESCRIPTION } from './voice/description.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'huoyan-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => new Float32Array(DESCRIPTION).fill(i / 8));
const failure = (code: HuoyanError['code']) => expect.objectContaining({ code });

describe('enrolments', () => {
  it('are kept, listed, read back, replaced and forgotten', async () => {
    expect(await enrolledNames(home)).toEqual([]);
    await keepEnrolment({ name: '新模型 2', sent: { stored: rows(6), jpeg75: rows(6) } }, home);
    await keepEnrolment({ name: 'other', sent: { stored: rows(FEWEST) } }, home);
    expect(await enrolledNames(home)).toEqual(['other', '新模型 2']);
    const [, second] = await readEnrolled(home);
    expect(second.name).toBe('新模型 2');
    expect(second.sent.jpeg75).toHaveLength(6);
    expect(second.sent.stored[5][7]).toBeCloseTo(5 / 8, 3);
    await keepEnrolment({ name: 'other', sent: { stored: rows(9) } }, home);
    expect((await readEnrolled(home))[0].sent.stored).toHaveLength(9);
    await forgetEnrolment('other', home);
    expect(await enrolledNames(home)).toEqual(['新模型 2']);
    await expect(forgetEnrolment('other', home)).rejects.toEqual(failure('not-found'));
  });

  it('keep pictures and voices apart, under names that stand for one of them', async () => {
    const clips = Array.from({ length: FEWEST }, (_, i) => new Float32Array(VOICE_DESCRIPTION).fill(i / 4));
    await keepEnrolment({ name: 'voice', sent: { stored: clips, telephone: clips } }, home, 'audio');
    await keepEnrolment({ name: 'picture', sent: { stored: rows(FEWEST) } }, home);
    expect(await enrolledNames(home)).toEqual(['picture']);
    expect(await enrolledNames(home, 'audio')).toEqual(['voice']);
    const [voice] = await readEnrolled(home, 'audio');
    expect(voice.sent.telephone[3]).toHaveLength(VOICE_DESCRIPTION);
    await expect(keepEnrolment({ name: 'voice', sent: { stored: rows(FEWEST) } }, home)).rejects.toEqual(
      failure('bad-argument'),
    );
    await expect(
      keepEnrolment({ name: 'few', sent: { stored: clips.slice(1) } }, home, 'audio'),
    ).rejects.toEqual(failure('bad-argument'));
    await forgetEnrolment('voice', home);
    expect(await enrolledNames(home, 'audio')).toEqual([]);
    expect(await enrolledNames(home)).toEqual(['picture']);
  });

  it('leave no half file behind and say what is damaged', async () => {
    await keepEnrolment({ name: 'whole', sent: { stored: rows(5) } }, home);
    const folder = join(home, 'trace', 'enrolled');
    expect(await readdir(folder)).toEqual(['whole.safetensors']);
    await writeFile(join(folder, '100%.safetensors'), 'not an enrolment');
    expect(await enrolledNames(home)).toEqual(['whole']);
    await writeFile(join(folder, 'broken.safetensors'), 'no');
    await expect(readEnrolled(home)).rejects.toEqual(failure('corrupt'));
  });

  it('need enough pictures, a usable name and a writable folder', async () => {
    await expect(keepEnrolment({ name: 'few', sent: { stored: rows(FEWEST - 1) } }, home)).rejects.toEqual(
      failure('bad-argument'),
    );
    await writeFile(join(home, 'trace'), 'a file where the folder should be');
    await expect(keepEnrolment({ name: 'blocked', sent: { stored: rows(5) } }, home)).rejects.toEqual(
      failure('permission-denied'),
    );
    for (const name of ['', '../up', '/root', ' space', '.hidden', 'a'.repeat(81), 'a\nb'])
      expect(() => checkName(name)).toThrow();
  });

  it('accept names that stay inside the folder, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        try {
          checkName(name);
        } catch {
          return;
        }
        expect(encodeURIComponent(name)).not.toMatch(/[/\\]|^\./);
      }),
    );
  });
});

describe('the home folder', () => {
  it('is what the user says, or what the system does', () => {
    expect(huoyanHome({ HUOYAN_HOME: '/data/h' }, 'linux')).toBe('/data/h');
    expect(huoyanHome({ XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/huoyan');
    expect(huoyanHome({ LOCALAPPDATA: '/l' }, 'win32')).toBe('/l/huoyan');
    expect(huoyanHome({}, 'darwin')).toContain('Application Support');
  });
});
