/** Where a number that is not finite first came from: the step again, with every inner tensor watched. */
import type { Tensor } from '../core/tensor.ts';
import { withOutputs } from './onnx.ts';
import { nodeRuntime } from './runtime.node.ts';
import type { TrainingProgram } from './training.ts';

/** Inner tensors looked at in one run; more would only cost memory. */
const AT_ONCE = 24;

/** Name of the first tensor, in the order of computation, that holds NaN or infinity when the step is run on `feeds`. */
export async function firstNonFinite(
  program: TrainingProgram,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<string> {
  for (const [name, tensor] of Object.entries(feeds)) if (!allFinite(tensor)) return name;
  const runtime = await nodeRuntime();
  for (let from = 0; from < program.inner.length; from += AT_ONCE) {
    const watched = program.inner.slice(from, from + AT_ONCE);
    const session = await runtime.load(withOutputs(program.graph, watched), { threads: 2 });
    try {
      const results = await session.run(feeds);
      for (const { name } of watched) if (!allFinite(results[name])) return name.replace(/:\d+(\.\d+)?$/, '');
    } finally {
      await session.release();
    }
  }
  return 'loss';
}

function allFinite({ data }: Tensor): boolean {
  if (!(data instanceof Float32Array)) return true;
  for (const v of data) if (!Number.isFinite(v)) return false;
  return true;
}
