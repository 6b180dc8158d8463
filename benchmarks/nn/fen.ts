/** The network both sides run: six 3x3 convolutions of 24 to 72 channels with batch norm and ReLU, pooled, one logit. */
import { adamW, compileTraining, network, type TrainingProgram } from '../../src/nn/index.ts';

export const CHANNELS = [24, 24, 48, 48, 72, 72] as const;
export const STRIDES = [1, 1, 2, 1, 2, 1] as const;
export const INPUT = [6, 64, 64] as const;

export const fen = network({
  name: 'fen',
  inputs: { x: INPUT },
  seed: 1,
  build(b, { x }) {
    let h = x;
    CHANNELS.forEach((channels, i) => {
      h = b.relu(b.batchNorm(b.conv(h, channels, { stride: STRIDES[i], bias: false })));
    });
    return { logit: b.linear(b.globalMean(h), 1) };
  },
});

export function fenTraining(batch: number): TrainingProgram {
  return compileTraining(fen, {
    batch,
    targets: { y: [1] },
    loss: (b, { logit }, { y }) => b.sigmoidCrossEntropy(logit, y),
    optimiser: adamW({ rate: 1e-3, weightDecay: 0 }),
  });
}
