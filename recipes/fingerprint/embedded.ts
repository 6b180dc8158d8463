/**
 * What a fingerprint network makes of every generator's pictures and of photographs, as they are or after something was
 * done to them. Embeddings are kept in the cache under the hash of the network and of the pictures.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportInference } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { EMBEDDING, fingerprintNetwork, HEADS } from '../../src/trace/fingerprint/network.ts';
import { VECTOR } from '../../src/trace/parsing/vector.ts';
import { type Change, changed } from './changes.ts';
import type { Generator } from './generators.ts';
import { type NetworkName, readNetwork } from './networks.ts';
import { CACHE, photographs, SIDE, type Small } from './pictures.ts';

const BATCH = 50;
const BYTES = 3 * SIDE * SIDE;
const OUTPUTS = ['embedding', 'continuous', 'discrete', 'losses', 'source'] as const;
const HEAD = HEADS.continuous + HEADS.discrete + HEADS.losses;
/** Numbers kept of a picture: embedding, heads, the source most likely. */
const ROW = EMBEDDING + HEAD + 1;

/** One picture as the network sees it. */
export interface Reading {
  readonly embedding: Float32Array;
  /** What the network itself says of the construction: logits in the order of `vector.ts`. */
  readonly heads: Float32Array;
  /** The source it names, an index into the network's own list. */
  readonly source: number;
}

export interface Readings {
  readonly generators: readonly { readonly generator: Generator; readonly readings: readonly Reading[] }[];
  /** Of photographs that trained nothing. */
  readonly photographs: readonly Reading[];
}

/** Every source's pictures, seen by network `name` after `change`. */
export async function readAll(
  name: NetworkName,
  generators: readonly Generator[],
  change: Change = 'stored',
): Promise<Readings> {
  const { weights, sources, sha256 } = readNetwork(name);
  const load = async () => {
    const net = fingerprintNetwork(SIDE, sources.length + 1);
    return (await nodeRuntime()).load(exportInference(net, weights, { outputs: OUTPUTS }));
  };
  let session: Awaited<ReturnType<typeof load>> | undefined;
  const folder = join(CACHE, 'embedded');
  mkdirSync(folder, { recursive: true });

  async function rows({ data, count }: Small): Promise<Reading[]> {
    const key = createHash('sha256').update(sha256).update(change).update(data).digest('hex').slice(0, 24);
    const file = join(folder, `${key}.f32`);
    if (!existsSync(file)) {
      session ??= await load();
      const all = new Float32Array(count * ROW);
      const pixels = await changed(data, change);
      for (let from = 0; from < count; from += BATCH) {
        const n = Math.min(BATCH, count - from);
        const out = await session.run({
          pixels: { dims: [n, 3, SIDE, SIDE], data: pixels.subarray(from * BYTES, (from + n) * BYTES) },
        });
        for (let i = 0; i < n; i++) {
          let at = (from + i) * ROW;
          for (const output of OUTPUTS) {
            const size = out[output].dims[1];
            const values = (out[output].data as Float32Array).subarray(i * size, (i + 1) * size);
            if (output === 'source') all[at] = values.indexOf(Math.max(...values));
            else all.set(values, at);
            at += size;
          }
        }
      }
      writeFileSync(file, new Uint8Array(all.buffer));
    }
    const bytes = readFileSync(file);
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    return Array.from({ length: count }, (_, i) => {
      const row = all.subarray(i * ROW, (i + 1) * ROW);
      return {
        embedding: row.subarray(0, EMBEDDING),
        heads: row.subarray(EMBEDDING, EMBEDDING + VECTOR),
        source: row[ROW - 1],
      };
    });
  }

  const read: { generator: Generator; readings: Reading[] }[] = [];
  for (const generator of generators) read.push({ generator, readings: await rows(generator.pictures) });
  const real: Reading[] = [];
  for (const subject of ['faces', 'textures'] as const)
    real.push(...(await rows(photographs('sample', subject))));
  await session?.release();
  return { generators: read, photographs: real };
}
