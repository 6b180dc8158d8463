/** The installed recogniser, opened for gradients. Its weights are not ours and lie in an npm package. */
import { join } from 'node:path';
import { readGraphModel } from '../../face/convert/graph-model.ts';
import { EMBEDDINGS } from '../../face/embed.ts';
import { locateNetwork } from '../../face/finder.node.ts';
import { NETWORKS, networkMissing } from '../../face/networks.ts';
import { readBytes } from '../../media/index.node.ts';
import { exportInference } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import { recogniserNetwork } from './recogniser.ts';
import type { Surrogate } from './surrogate.ts';

const NAME = 'faceres';
const LIMIT = { maxBytes: 64 * 2 ** 20 };

/** Throws HuoyanError `component-missing` when the package with it is not installed. */
export async function openRecogniser(): Promise<Surrogate> {
  const path = await locateNetwork(NAME);
  if (path === null) throw networkMissing(NAME);
  const json = await readBytes(path, LIMIT);
  const weights = await readBytes(join(path, '..', `${NETWORKS[NAME].file}.bin`), LIMIT);
  const { size: side } = NETWORKS[NAME];
  const { output, margin, threshold } = EMBEDDINGS[NAME];
  const net = recogniserNetwork(readGraphModel({ json, weights }), output, side);
  const runtime = await nodeRuntime();
  const open = (output: string) =>
    runtime.load(exportInference(net, {}, { half: false, outputs: [output] }), { threads: 1 });
  const inside = await open('gradient');
  const outside = await open('gap');
  const tensor = (data: Float32Array) => ({ dims: [data.length / (3 * side * side), 3, side, side], data });
  return {
    ...{ name: NAME, threat: 'identity', side, reach: 1 / (1 - 2 * margin) },
    async slope(views, clean) {
      const { gradient } = await inside.run({ face: tensor(views), clean: tensor(clean) });
      return gradient.data as Float32Array;
    },
    async judge(view, clean) {
      const { gap } = await outside.run({ face: tensor(view), clean: tensor(clean) });
      const [value] = gap.data as Float32Array;
      const over = 1 - value < threshold;
      return { gap: value, over, visible: over };
    },
    async close() {
      await inside.release();
      await outside.release();
    },
  };
}
