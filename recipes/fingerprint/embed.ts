/**
 * What each trained fingerprint network makes of every generator's pictures: `npx tsx recipes/fingerprint/embed.ts
 * --protocol configurations --fold 0` writes `embedded-*.f32`, [pictures, EMBEDDING + heads], in the order of
 * `generators()`, then photographs. `--through jpeg75` re-saves them first.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exportInference, type Weights } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { decodeTensors } from '../../src/nn/safetensors.ts';
import { EMBEDDING, fingerprintNetwork, HEADS } from '../../src/trace/fingerprint/network.ts';
import { generators } from './generators.ts';
import { CACHE, photographs, SIDE } from './pictures.ts';

const { values } = parseArgs({
  options: { protocol: { type: 'string', default: 'all' }, fold: { type: 'string', default: '0' } },
});
const name = values.protocol === 'all' ? 'all' : `${values.protocol}-${values.fold}`;
const weights = decodeTensors(readFileSync(join(CACHE, `fen-${name}.safetensors`))).tensors as Weights;
const sources = weights['source/bias'].data.length;
const net = fingerprintNetwork(SIDE, sources);
const outputs = ['embedding', 'continuous', 'discrete', 'losses', 'source'];
const session = await (await nodeRuntime()).load(exportInference(net, weights, { outputs }));
const BATCH = 50;
const BYTES = 3 * SIDE * SIDE;
const { all } = generators();
const sets = [
  ...all.map(({ pictures }) => pictures),
  photographs('sample', 'faces'),
  photographs('sample', 'textures'),
];
const width = EMBEDDING + HEADS.continuous + HEADS.discrete + HEADS.losses;
const rows: Float32Array[] = [];
const best: number[] = [];
for (const { data, count } of sets) {
  for (let from = 0; from < count; from += BATCH) {
    const n = Math.min(BATCH, count - from);
    const pixels = { dims: [n, 3, SIDE, SIDE], data: data.subarray(from * BYTES, (from + n) * BYTES) };
    const out = await session.run({ pixels });
    for (let i = 0; i < n; i++) {
      const row = new Float32Array(width);
      let at = 0;
      for (const key of outputs.slice(0, 4)) {
        const size = out[key].dims[1];
        row.set((out[key].data as Float32Array).subarray(i * size, (i + 1) * size), at);
        at += size;
      }
      rows.push(row);
      const logits = (out.source.data as Float32Array).subarray(i * sources, (i + 1) * sources);
      best.push(logits.indexOf(Math.max(...logits)));
    }
  }
}
writeFileSync(join(CACHE, `embedded-${name}.f32`), Buffer.concat(rows.map((r) => Buffer.from(r.buffer))));
writeFileSync(
  join(CACHE, `embedded-${name}.json`),
  JSON.stringify({
    best,
    generators: all.map(({ declaration, pictures, vector, folds }) => ({
      ...{ name: declaration.name, family: declaration.family, count: pictures.count },
      ...{ vector: Array.from(vector), folds },
    })),
    photographs: sets.slice(-2).map(({ count }) => count),
  }),
);
