import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HuoyanError } from '../core/errors.ts';
import { initialWeights, type Weights } from '../nn/index.ts';
import { encodeTensors } from '../nn/safetensors.ts';
import { ZOO_CARD } from './card.ts';
import { fullCatalogue } from './catalogue/full.ts';
import { shallowCatalogue } from './catalogue/shallow.ts';
import { gradients } from './parts/pictures.test-support.ts';
import { sampleFrom } from './sampling.node.ts';
import {
  encodePack,
  neededTensors,
  openZooWeights,
  packFile,
  type Trained,
  weightsFit,
} from './weights.node.ts';
import { zooModel } from './zoo.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-zoo-'));
  await writeFile(
    packFile(folder, 'shallow'),
    await encodePack({ [one]: trained(one), [two]: trained(two) }),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const all = [...fullCatalogue(), ...shallowCatalogue()];
const modelOf = (name: string) => zooModel(all.find((d) => d.name === name)!);
const [one, two, none] = ['shallow-003', 'shallow-004', 'shallow-005'];

/** Starting weights stand for trained ones. */
function trained(name: string): Trained {
  const nets = Object.values(modelOf(name).networks);
  const weights: Weights = Object.assign({}, ...nets.map((net) => initialWeights(net)));
  return { weights, facts: { psnr: 31.5, rateFactor: 1, seconds: 12 } };
}

const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((thrown: HuoyanError) => thrown);

describe('a pack of weights', () => {
  it('brings back each generator, in half precision, with what is known about it', async () => {
    const zoo = openZooWeights(folder);
    expect([...(await zoo.known('shallow')).keys()]).toEqual([one, two]);
    for (const name of [one, two]) {
      const model = modelOf(name);
      const { weights, facts } = await zoo.of(model);
      expect(facts).toEqual(trained(name).facts);
      expect(new Set(Object.keys(weights))).toEqual(new Set(neededTensors(model).keys()));
      for (const [parameter, { dims, data }] of Object.entries(trained(name).weights)) {
        expect(weights[parameter].dims).toEqual(dims);
        data.forEach((v, i) => {
          expect(Math.abs(weights[parameter].data[i] - v)).toBeLessThanOrEqual(Math.abs(v) * 2 ** -11 + 1e-7);
        });
      }
      for await (const image of sampleFrom(model, weights, { count: 1, seed: 1, pictures: gradients }))
        expect(image.width).toBe(32);
    }
  });

  it('is read once', async () => {
    const file = packFile(folder, 'shallow');
    const zoo = openZooWeights(folder);
    await zoo.of(modelOf(one));
    const bytes = await readFile(file);
    await rm(file);
    try {
      expect((await zoo.of(modelOf(two))).facts.seconds).toBe(12);
    } finally {
      await writeFile(file, bytes);
    }
  });
});

describe('weights that are not there', () => {
  it('are named, with what is there', async () => {
    const error = await failure(openZooWeights(folder).of(modelOf(none)));
    expect(error).toMatchObject({ code: 'model-missing' });
    expect(error?.text.en).toContain(none);
    expect(error?.text.zh).toContain(none);
    expect(error?.hint.en).toContain(`${one}, ${two}`);
    const family = await failure(openZooWeights(folder).of(modelOf('gan-bce-dcgan')));
    expect(family).toMatchObject({ code: 'model-missing' });
    expect(family?.hint.en).toContain('gan');
    expect((await openZooWeights(folder).known('gan')).size).toBe(0);
    expect((await openZooWeights('/no/such/folder').known('vae')).size).toBe(0);
  });

  it('are found once they have come', async () => {
    const zoo = openZooWeights(folder);
    await writeFile(packFile(folder, 'inpainting'), 'not yet');
    expect(await failure(zoo.of(modelOf('inpainting-l1')))).toMatchObject({ code: 'corrupt' });
    await writeFile(
      packFile(folder, 'inpainting'),
      await encodePack({ 'inpainting-l1': trained('inpainting-l1') }),
    );
    expect((await zoo.of(modelOf('inpainting-l1'))).facts.psnr).toBe(31.5);
  });
});

describe('damage', () => {
  const opened = async (bytes: Uint8Array) => {
    await writeFile(packFile(folder, 'super-resolution'), bytes);
    return failure(openZooWeights(folder).of(modelOf('sr2-shuffle-l1')));
  };

  it('is told as such, wherever it is', async () => {
    const name = 'sr2-shuffle-l1';
    const good = await encodePack({ [name]: trained(name) });
    expect(await opened(good)).toBeUndefined();
    const cases: Record<string, Uint8Array> = {
      cut: good.subarray(0, good.length >> 1),
      empty: new Uint8Array(0),
      'another format': brotliCompressSync(encodeTensors({}, { format: 'other', [name]: '{}' })),
      'no tensors inside': brotliCompressSync('hello, this is no table of tensors'),
      'facts that are none': brotliCompressSync(encodeTensors({}, { format: 'huoyan-zoo-1', [name]: '{' })),
      'tensors gone': brotliCompressSync(encodeTensors({}, { format: 'huoyan-zoo-1', [name]: '{}' })),
      "another generator's": await encodePack({ [name]: trained('sr4-shuffle-bce-adversarial') }),
    };
    for (const [what, bytes] of Object.entries(cases))
      expect(await opened(bytes), what).toMatchObject({ code: 'corrupt' });
  });

  it('is noticed by the sum on the card', async () => {
    const bytes = await encodePack({ [one]: trained(one) });
    await writeFile(packFile(folder, 'translation'), bytes);
    const card = (sha256: string) =>
      writeFile(join(folder, ZOO_CARD), JSON.stringify({ packs: { translation: { sha256 } } }));
    try {
      await card('0'.repeat(64));
      const zoo = openZooWeights(folder);
      expect(await failure(zoo.known('translation'))).toMatchObject({ code: 'corrupt' });
      await card(createHash('sha256').update(bytes).digest('hex'));
      expect((await zoo.known('translation')).size).toBe(1);
    } finally {
      await rm(join(folder, ZOO_CARD));
    }
  });

  it('includes numbers that are none', () => {
    const model = modelOf(one);
    const { weights } = trained(one);
    expect(weightsFit(model, weights)).toBe(true);
    const [first] = Object.keys(weights);
    const { dims, data } = weights[first];
    const broken = { ...weights, [first]: { dims, data: data.map((v, i) => (i === 0 ? Number.NaN : v)) } };
    expect(weightsFit(model, broken)).toBe(false);
  });
});
