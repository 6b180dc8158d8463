/** Fingerprint networks by name: the one that is shipped, and those trained without a fold, which measure it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Weights } from '../../src/nn/index.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import type { Protocol } from './generators.ts';

/** `all`, or a protocol and the fold left out. */
export type NetworkName = 'all' | `${Exclude<Protocol, 'all'>}-${number}`;

/** Where its weights lie in the repository. */
export function networkFile(name: NetworkName): string {
  return name === 'all'
    ? join('models', 'fingerprint', 'fingerprint.safetensors')
    : join('models', `fingerprint-without-${name}.safetensors`);
}

export interface TrainedNetwork {
  readonly weights: Weights;
  /** Names of the generators it was trained to tell apart, in the order of its output; photographs come after them. */
  readonly sources: readonly string[];
  readonly sha256: string;
}

export const isTrained = (name: NetworkName): boolean => existsSync(networkFile(name));

/** Throws when it is not there. */
export function readNetwork(name: NetworkName): TrainedNetwork {
  const bytes = readFileSync(networkFile(name));
  const { tensors, metadata } = decodeTensors(bytes);
  return {
    weights: tensors as Weights,
    sources: JSON.parse(metadata.sources),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
