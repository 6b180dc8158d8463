/**
 * A light convolutional network with max-feature-map activations (Wu et al. 2018, arXiv:1511.02683; Lavrentyeva et al.
 * 2019, arXiv:1904.05576), on the log spectrogram of one second of speech without the mean of each band, so that it is
 * shown neither microphone nor loudness.
 */
import { type Builder, type Network, network, type Value } from '../../../src/nn/index.ts';
import { BANDS } from './spectra.ts';

/** Frames of a view: one second of speech. */
export const FRAMES = 64;

/** The larger of two halves of the channels: competing filters instead of thresholds. */
function maxFeatureMap(b: Builder, x: Value): Value {
  const half = x.shape[1] / 2;
  const part = (from: number) => b.slice(x, [{ axis: 1, start: from, end: from + half }]);
  return b.max(part(0), part(half));
}

const block = (b: Builder, x: Value, width: number, kernel: number, stride: number) =>
  b.batchNorm(maxFeatureMap(b, b.conv(x, 2 * width, { kernel, stride })));

/** `spectrum` [batch, 1, FRAMES, BANDS], about -3..3, to `logit` [batch, 1], higher for synthetic. */
export function lightConvolution(name: string, seed: number): Network {
  return network({
    name,
    seed,
    inputs: { spectrum: [1, FRAMES, BANDS] },
    build(b, { spectrum }) {
      let h = block(b, spectrum, 8, 5, 2);
      h = block(b, h, 16, 3, 2);
      h = block(b, block(b, h, 16, 1, 1), 24, 3, 2);
      h = block(b, block(b, h, 24, 1, 1), 32, 3, 2);
      h = block(b, h, 32, 3, 1);
      const pooled = b.concat([b.globalMean(h), b.globalStd(h)]);
      return { logit: b.linear(b.dropout(pooled, 0.4), 1, { name: 'out' }) };
    },
  });
}
