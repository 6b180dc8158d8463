import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../core/image.ts';
import { Random } from '../core/random.ts';
import { initialWeights } from '../nn/index.ts';
import { fullCatalogue } from './catalogue/full.ts';
import { shallowCatalogue } from './catalogue/shallow.ts';
import type { PictureSource, ZooModel } from './declaration.ts';
import { gradients } from './parts/pictures.test-support.ts';
import { type SampleOptions, sampleFrom, takesSize, toImage } from './sampling.node.ts';
import { zooModel } from './zoo.ts';

const all = [...fullCatalogue(), ...shallowCatalogue()];
/** A generator of the catalogue with weights that chance gave it. */
function untaught(name: string) {
  const model = zooModel(all.find((d) => d.name === name)!);
  const weights = Object.assign({}, ...Object.values(model.networks).map((net) => initialWeights(net)));
  return { model, weights };
}

async function collect(name: string, options: Partial<SampleOptions>, given = untaught(name)) {
  const images: RgbImage[] = [];
  const all = { count: 3, seed: 1, pictures: gradients, ...options };
  for await (const image of sampleFrom(given.model, given.weights, all)) images.push(image);
  return images;
}

it('rounds and clamps planar floats to interleaved pixels', () => {
  const { width, height, data } = toImage(Float32Array.of(0, 0.5, 1, 2, -1, 0, 0.1, 0.2, 1, 1, 1, 0), 2);
  expect([width, height]).toEqual([2, 2]);
  expect([...data]).toEqual([0, 0, 255, 128, 0, 255, 255, 26, 255, 255, 51, 0]);
});

describe('sampling', () => {
  it('goes in batches, and the same seed gives the same pictures', async () => {
    const batches: number[] = [];
    const watched: PictureSource = {
      draw(random, subject, size, count, group) {
        batches.push(count);
        return gradients.draw(random, subject, size, count, group);
      },
    };
    const { model, weights } = untaught('shallow-003');
    const many = await collect('', { count: 53, pictures: watched }, { model, weights });
    expect(many).toHaveLength(53);
    expect(batches).toEqual([50, 3]);
    const fewer = await collect('', { count: 51 }, { model, weights });
    fewer.forEach((image, i) => {
      expect(image).toEqual(many[i]);
    });
    const [other] = await collect('', { count: 1, seed: 2 }, { model, weights });
    expect(other).not.toEqual(many[0]);
    expect(many[50]).not.toEqual(many[0]);
  });

  it('makes pictures of another side where a generator starts from pictures', async () => {
    for (const name of [
      'shallow-003',
      'inpainting-context',
      'sr2-shuffle-l1',
      'cyclegan-grey',
      'vae-vq-mse',
    ]) {
      const { model, weights } = untaught(name);
      expect(takesSize(model), name).toBe(true);
      const [image] = await collect(name, { count: 1, size: 48 }, { model, weights });
      expect([image.width, image.height, image.data.length]).toEqual([48, 48, 48 * 48 * 3]);
    }
    const attack = all.find((d) => d.family === 'attack' && d.kind === 'fgsm')!;
    expect((await collect(attack.name, { count: 2, size: 40 }))[0].width).toBe(40);
  });

  it('keeps to the declared side where a network knows every place', async () => {
    for (const name of ['gan-bce-dcgan', 'faceswap-classic']) {
      const { model, weights } = untaught(name);
      expect(takesSize(model), name).toBe(false);
      expect((await collect(name, { count: 1, size: 64 }, { model, weights }))[0].width).toBe(32);
    }
  });

  it('lets the networks go when its reader leaves', async () => {
    const { model, weights } = untaught('shallow-003');
    let made = 0;
    const counted: ZooModel = {
      ...model,
      sample(request) {
        made++;
        return model.sample(request);
      },
    };
    for await (const _ of sampleFrom(counted, weights, { count: 500, seed: 1, pictures: gradients })) break;
    expect(made).toBe(1);
  });

  it('draws the pictures it starts from by its own chance', async () => {
    const { model, weights } = untaught('shallow-003');
    const draws: number[] = [];
    const watched: PictureSource = {
      draw(random: Random, ...rest) {
        draws.push(random.uint32());
        return gradients.draw(random, ...rest);
      },
    };
    await collect('', { count: 60, pictures: watched }, { model, weights });
    expect(new Set(draws).size).toBe(2);
    expect(draws[0]).toBe(new Random(1_000_003).uint32());
  });
});
