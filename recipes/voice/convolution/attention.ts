/**
 * Spectro-temporal attention in the manner of AASIST (Jung et al. 2022, arXiv:2110.01200), small: a convolutional encoder,
 * then nodes of bands and nodes of moments that each attend to their own kind, then all together with a master node that
 * attends to them. AASIST's graph pooling is left out, and it is shown the log spectrogram that its rival
 * (`network.ts`) is shown, not the wave: 64,000 samples are more than what is there to learn from can bear.
 */
import { type Builder, type Network, network, type Value } from '../../../src/nn/index.ts';
import { FRAMES } from './network.ts';
import { BANDS } from './spectra.ts';

const HEADS = 4;

/** Two convolutions around which the input goes unchanged. */
function residual(b: Builder, x: Value, width: number): Value {
  let h = b.elu(b.batchNorm(b.conv(x, width, { kernel: 3 })));
  h = b.batchNorm(b.conv(h, width, { kernel: 3 }));
  const same = x.shape[1] === width ? x : b.conv(x, width, { kernel: 1 });
  return b.elu(b.add(h, same));
}

/** Nodes [batch, count, width] that have looked at `context`. */
function attended(b: Builder, nodes: Value, context: Value): Value {
  const seen = b.add(nodes, b.attention(b.layerNorm(nodes), { heads: HEADS, context: b.layerNorm(context) }));
  return b.add(seen, b.linear(b.elu(b.linear(b.layerNorm(seen), seen.shape[2])), seen.shape[2]));
}

/** `spectrum` [batch, 1, FRAMES, BANDS], about -3..3, to `logit` [batch, 1], higher for synthetic. */
export function spectroTemporalAttention(name: string, seed: number): Network {
  return network({
    name,
    seed,
    inputs: { spectrum: [1, FRAMES, BANDS] },
    build(b, { spectrum }) {
      let h = b.elu(b.batchNorm(b.conv(spectrum, 16, { kernel: 5, stride: 2 })));
      h = residual(b, b.maxPool(h, { size: 2 }), 24);
      h = residual(b, b.maxPool(h, { size: 2 }), 32);
      h = residual(b, h, 48);
      const loud = b.abs(h);
      const nodes = (axis: number, kind: string): Value => {
        const found = b.transpose(b.maxOver(loud, { axes: [axis] }), [0, 2, 1]);
        const place = b.parameter(`${kind}/place`, [1, found.shape[1], found.shape[2]], { normal: 0.02 });
        const placed = b.add(found, place);
        return attended(b, placed, placed);
      };
      const [bands, moments] = [nodes(2, 'bands'), nodes(3, 'moments')];
      const all = b.concat([bands, moments], 1);
      const together = attended(b, all, all);
      const master = attended(b, b.mean(all, { axes: [1], keepDims: true }), together);
      const parts = [bands.shape[1], moments.shape[1]];
      const read = parts.flatMap((count, i) => {
        const start = i === 0 ? 0 : parts[0];
        const part = b.slice(together, [{ axis: 1, start, end: start + count }]);
        return [b.maxOver(part, { axes: [1] }), b.mean(part, { axes: [1] })];
      });
      const whole = b.concat([b.reshape(master, [master.shape[0], master.shape[2]]), ...read]);
      return { logit: b.linear(b.dropout(whole, 0.4), 1, { name: 'out' }) };
    },
  });
}
