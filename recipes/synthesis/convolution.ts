/**
 * The convolutional half, declared once: clipped residuals of luma and colour differences, six 3x3 convolutions, mean and
 * spread over the patch, one logit. It is never shown the picture itself: with one to four pictures of most generators
 * a network that sees content learns the pictures.
 */
import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';

/** Luma and two colour differences, 0..255 and centred. */
function lumaChroma(b: Builder, x: Value): Value {
  const mix = b.constant([0.299, 0.587, 0.114, -0.169, -0.331, 0.5, 0.5, -0.419, -0.081], [3, 3, 1, 1]);
  return b.convWith(b.toFloat(x), mix, null, { pad: 0 });
}

/** What the eight neighbours, and what the diagonal, do not predict; each at two steps of clipping: [B, 12, S, S]. */
function residuals(b: Builder, x: Value): Value {
  const channels = lumaChroma(b, x);
  const ring = [-0.25, 0.5, -0.25, 0.5, -1, 0.5, -0.25, 0.5, -0.25];
  const diagonal = [0, 0, 0, 0, 1, -1, 0, -1, 1];
  const filters = b.constant(
    [0, 1, 2].flatMap(() => [...ring, ...diagonal]),
    [6, 1, 3, 3],
  );
  const residual = b.convWith(channels, filters, null, { groups: 3, pad: 1 });
  return b.concat([b.clip(b.mul(residual, 0.5), -1.5, 1.5), b.clip(b.mul(residual, 0.1), -1.5, 1.5)]);
}

const WIDTHS = [24, 24, 48, 48, 64, 64] as const;

/** `pixels` uint8 [batch, 3, side, side] to `logit` [batch, 1], higher for generated. The weights do not depend on the side. */
export function convolutionNetwork(name: string, side: number, dropout = 0.3): Network {
  return network({
    name,
    seed: 7,
    inputs: { pixels: { shape: [3, side, side], type: 'uint8' } },
    build(b, { pixels }) {
      let h = residuals(b, pixels);
      WIDTHS.forEach((width, i) => {
        h = b.relu(b.batchNorm(b.conv(h, width, { stride: i === 2 || i === 4 ? 2 : 1, bias: false })));
      });
      return {
        logit: b.linear(b.dropout(b.concat([b.globalMean(h), b.globalStd(h)]), dropout), 1, { name: 'out' }),
      };
    },
  });
}
