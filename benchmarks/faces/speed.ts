/** What a face costs: the network alone, one thread. */
import { statSync } from 'node:fs';
import { scoreViews } from '../../src/evidence/faceswap/score.ts';
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { openModels } from '../../src/nn/models.node.ts';

const ROUNDS = 40;

export async function speedTable(): Promise<string> {
  const models = openModels({ threads: 1 });
  const view = {
    width: FACE_SIDE,
    height: FACE_SIDE,
    data: new Uint8Array(FACE_SIDE * FACE_SIDE * 3).fill(128),
  };
  for (let i = 0; i < 3; i++) await scoreViews([view], models);
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const from = performance.now();
    await scoreViews([view], models);
    times.push(performance.now() - from);
  }
  await models.close();
  const median = times.sort((a, b) => a - b)[ROUNDS >> 1];
  const bytes = statSync('models/faceswap.onnx').size;
  return `One face through the network, one thread: ${median.toFixed(1)} ms (median of ${ROUNDS}); goal 15 ms. The file: ${bytes} bytes; goal 2,000,000.\n`;
}
