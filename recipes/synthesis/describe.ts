/**
 * Residual statistics of every view of the pool: `tsx recipes/synthesis/describe.ts --shard 1/2`.
 *
 * Of each view one tile of the size the detector uses, at a random place on its grid. Apart from `pool.ts`, so that a
 * change of the statistics does not need the pictures made again.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { crop } from '../../src/core/image.ts';
import { Random } from '../../src/core/random.ts';
import { STATISTICS, statistics } from '../../src/core/residuals/index.ts';
import { TILE } from '../../src/core/tiles.ts';
import { Views } from './views.ts';

const { values } = parseArgs({
  options: {
    cache: { type: 'string', default: '.cache/synthesis' },
    shard: { type: 'string', default: '1/1' },
  },
});
const [part, parts] = values.shard.split('/').map(Number);
const views = new Views(values.cache);
const from = Math.floor((views.facts.length * (part - 1)) / parts);
const to = Math.floor((views.facts.length * part) / parts);
const out = new Float32Array((to - from) * STATISTICS);
for (let i = from; i < to; i++) {
  const view = views.image(i);
  const random = new Random(i);
  const width = Math.min(TILE, view.width);
  const height = Math.min(TILE, view.height);
  const x = Math.floor(random.below(view.width - width + 1) / 8) * 8;
  const y = Math.floor(random.below(view.height - height + 1) / 8) * 8;
  out.set(statistics(crop(view, { x, y, width, height })), (i - from) * STATISTICS);
  if ((i - from) % 1000 === 999) console.error(`${i - from + 1} of ${to - from}`);
}
writeFileSync(join(values.cache, `statistics-${part}of${parts}.f32`), new Uint8Array(out.buffer));
