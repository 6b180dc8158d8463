/** The trained network into `models/`, with its card. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { grouped } from '../../src/core/group.ts';
import { STATISTICS } from '../../src/core/residuals/index.ts';
import { publish } from '../synthesis/cards.ts';
import { readCrops } from './crops.ts';
import { faceswapNetwork } from './network.ts';
import { faceSets } from './sets.ts';
import { textureNetwork } from './texture.ts';

export async function publishFaceswap(data: string, cache: string): Promise<void> {
  const licences = new Map(faceSets(data).map(({ name, licence }) => [name, licence]));
  const learnt = grouped(
    readCrops(cache).facts.filter((fact) => fact.side === 'train'),
    (fact) => fact.set,
  );
  const facts = {
    recipe: 'npm run recipe:faceswap',
    trainedOn: [...learnt].map(([name, rows]) => ({
      name,
      faces: rows.length,
      licence: licences.get(name) ?? 'not stated',
    })),
    measured: 'docs/measured/deepfake-faces.md',
  };
  await publish(faceswapNetwork('faceswap'), readFileSync(join(cache, 'faceswap.onnx')), {
    task: 'Logit that an aligned face was swapped or re-enacted, and four maps of where that shows.',
    ...facts,
  });
  const plain = new Float32Array(STATISTICS);
  await publish(textureNetwork(plain, plain), readFileSync(join(cache, 'faceswap-texture.onnx')), {
    task: 'Logit that an aligned face was swapped or re-enacted, from residual statistics of it.',
    ...facts,
  });
}
