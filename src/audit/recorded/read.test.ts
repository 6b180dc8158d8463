import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecorded } from './read.node.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huoyan-recorded-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recorded = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return readRecorded(join(folder, name));
};
const HEAD = 'Filename,Src,Tar,Src Pred.,Src Conf.,Tar Pred.,Tar Conf.,Similarity\n';

describe('recorded answers', () => {
  it('reads the columns of the published recordings', async () => {
    const { answers, problems } = await recorded(
      'Results_X.csv',
      `${HEAD}/a/b.png,Emma Watson,Gal Gadot,Emma Watson,0.99,Emma_Watson,0.97,0.89\nc.png,IU,X,,,,,0\n`,
    );
    expect(problems).toEqual([]);
    expect(answers).toEqual([
      {
        set: 'Results_X',
        service: 'recorded',
        method: null,
        file: '/a/b.png',
        person: 'Emma Watson',
        fake: { name: 'Emma_Watson', confidence: 0.97 },
        real: { name: 'Emma Watson', confidence: 0.99 },
        similarity: 0.89,
        clip: null,
      },
      {
        set: 'Results_X',
        service: 'recorded',
        method: null,
        file: 'c.png',
        person: 'IU',
        fake: { name: null, confidence: null },
        real: { name: null, confidence: null },
        similarity: 0,
        clip: null,
      },
    ]);
  });

  it('reads NDJSON with plainer names, and confidences in per cent', async () => {
    const lines = [
      { person: 'A', named: 'B', confidence: 98.5, service: 'Amazon Rekognition', set: 'one', clip: 'v.mp4' },
      { person: 'A', named: null, confidence: null, service: 'Amazon Rekognition', set: 'one' },
      { person: 'A', named: 'A', confidence: 0.4, service: 'other' },
    ];
    const { answers, problems } = await recorded('r.ndjson', lines.map((l) => JSON.stringify(l)).join('\n'));
    expect(problems).toEqual([]);
    expect(answers.map(({ fake }) => fake.confidence)).toEqual([0.985, null, 0.4]);
    expect(answers[0]).toMatchObject({ set: 'one', clip: 'v.mp4', real: null });
    expect(answers[2].set).toBe('r');
  });

  it('says of every bad row where it stands and why, and goes on', async () => {
    const { answers, problems } = await recorded(
      'bad.csv',
      `${HEAD}a,P,,,,P,high,\nb,,,,,,,\nc,P,x\nd,P,,,,P,0.5,\ne,P,,,,P,-1,\nf,P,,,,P,1e99,\n"g,P,,,,P,0.5,\n`,
    );
    expect(answers.map(({ file }) => file)).toEqual(['d']);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 6, 7, 8]);
    for (const { error } of problems) {
      expect(error.code).toBe('corrupt');
      expect(error.hint.zh).not.toBe('');
    }
    const ndjson = await recorded(
      'bad.ndjson',
      '{"person":"A","named":"A"}\n[1]\n{oops\n{"person":["A"],"named":"B"}\n',
    );
    expect(ndjson.answers).toHaveLength(1);
    expect(ndjson.problems.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it.each([
    ['empty.csv', '', 'empty'],
    ['head.csv', HEAD, 'empty'],
    ['other.csv', 'a,b\n1,2\n', 'corrupt'],
    ['latin1.csv', Uint8Array.from([...Buffer.from(`${HEAD}a,Mario L`), 0xf3, 0x70]), 'corrupt'],
  ] as const)('%s is one problem', async (name, content, code) => {
    const { answers, problems } = await recorded(name, content);
    expect(answers).toEqual([]);
    expect(problems.map(({ error }) => error.code)).toEqual([code]);
  });

  it('finds no file where there is none, and takes standard input', async () => {
    const { problems } = await readRecorded(join(folder, 'nowhere.csv'));
    expect(problems[0].error.code).toBe('not-found');
    const stdin = (async function* () {
      yield new TextEncoder().encode('person,named\nA,');
      yield new TextEncoder().encode('Å\n');
    })();
    expect((await readRecorded('-', { stdin })).answers[0]).toMatchObject({
      person: 'A',
      set: 'standard input',
    });
  });

  it('never rejects and invents nothing, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { answers } = await recorded(
          'fuzz.csv',
          Uint8Array.from([...Buffer.from('Src,Tar Pred.\n'), ...bytes]),
        );
        for (const { person } of answers) expect(person).not.toBe('');
      }),
      { numRuns: 150 },
    );
  });
});
