import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInference, initialWeights, network } from './index.ts';
import { openModels } from './models.node.ts';
import { nodeRuntime } from './runtime.node.ts';
import { selfTestVector } from './self-test.ts';

let folder: string;
const net = network({
  name: 'small',
  inputs: { x: { shape: [3, 8, 8], type: 'uint8' } },
  seed: 1,
  build: (b, { x }) => ({ logit: b.linear(b.globalMean(b.conv(b.toFloat(x), 4)), 1) }),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huoyan-models-'));
  const bytes = exportInference(net, initialWeights(net));
  const inputs = { x: ['batch', 3, 8, 8] };
  const session = await (await nodeRuntime()).load(bytes);
  const card = {
    name: 'small',
    inputs,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    selfTest: { seed: 4, output: await selfTestVector(session, inputs, 4), tolerance: 1e-3 },
  };
  await writeFile(join(folder, 'small.onnx'), bytes);
  await writeFile(join(folder, 'small.card.json'), JSON.stringify(card));
  await writeFile(join(folder, 'swapped.onnx'), bytes.slice(1));
  await writeFile(join(folder, 'swapped.card.json'), JSON.stringify({ ...card, name: 'swapped' }));
  const other = { ...card, selfTest: { ...card.selfTest, output: card.selfTest.output.map((v) => v + 1) } };
  await writeFile(join(folder, 'other.onnx'), bytes);
  await writeFile(join(folder, 'other.card.json'), JSON.stringify(other));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('networks on disk', () => {
  it('opens one once and runs its self-test', async () => {
    const models = openModels({ folder });
    expect(await models.session('small')).toBe(await models.session('small'));
    expect(await models.verify('small')).toMatchObject({ ok: true });
    expect(await models.names()).toEqual(['other', 'small', 'swapped']);
    await models.close();
  });
  it('notices what is missing, swapped or different', async () => {
    const models = openModels({ folder });
    await expect(models.session('absent')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(models.card('../small')).rejects.toMatchObject({ code: 'model-missing' });
    await expect(models.session('swapped')).rejects.toThrow(/sha256/);
    expect(await models.verify('other')).toMatchObject({ ok: false });
    await models.close();
  });
  it('finds the package folder', () => {
    expect(openModels().folder).toMatch(/models$/);
  });
});
