import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NameBook } from '../names.ts';
import { readFakes } from './fakes.node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huoyan-published-'));
  for (const path of [
    'ff/original_sequences/youtube/c23/frames/000/0.png',
    'ff/manipulated_sequences/Deepfakes/c23/frames/000_003/0.png',
    'ff/manipulated_sequences/Face2Face/c23/frames/000_003/0.png',
    'celeb/Celeb-real/id0_0001/0.png',
    'celeb/Celeb-synthesis/id0_id16_0001/0.png',
    'clips/Celeb-synthesis/id0_id16_0001.mp4',
    'dfdc/dfdc_train_part_0/fake.png',
    'dfdc/dfdc_train_part_0/real.png',
  ]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  const list = { 'fake.png': { label: 'FAKE', original: 'real.png' }, 'real.png': { label: 'REAL' } };
  writeFileSync(join(folder, 'dfdc/dfdc_train_part_0/metadata.json'), JSON.stringify(list));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = async (name: string) => {
  const { fakes, reals } = await readFakes(join(folder, name), new NameBook());
  return { fakes: fakes.map(({ person, method }) => [method, person]), reals: [...reals.keys()] };
};

describe('published data sets as attack material', () => {
  it('know who is impersonated: whose face was put on, or who was filmed', async () => {
    expect(await read('ff')).toEqual({
      fakes: [
        ['Deepfakes', 'youtube 003'],
        ['Face2Face', 'youtube 000'],
      ],
      reals: ['youtube000'],
    });
    expect(await read('celeb')).toEqual({ fakes: [['celeb-df', 'id16']], reals: ['id0'] });
  });

  it('leave open who is impersonated where the data set does not say', async () => {
    expect(await read('dfdc')).toEqual({ fakes: [['dfdc', null]], reals: [] });
  });

  it('are opened as clips where there are no frames; one that is none is a problem', async () => {
    const { fakes, problems } = await readFakes(join(folder, 'clips'), new NameBook());
    expect(fakes).toEqual([]);
    expect(problems.map(({ file }) => file)).toEqual([
      join(folder, 'clips/Celeb-synthesis/id0_id16_0001.mp4'),
    ]);
  });
});
