import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from './calls/journal.node.ts';
import { auditLive } from './live.node.ts';
import { readFakes } from './material/fakes.node.ts';
import { readGallery } from './material/gallery.node.ts';
import { NameBook } from './names.ts';
import { type Call, type Picture, type Recogniser, ServiceFailure } from './recogniser.ts';
import { DescribingRecogniser } from './recognisers/describing.ts';
import { estimate, questionsFor } from './run.node.ts';

const book = new NameBook();
let folder = '';
const at = (...path: string[]) => join(folder, ...path);
const put = (text: string, ...path: string[]) => {
  mkdirSync(join(folder, ...path.slice(0, -1)), { recursive: true });
  writeFileSync(at(...path), text);
};

/** Pictures here are texts: the letters in them are the features, so that `ann 3` is like `ann 7`. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'huoyan-run-'));
  for (const name of ['Ann', 'Bo_Li', 'Cleo'])
    for (let i = 0; i < 6; i++)
      put(`${name.toLowerCase().repeat(4)} ${i}`, 'gallery', 'one', name, `${i}.png`);
  put('annannannann 0', 'gallery', 'two', 'Ann', 'again.png');
  put('x', 'gallery', 'impersonation_x', 'Bo_Li', 'no.png');
  put('annannannann q', 'pairs', 'fake', 'Ann__driven_by_Bo_Li.png');
  put('zzz', 'pairs', 'fake', 'Bo_Li__driven_by_Ann.png');
  put('dididididi w', 'pairs', 'fake', 'Di__driven_by_Ann.png');
  put('dididididi', 'pairs', 'real', 'Di.png');
  put('file,person,method,clip\na.png,Cleo,swap,v1\nb.png,,,\n../c.png,Ann,,\n', 'listed', 'fakes.csv');
  put('cleocleocleo x', 'listed', 'a.png');
  put('annann', 'listed', 'b.png');
  put('bo_li', 'tree', 'Bo_Li', 'whoever.png');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function letters(text: string): Float32Array {
  const counts = new Float32Array(128);
  for (const letter of text) counts[letter.charCodeAt(0) & 127]++;
  const length = Math.hypot(...counts);
  return counts.map((count) => count / length);
}

const local = () =>
  new DescribingRecogniser({
    name: 'letters',
    settings: null,
    features: async (picture) => {
      const text = new TextDecoder().decode(await picture.bytes());
      return text === 'zzz' ? null : letters(text);
    },
  });

function memory() {
  const entries = new Map<string, Entry>();
  return {
    entries,
    get: (key: string) => entries.get(key),
    add: async (e: Entry) => void entries.set(e.key, e),
  };
}

const material = async () => ({
  gallery: await readGallery([at('gallery')], book),
  sets: [
    await readFakes(at('pairs'), book),
    await readFakes(at('listed'), book),
    await readFakes(at('tree'), book),
  ],
  book,
});

describe('material', () => {
  it('is read from folders: people once, copies once, fakes passed over', async () => {
    const { gallery, sets } = await material();
    expect(gallery.people.map(({ name, photos }) => [name, photos.length])).toEqual([
      ['Ann', 6],
      ['Bo Li', 6],
      ['Cleo', 6],
    ]);
    expect(sets.map(({ fakes }) => fakes.map(({ person, method, clip }) => [person, method, clip]))).toEqual([
      [
        ['Ann', 'driven', null],
        ['Bo Li', 'driven', null],
        ['Di', 'driven', null],
      ],
      [
        ['Cleo', 'swap', 'v1'],
        [null, null, null],
      ],
      [['Bo Li', null, null]],
    ]);
    expect([...sets[0].reals.keys()]).toEqual(['di']);
  });

  it('is refused with a hint where there is none', async () => {
    mkdirSync(at('empty'), { recursive: true });
    await expect(readGallery([at('empty')], book)).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(readGallery([at('nowhere')], book)).rejects.toMatchObject({ code: 'not-found' });
    await expect(readFakes(at('empty'), book)).rejects.toMatchObject({ code: 'bad-argument' });
  });
});

describe('an audit of a live recogniser', () => {
  it('enrols, asks, measures itself and the attack, and asks nothing twice', async () => {
    const remembered = memory();
    const questions = questionsFor(local(), await material());
    const before = estimate(local(), questions, remembered);
    expect(before).toMatchObject({
      dollars: null,
      calls: [{ operation: 'describe', all: 25, remembered: 0 }],
    });
    const first = await auditLive([local()], await material(), { memory: remembered });
    expect(first.calls[0].counts.made).toBe(25);
    const again = await auditLive([local()], await material(), { memory: remembered, mostCalls: 1 });
    expect(again.calls[0].counts).toMatchObject({ made: 0 });
    expect(again.audit).toEqual(first.audit);
    const [pairs, listed] = first.audit.sets;
    expect(pairs).toMatchObject({ service: 'local:letters', n: 3, targeted: { count: 2 }, persons: 3 });
    expect(listed).toMatchObject({ n: 2, targeted: { count: 1, rate: 1 }, nonTargeted: { count: 2 } });
    const [own] = first.audit.accuracy;
    expect(own).toMatchObject({
      people: 3,
      photos: 18,
      probes: 9,
      identified: { count: 9 },
      misidentified: { count: 0 },
    });
    expect(own.pairs).toMatchObject({ genuine: 45, impostor: 108, auc: 1, withoutFace: 0 });
    expect(estimate(local(), questions, remembered).calls[0]).toMatchObject({ all: 25, remembered: 25 });
  });

  it('puts a detector in front', async () => {
    const score = ({ file }: Picture) => (file.includes('__') ? 0.9 : file.includes('listed') ? null : 0.1);
    const { audit } = await auditLive([local()], await material(), {
      memory: memory(),
      gates: [{ name: 'd', score }],
    });
    const gate = audit.gates.find(({ set }) => set === 'pairs');
    expect(gate).toMatchObject({
      detector: 'd',
      fakes: 3,
      before: { count: 2 },
      operating: { residual: { count: 0 }, falseReject: { count: 0 } },
    });
    expect(audit.gates.find(({ set }) => set === '*')).toMatchObject({ fakes: 5, unscored: 1 });
  });

  it('goes on past a picture without an answer, and ends where nothing will be answered', async () => {
    const asked: string[] = [];
    const service = (kind: 'refused' | 'denied'): Recogniser => ({
      name: 'cloud',
      settings: null,
      knows: 'public',
      remote: true,
      price: { perThousand: { identify: 1 }, source: { en: '', zh: '' } },
      pace: { perSecond: 1000, parallel: 2, timeoutMs: 1000 },
      *acts({ identify }) {
        for (const { sha256 } of identify) yield { operation: 'identify', key: [sha256] };
      },
      async identify({ sha256, bytes }: Picture, call: Call) {
        const text = new TextDecoder().decode(await bytes());
        return call({ operation: 'identify', key: [sha256] }, async () => {
          asked.push(text);
          if (text === 'zzz') throw new ServiceFailure(kind, { en: kind, zh: kind }, { en: '', zh: '' });
          return [{ name: 'Ann', confidence: 0.99 }];
        });
      },
    });
    const { audit } = await auditLive([service('refused')], await material(), { memory: memory() });
    expect(audit.sets[0]).toMatchObject({ n: 2, failed: 1, targeted: { count: 1 } });
    expect(audit.problems.map(({ file }) => file)).toEqual([at('pairs', 'fake', 'Bo_Li__driven_by_Ann.png')]);
    expect(
      estimate(service('refused'), questionsFor(service('refused'), await material()), memory()).dollars,
    ).toBeCloseTo(0.001 * new Set(asked.map((text) => createHash('sha256').update(text).digest('hex'))).size);
    await expect(
      auditLive([service('denied')], await material(), { memory: memory() }),
    ).rejects.toMatchObject({ kind: 'denied' });
  });
});
