/**
 * Who is it? A face as a vector whose direction stands for the identity. Two networks are known; their features are
 * not comparable with each other. Thresholds are those of docs/measured/face.md, over pairs from five galleries; the
 * margin was chosen on half of the same pictures. Both recognisers are weak by today's measure: about half of the pairs
 * of one person pass the threshold, so a low likeness proves nothing.
 */
import type { RgbImage } from '../core/image.ts';
import { alignment } from './align.ts';
import type { Face } from './face.ts';
import { type FaceNetworkName, type FaceNetworks, NETWORKS } from './networks.ts';
import { warp } from './sampling.ts';

export interface EmbeddingModel {
  readonly network: FaceNetworkName;
  readonly output: string;
  readonly length: number;
  /** Room around the tight crop, see AlignOptions. */
  readonly margin: number;
  /** Cosine similarity above which two faces are called the same person: one false match in a thousand pairs. */
  readonly threshold: number;
}

export const EMBEDDINGS = {
  faceres: { network: 'faceres', output: 'global_pooling/Mean', length: 1024, margin: 0.05, threshold: 0.64 },
  mobileface: { network: 'mobileface', output: 'batchnorm0/add_1', length: 256, margin: 0, threshold: 0.39 },
} as const satisfies Record<string, EmbeddingModel>;

export type EmbeddingName = keyof typeof EMBEDDINGS;

export class FaceEmbedder {
  readonly #networks: FaceNetworks;
  readonly model: EmbeddingModel;

  constructor(networks: FaceNetworks, name: EmbeddingName = 'faceres') {
    this.#networks = networks;
    this.model = EMBEDDINGS[name];
  }

  /**
   * The features of `face`, of length 1 (so that a dot product is the cosine). Throws HuoyanError
   * `component-missing` when the network is not installed.
   */
  async embed(image: RgbImage, face: Face): Promise<Float32Array> {
    const { network, output, length, margin } = this.model;
    const { size, input } = NETWORKS[network];
    const session = await this.#networks.session(network);
    const toCrop = alignment(face.landmarks, size, margin);
    const data = warp(image, toCrop, { width: size, height: size, outside: 'edge' });
    const features = (await session.run({ [input]: { dims: [1, size, size, 3], data } }))[output]?.data;
    if (!(features instanceof Float32Array && features.length === length)) {
      throw new RangeError(`${network} gave something else`);
    }
    return normalise(features);
  }
}

function normalise(features: Float32Array): Float32Array {
  let sum = 0;
  for (const value of features) sum += value * value;
  const factor = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  return features.map((value) => value * factor);
}

/** Cosine of the angle between two feature vectors, -1..1; 0 when one of them is all zero. */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`features of ${a.length} and ${b.length} numbers`);
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, dot / Math.sqrt(aa * bb))) : 0;
}
