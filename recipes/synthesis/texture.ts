/**
 * The learned half of the synthesis detector, declared once: what a patch of 96x96 pixels looks like without its
 * content. Input are high-pass residuals and mean-free colours (Bayar and Stamm 2018 and the local-pixel-dependency
 * line of FerretNet are the closest published relatives); nothing is pooled before the first convolution, instead the
 * pixels of each 2x2 cell become channels, so that no trace of up-sampling is averaged away.
 */
import { network, type Network } from '../../src/nn/index.ts';

/** Side of a patch in pixels. */
export const PATCH = 96;

export interface TextureShape {
  readonly widths: readonly [number, number, number, number];
  readonly dropout: number;
}

export const TEXTURE: TextureShape = { widths: [24, 40, 56, 80], dropout: 0.3 };

const HIGH_PASS = [-0.25, 0.5, -0.25, 0.5, -1, 0.5, -0.25, 0.5, -0.25];

export function textureNetwork(name: string, seed: number, shape: TextureShape = TEXTURE): Network {
  return network({
    name,
    seed,
    inputs: { pixels: { shape: [3, PATCH, PATCH], type: 'uint8' } },
    build(b, { pixels }) {
      const x = b.toFloat(pixels);
      const kernel = Float32Array.from({ length: 27 }, (_, i) => HIGH_PASS[i % 9]);
      const filter = b.graph.constant(kernel, [3, 1, 3, 3]);
      const filtered = b.convWith(b.pad(x, [1, 1, 1, 1], 'edge'), filter, null, { groups: 3, pad: 0 });
      const fine = b.clip(b.mul(filtered, 1 / 2), -2, 2);
      const coarse = b.clip(b.mul(filtered, 1 / 8), -2, 2);
      const block = (h: typeof x, channels: number, stride = 1) =>
        b.relu(b.batchNorm(b.conv(h, channels, { stride, bias: false })));
      const residue = (h: typeof x, channels: number) =>
        b.relu(b.add(h, b.batchNorm(b.conv(block(h, channels), channels, { bias: false }))));
      const [w1, w2, w3, w4] = shape.widths;
      let h = block(b.pixelUnshuffle(b.concat([fine, coarse]), 2), w1);
      h = residue(block(h, w2, 2), w2);
      h = residue(block(h, w3, 2), w3);
      h = residue(block(h, w4, 2), w4);
      const pooled = b.concat([b.globalMean(h), b.globalStd(h)]);
      return { logit: b.linear(b.dropout(pooled, shape.dropout), 1) };
    },
  });
}
