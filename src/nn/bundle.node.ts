/**
 * A training program as a folder of plain files, for another machine: graph, manifest, state, batches, a short Python
 * runner. What comes back is a checkpoint.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tensor } from '../core/tensor.ts';
import { BUNDLE_README, RUNNER_PY } from './bundle-runner.ts';
import type { Weights } from './network.ts';
import { decodeTensors, encodeTensors } from './safetensors.ts';
import { type Batch, batchTensors, stateFromTensors } from './trainer.node.ts';
import { type TrainingProgram, weightsOf } from './training.ts';

export interface BundleOptions {
  /** State to start from (`trainer.state()`); default that of a fresh network. */
  readonly state?: Readonly<Record<string, Tensor>>;
}

/** Writes a bundle into `folder` (made if need be) and returns how many batches it holds. */
export async function exportTrainingBundle(
  folder: string,
  program: TrainingProgram,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: BundleOptions = {},
): Promise<number> {
  const { manifest } = program;
  await mkdir(join(folder, 'batches'), { recursive: true });
  await writeFile(join(folder, 'train.onnx'), program.graph);
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, 'run.py'), RUNNER_PY);
  await writeFile(join(folder, 'README.md'), BUNDLE_README);
  const fresh = program.initialState();
  const state =
    options.state ??
    Object.fromEntries(
      manifest.state.map(({ input, shape }) => [input, { dims: shape, data: fresh[input] }]),
    );
  await writeFile(join(folder, 'state.safetensors'), encodeTensors(state));
  let count = 0;
  for await (const batch of batches) {
    const file = `${String(count++).padStart(6, '0')}.safetensors`;
    await writeFile(join(folder, 'batches', file), encodeTensors(batchTensors(manifest, batch)));
  }
  return count;
}

/** The weights that a run of the bundle brought back. Throws HuoyanError `corrupt` or `bad-argument`. */
export async function readBundleResult(
  program: TrainingProgram,
  file: string,
): Promise<{ readonly weights: Weights; readonly averaged: Weights }> {
  const state = stateFromTensors(program.manifest, decodeTensors(await readFile(file)).tensors);
  return {
    weights: weightsOf(program.manifest, state),
    averaged: weightsOf(program.manifest, state, { average: true }),
  };
}
