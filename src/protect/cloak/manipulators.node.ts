/** Manipulators out of the zoo's packed weights, opened for use and for gradients. */
import { exportInference } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { ZooDeclaration } from '../../zoo/declaration.ts';
import type { ZooWeights } from '../../zoo/weights.node.ts';
import { zooModel } from '../../zoo/zoo.ts';
import { manipulatorNetwork } from './manipulator.ts';
import type { Surrogate } from './surrogate.ts';
import { threatOf } from './threats.ts';
import { compare } from './trial.ts';

export interface Manipulator extends Surrogate {
  /** What it makes of faces [3, side, side] in 0..1, clamped to 0..1. */
  manipulate(faces: Float32Array): Promise<Float32Array>;
}

/** Throws HuoyanError `model-missing` or `corrupt` when its weights cannot be had. */
export async function openManipulator(declaration: ZooDeclaration, zoo: ZooWeights): Promise<Manipulator> {
  const model = zooModel(declaration);
  const { weights } = await zoo.of(model);
  const net = manipulatorNetwork(model);
  const runtime = await nodeRuntime();
  const open = (outputs: readonly string[]) =>
    runtime.load(exportInference(net, weights, { half: false, outputs }), { threads: 1 });
  const { name, size: side } = declaration;
  const tensor = (data: Float32Array) => ({ dims: [data.length / (3 * side * side), 3, side, side], data });
  const threat = threatOf(declaration);
  if (threat === undefined) throw new TypeError(`${name} is given no face`);
  const inside = await open(['gradient']);
  const outside = await open(['picture']);
  const manipulate = async (faces: Float32Array) => {
    const { picture } = await outside.run({ face: tensor(faces) });
    return (picture.data as Float32Array).map((v) => Math.min(1, Math.max(0, v)));
  };
  return {
    ...{ name, threat, side, reach: 1, manipulate },
    async slope(views, clean) {
      const { gradient } = await inside.run({ face: tensor(views), clean: tensor(clean) });
      return gradient.data as Float32Array;
    },
    async judge(view, clean) {
      return compare(await manipulate(clean), await manipulate(view), side);
    },
    async close() {
      await inside.release();
      await outside.release();
    },
  };
}
