import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { exportInference, initialWeights } from '../../nn/index.ts';
import { nodeRuntime } from '../../nn/runtime.node.ts';
import type { AutoregressiveDeclaration } from '../declaration.ts';
import { gumbels } from '../parts/gumbel.ts';
import { gradients } from '../parts/pictures.test-support.ts';
import { ending, heldRunner, teach } from '../parts/training.test-support.ts';
import { autoregressive } from './autoregressive.ts';

const declared: AutoregressiveDeclaration = {
  ...{ family: 'autoregressive', name: 'tiny', subject: 'textures', seed: 4, size: 8 },
  ...{ steps: 60, batch: 8, rate: 6e-3, losses: ['cross-entropy'] },
  ...{ width: 12, layers: 2, gated: false, levels: 12 },
};
const COLOURS = ['red', 'green', 'blue'];
const { size, levels } = declared;

/** The whole network on pictures given as levels: logits by colour, [N, size, size, levels]. */
async function whole(
  model: ReturnType<typeof autoregressive>,
  weights: Parameters<typeof exportInference>[1],
) {
  const { network } = model.training();
  const session = await (await nodeRuntime()).load(exportInference(network, weights));
  return async (given: Float32Array) => {
    const data = BigInt64Array.from(given, (v) => BigInt(Math.round(v)));
    const dims = [given.length / (3 * size * size), 3, size, size];
    const out = await session.run({ levels: { dims, data } });
    return COLOURS.map((colour) => out[colour].data as Float32Array);
  };
}

describe.each([{ gated: false }, { gated: true }])('autoregressive %j', ({ gated }) => {
  const model = autoregressive({ ...declared, gated });

  it('learns, and draws one pixel at a time what the whole network says', async () => {
    const taught = await teach(model, gradients, declared.steps);
    expect(taught.losses[0]).toBeGreaterThan(2);
    expect(ending(taught.losses)).toBeLessThan(0.75 * taught.losses[0]);

    const ran: string[] = [];
    const count = 5;
    const sample = (seed: number) =>
      model.sample({
        run: heldRunner(model, taught.weights, ran),
        ...{ random: new Random(seed), pictures: gradients, count, size },
      });
    const pictures = await sample(3);
    expect(pictures).toEqual(await sample(3));
    expect(pictures).not.toEqual(await sample(4));
    expect(new Set(ran.map((name) => model.networks[name]))).toEqual(new Set([model.generator]));

    // Drawn again from the whole network's logits and the same noise.
    const logits = await (await whole(model, taught.weights))(pictures.map((v) => v * (levels - 1)));
    const random = new Random(3);
    let worst = 0;
    for (let place = 0; place < size * size; place++) {
      const noise = gumbels(random, count * 3 * levels);
      for (let n = 0; n < count; n++) {
        for (let c = 0; c < 3; c++) {
          const scores = Array.from({ length: levels }, (_, level) => {
            const logit = logits[c][(n * size * size + place) * levels + level];
            return logit + noise[(n * 3 + c) * levels + level];
          });
          const drawn = Math.round(pictures[(n * 3 + c) * size * size + place] * (levels - 1));
          worst = Math.max(worst, Math.max(...scores) - scores[drawn]);
        }
      }
    }
    expect(worst).toBeLessThan(1e-3);
  });

  it('sees only what is drawn before', async () => {
    const random = new Random(8);
    const weights = initialWeights(model.training().network);
    for (const { data } of Object.values(weights)) data.set(data.map((v) => v + random.normal() * 0.2));
    const look = await whole(model, weights);
    const given = Float32Array.from({ length: 3 * size * size }, () => random.below(levels));
    const before = await look(given);
    for (let trial = 0; trial < 12; trial++) {
      const [place, colour] = [random.below(size * size), random.below(3)];
      const other = given.slice();
      other[colour * size * size + place] = (given[colour * size * size + place] + 3) % levels;
      const after = await look(other);
      const changed = COLOURS.flatMap((_, c) =>
        Array.from({ length: size * size }, (__, at) => at * 3 + c).filter((order) => {
          const start = Math.floor(order / 3) * levels;
          const range = [start, start + levels] as const;
          return before[c].subarray(...range).some((v, i) => v !== after[c].subarray(...range)[i]);
        }),
      );
      for (const order of changed) expect(order).toBeGreaterThan(place * 3 + colour);
      if (place < size * size - 1 || colour < 2) expect(changed).not.toHaveLength(0);
    }
  });
});
