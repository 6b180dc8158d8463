/** Contract of `huoyan zoo`: what is listed, what is written, and that what is written says what it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCredentials } from '../src/credentials/read.ts';
import { readImageFile } from '../src/media/index.node.ts';
import { BUNDLE, build, huoyan } from './command.ts';

interface Listed {
  readonly name: string;
  readonly family: string;
  readonly trained: boolean;
  readonly size: number;
  readonly construction: Readonly<Record<string, number | string>>;
}

let folder: string;
let listed: Listed[];
beforeAll(async () => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'huoyan-zoo-'));
  listed = JSON.parse((await huoyan(['zoo', 'list', '--json'])).stdout).generators;
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(BUNDLE, { recursive: true, force: true });
});

const files = (name: string) => readdirSync(join(folder, name)).sort();
const bytes = (name: string, file: string) => readFileSync(join(folder, name, file));

describe('huoyan zoo list', () => {
  it('names every generator with its construction', () => {
    expect(listed.length).toBeGreaterThan(600);
    expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
    const { construction } = listed.find(({ name }) => name === 'gan-bce-dcgan') as Listed;
    expect(construction).toMatchObject({ blocks: 3, normalisation: 'batch', upsampling: 'learned' });
  });

  it('prints one family as a table in either language', async () => {
    const { code, stdout, stderr } = await huoyan(['zoo', 'list', '--family', 'inpainting']);
    expect(code).toBe(0);
    const family = listed.filter((one) => one.family === 'inpainting');
    expect(stdout.trim().split('\n')).toHaveLength(family.length + 1);
    expect(stderr).toContain(`${family.filter((one) => one.trained).length} of ${family.length}`);
    expect((await huoyan(['zoo', 'list', '--family', 'inpainting', '--lang', 'zh'])).stdout).toContain(
      '边长',
    );
  });
});

describe('wrong usage', () => {
  it.each([
    [['zoo']],
    [['zoo', 'feed']],
    [['zoo', 'list', '--family', 'cats']],
    [['zoo', 'sample']],
    [['zoo', 'sample', 'no-such-generator']],
    [['zoo', 'sample', 'gan-bce-dcgan', '--count', '0']],
    [['zoo', 'sample', 'gan-bce-dcgan', '--seed', 'x']],
    [['zoo', 'sample', 'gan-bce-dcgan', '--size', '64']],
    [['zoo', 'sample', 'shallow-003', '--size', '33']],
  ])('%j exits with 2, a reason and a hint', async (args) => {
    const { code, stdout, stderr } = await huoyan(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .+\n {2}hint: .+\n$/);
  });
});

describe('huoyan zoo sample', () => {
  it('exits with 5 and says what there is where weights are missing', async ({ skip }) => {
    const name = listed.find(({ trained }) => !trained)?.name;
    if (name === undefined) return skip('every generator is trained');
    const { code, stderr } = await huoyan(['zoo', 'sample', name, '--out', join(folder, 'none')]);
    expect(code).toBe(5);
    expect(stderr).toContain(name);
  });

  it('writes labelled pictures, the same ones from the same seed', async ({ skip }) => {
    const name = listed.find(({ trained, family }) => trained && family === 'shallow')?.name;
    if (name === undefined) return skip('no weights in models/zoo: npm run recipe:zoo');
    const sample = (out: string, ...more: string[]) =>
      huoyan(['zoo', 'sample', name, '--count', '3', '--out', join(folder, out), ...more]);
    const first = await sample('a');
    expect([first.code, first.stdout]).toEqual([0, '']);
    const names = [1, 2, 3].map((n) => `${name}-1-000${n}.png`);
    expect(files('a')).toEqual(names);
    await sample('b', '--quiet');
    await sample('c', '--seed', '2', '--size', '48', '--from', join(folder, 'a'));
    for (const file of names) expect(bytes('b', file)).toEqual(bytes('a', file));
    expect(files('c')[0]).toBe(`${name}-2-0001.png`);

    const media = await readImageFile(join(folder, 'c', files('c')[0]));
    expect([media.pixels.width, media.pixels.height]).toEqual([48, 48]);
    const { aigc, iptc } = await readCredentials(media);
    expect(aigc).toMatchObject({ status: 'compliant', label: '1', producer: 'huoyan-zoo' });
    expect(iptc.sourceTypes.map((type) => type.code)).toEqual(['trainedAlgorithmicMedia']);

    const analysed = await huoyan(['analyze', '--no-stability', '--fail-on', 'synthetic', join(folder, 'a')]);
    expect(analysed.code).toBe(10);
    expect(analysed.stdout.match(/complies with GB 45438-2025: it is AI-generated/g)).toHaveLength(3);
  });
});
