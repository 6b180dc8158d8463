/** Writes a network into `models/` with its card. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../../src/core/card.ts';
import type { Network } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { selfTestVector } from '../../src/nn/self-test.ts';
import type { Placed } from './splits.ts';

const LIMIT_BYTES = 2_000_000;
const SELF_TEST_SEED = 1;

/** Sources by name, with the licence their collection states. */
export function sourcesOf(sets: readonly Placed[]): { name: string; pictures: number; licence: string }[] {
  return sets.map((set) => ({ name: set.name, pictures: set.files.length, licence: set.licence }));
}

export type CardFacts = Pick<ModelCard, 'task' | 'recipe' | 'trainedOn' | 'measured'>;

/** Writes `models/NAME.onnx` and `models/NAME.card.json`. Throws when the file is not below 2 MB. */
export async function publish(
  net: Network,
  onnx: Uint8Array,
  facts: CardFacts,
  folder = 'models',
): Promise<void> {
  if (onnx.length >= LIMIT_BYTES)
    throw new Error(`${net.name}: ${onnx.length} bytes, not below ${LIMIT_BYTES}`);
  const open = (shapes: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, ['batch', ...shape]]));
  const inputs = open(
    Object.fromEntries(
      Object.entries(net.inputs).map(([name, spec]) => [name, 'shape' in spec ? spec.shape : spec]),
    ),
  );
  const outputs = open(
    Object.fromEntries(Object.entries(net.outputs).map(([name, shape]) => [name, shape.slice(1)])),
  );
  const session = await (await nodeRuntime()).load(onnx);
  const output = await selfTestVector(session, inputs, SELF_TEST_SEED);
  await session.release();
  const card: ModelCard = {
    name: net.name,
    version: '1',
    licence: 'Apache-2.0',
    ...facts,
    parameters: net.size,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    inputs,
    outputs,
    selfTest: { seed: SELF_TEST_SEED, output, tolerance: 0.01 },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${net.name}.onnx`), onnx);
  writeFileSync(join(folder, `${net.name}.card.json`), `${JSON.stringify(card, null, 2)}\n`);
}
