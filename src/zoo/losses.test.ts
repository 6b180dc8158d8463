import { describe, expect, it } from 'vitest';
import { LOSS_BITS } from '../core/construction.ts';
import { compileTraining, network, sgd, type Value } from '../nn/index.ts';
import { Trainer } from '../nn/trainer.node.ts';
import type { LossName } from './declaration.ts';
import {
  type AdversarialName,
  adversarialLoss,
  isAdversarial,
  isPixelLoss,
  lossBits,
  pixelLoss,
  slopePenalty,
} from './losses.ts';
import { slopeBetween } from './parts/critic.ts';

const BATCH_SIZE = 6;

/** Scalars of a graph in which `inputs` are the whole batch. */
async function measure(
  inputs: Readonly<Record<string, { shape: readonly number[]; data: Float32Array }>>,
  loss: (b: Parameters<typeof pixelLoss>[0], given: Readonly<Record<string, Value>>) => Record<string, Value>,
): Promise<Readonly<Record<string, number>>> {
  const net = network({
    ...{ name: 'losses', seed: 1 },
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])),
    build: (b, given) => ({ ...given, idle: b.parameter('idle', [1], 'zeros') }),
  });
  const program = compileTraining(net, {
    ...{ batch: BATCH_SIZE, targets: {}, optimiser: sgd({ rate: 0 }) },
    loss: (b, { idle, ...given }) => ({ loss: b.sum(idle), metrics: loss(b, given) }),
  });
  const trainer = await Trainer.create(program, { threads: 1, progress: null });
  const { metrics } = await trainer.train(
    Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data])),
  );
  await trainer.release();
  return metrics;
}

describe("RED's ten bits", () => {
  const named = (...losses: LossName[]) => LOSS_BITS.filter((_, i) => lossBits(losses)[i] === 1);
  it('follow from the names', () => {
    expect(LOSS_BITS).toHaveLength(10);
    expect(lossBits([])).toEqual(Array(10).fill(0));
    expect(named('l1')).toEqual(['l1']);
    expect(named('bce-adversarial')).toEqual(['adversarial', 'cross-entropy']);
    expect(named('least-squares')).toEqual(['mse', 'least-squares']);
    expect(named('wgan-gp', 'l1')).toEqual(['l1', 'l2', 'wgan']);
    expect(named('mse', 'kl', 'mmd', 'hinge')).toEqual(['mse', 'mmd', 'kl', 'hinge']);
  });
  it('leave no name without a bit, and no bit without a name', () => {
    const names: LossName[] = [
      ...(['l1', 'l2', 'mse', 'mmd', 'bce-adversarial', 'relativistic', 'wgan'] as const),
      ...(['wgan-gp', 'hinge', 'least-squares', 'began', 'kl', 'cross-entropy'] as const),
    ];
    for (const name of names) {
      expect(lossBits([name])).toContain(1);
      expect(Number(isPixelLoss(name)) + Number(isAdversarial(name))).toBe(
        ['kl', 'cross-entropy', 'began'].includes(name) ? 0 : 1,
      );
    }
    expect(lossBits(names)).toEqual(Array(10).fill(1));
  });
});

it('pixel losses are of the order of the mean absolute error', async () => {
  const size = BATCH_SIZE * 12;
  const shape = [3, 2, 2];
  const made = { shape, data: new Float32Array(size).fill(0.75) };
  const wanted = { shape, data: new Float32Array(size).fill(0.5) };
  const all = await measure({ made, wanted }, (b, { made: m, wanted: w }) => ({
    l1: pixelLoss(b, 'l1', m, w),
    l2: pixelLoss(b, 'l2', m, w),
    mse: pixelLoss(b, 'mse', m, w),
  }));
  expect(all.l1).toBeCloseTo(0.25, 5);
  expect(all.l2).toBeCloseTo(0.25, 4);
  expect(all.mse).toBeCloseTo(4 * 0.25 ** 2, 5);
});

describe.each<AdversarialName>([
  ...(['bce-adversarial', 'relativistic', 'wgan', 'wgan-gp', 'hinge', 'least-squares', 'mmd'] as const),
])('%s', (name) => {
  /** Scores around `centre`, a little apart. */
  const scores = (centre: number) => ({
    shape: [1],
    data: Float32Array.from({ length: BATCH_SIZE }, (_, i) => centre + (i - 2.5) * 0.1),
  });
  const shares = (real: number, generated: number) =>
    measure({ real: scores(real), generated: scores(generated) }, (b, given) => ({
      ...adversarialLoss(b, name, { real: given.real, generated: given.generated, seen: given.generated }),
    }));

  it('pays the critic for telling the two sides apart, and the generator for the opposite', async () => {
    const [mixed, apart] = [await shares(0.5, 0.5), await shares(1, 0)];
    expect(apart.critic).toBeLessThan(mixed.critic);
    expect(apart.generator).toBeGreaterThan(mixed.generator);
  });
});

describe('the slope between generated and real', () => {
  const shape = [3, 2, 2];
  const weight = Float32Array.from({ length: 12 }, (_, i) => ((i * 5) % 7) / 7 - 0.4);
  const length = Math.hypot(...weight);
  const opinion = (b: Parameters<typeof pixelLoss>[0]) => (picture: Value) =>
    b.sum(b.mul(picture, b.constant(weight, [1, 3, 2, 2])), { axes: [1, 2, 3] });
  const base = Float32Array.from({ length: BATCH_SIZE * 12 }, (_, i) => ((i * 3) % 11) / 11);
  const along = (direction: (i: number) => number) => ({
    shape,
    data: base.map((v, i) => v + 0.3 * direction(i % 12)),
  });
  const slopes = (real: { shape: readonly number[]; data: Float32Array }) =>
    measure({ real, held: { shape, data: base } }, (b, given) => {
      const slope = slopeBetween(b, given.real, given.held, opinion(b));
      return { slope: b.mean(slope), penalty: slopePenalty(b, b.div(slope, length)) };
    });

  it("is the length of a linear critic's weights along them, and 0 across", async () => {
    const steep = await slopes(along((i) => weight[i]));
    expect(steep.slope).toBeCloseTo(length, 3);
    expect(steep.penalty).toBeLessThan(1e-4);
    const down = await slopes(along((i) => -weight[i]));
    expect(down.slope).toBeCloseTo(-length, 3);
    // Two numbers moved so that the critic's opinion stays.
    const level = await slopes(along((i) => (i === 0 ? weight[1] : i === 1 ? -weight[0] : 0)));
    expect(level.slope).toBeCloseTo(0, 3);
    expect(level.penalty).toBeCloseTo(10, 2);
  });
});
