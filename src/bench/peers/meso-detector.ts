/** MesoNet as a detector: the whole picture at 256x256, as its authors' program takes face crops. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HuoyanError } from '../../core/errors.ts';
import { resize } from '../../media/index.node.ts';
import { decodeTensors } from '../../nn/safetensors.ts';
import type { BenchDetector } from '../detectors/detector.ts';
import { type Differentiable, differentiable, planesOf } from './learned.ts';
import { MESO_SIDE, type MesoName, mesoNetwork, mesoWeights } from './mesonet.ts';

/** Names of the files its authors' weights are kept under. */
export const MESO_FILES: Readonly<Record<MesoName, string>> = {
  meso4: 'Meso4_DF.safetensors',
  mesoinception4: 'MesoInception_DF.safetensors',
};

export interface MesoDetector extends BenchDetector {
  readonly inside: Differentiable;
}

/** Opens it with the weights in `folder`. Throws HuoyanError `model-missing`. */
export async function openMeso(name: MesoName, folder: string): Promise<MesoDetector> {
  const path = join(folder, MESO_FILES[name]);
  const bytes = await readFile(path).catch((cause) => {
    throw new HuoyanError(
      'model-missing',
      { en: `the weights of ${name} are not at ${path}`, zh: `未在 ${path} 找到 ${name} 的权重` },
      {
        en: `name the folder that holds ${MESO_FILES[name]} with --weights`,
        zh: `请用 --weights 指定含 ${MESO_FILES[name]} 的文件夹`,
      },
      { cause },
    );
  });
  const inside = await differentiable(
    mesoNetwork(name),
    mesoWeights(name, decodeTensors(bytes).tensors),
    MESO_SIDE,
  );
  return {
    ...{ name, scale: 'logit', threshold: 0, inside },
    settings: { weights: createHash('sha256').update(bytes).digest('hex') },
    async judge(sample) {
      const { pixels } = await sample.image();
      const square = await resize(pixels, { width: MESO_SIDE, height: MESO_SIDE, kernel: 'linear' });
      return { status: 'ok', score: (await inside.logits(planesOf(square)))[0] };
    },
    close: () => inside.close(),
  };
}
