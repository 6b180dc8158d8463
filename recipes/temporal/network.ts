/** The temporal network, declared once: two convolutions along time over the changes of a face, their mean and spread. */
import { CHANGES } from '../../src/evidence/temporal/changes.ts';
import { MODEL, WINDOW } from '../../src/evidence/temporal/score.ts';
import { type Network, network } from '../../src/nn/index.ts';

/** What the inputs are standardised by. */
export interface Scaling {
  readonly mean: Float32Array;
  readonly rate: Float32Array;
}

/** Standardised changes beyond this say only "unusual". */
const CLIP = 4;

/** `changes` [batch, CHANGES, 1, WINDOW] to `logit` [batch, 1]. */
export function temporalNetwork({ mean, rate }: Scaling): Network {
  const n = CHANGES.length;
  return network({
    name: MODEL,
    seed: 3,
    inputs: { changes: [n, 1, WINDOW] },
    build(b, { changes }) {
      const shifted = b.sub(changes, b.constant(mean, [1, n, 1, 1]));
      let x = b.clip(b.mul(shifted, b.constant(rate, [1, n, 1, 1])), -CLIP, CLIP);
      x = b.relu(b.batchNorm(b.conv(x, 24, { kernel: [1, 3], bias: false })));
      x = b.relu(b.batchNorm(b.conv(x, 24, { kernel: [1, 3], bias: false })));
      const pooled = b.concat([b.globalMean(x), b.globalStd(x)]);
      const hidden = b.relu(b.linear(b.dropout(pooled, 0.3), 16));
      return { logit: b.linear(hidden, 1, { name: 'out' }) };
    },
  });
}
