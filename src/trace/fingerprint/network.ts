/**
 * The fingerprint estimation network (FEN) and what is read from a fingerprint, declared once.
 *
 * After RED (Asnani et al., arXiv:2106.07873): a picture goes in, what its generator left in it comes out, held to four
 * constraints (`constraints.ts`) and made useful by tasks: which source, how built, trained with which losses. Theirs
 * has 17 layers of 64 channels (559,363 numbers); this one has 8 of 16 for a plain CPU, and is handed what a
 * neighbourhood does not predict beside the colours, so that it need not spend layers on finding that first.
 */
import { type Builder, type Network, network, type Value } from '../../nn/index.ts';

const CHANNELS = 16;
/** Convolutions between the first and the last. */
const INNER = 6;
/** Residuals of 8-bit pictures are a few grey levels. */
const RESIDUAL_GAIN = 12;

/** Length of an embedding. */
export const EMBEDDING = 96;
/** Continuous values, classes of the discrete ones end to end, loss bits: what construction is learned as. */
export const HEADS = { continuous: 9, discrete: 4 + 4 + 4 + 2 + 2 + 2, losses: 10 } as const;

/** What the mean of the eight neighbours does not say, amplified and bounded: [B, 3, H, W]. */
function residual(b: Builder, x: Value): Value {
  const ring = b.constant(
    [0, 1, 2].flatMap(() => [-1, -1, -1, -1, 8, -1, -1, -1, -1].map((v) => v / 8)),
    [3, 1, 3, 3],
  );
  return b.clip(b.mul(b.convWith(x, ring, null, { groups: 3, pad: 1 }), RESIDUAL_GAIN), -2, 2);
}

/** Pixels uint8 [B, 3, H, W] to the fingerprint [B, 3, H, W], of any size. */
export function fingerprint(b: Builder, pixels: Value): Value {
  return b.scope('fen', () => {
    const x = b.sub(b.div(b.toFloat(pixels), 127.5), 1);
    let h = b.concat([x, residual(b, x)]);
    for (let i = 0; i <= INNER; i++) h = b.relu(b.batchNorm(b.conv(h, CHANNELS, { bias: false })));
    return b.conv(h, 3, { name: 'fingerprint' });
  });
}

/** Grey of a fingerprint, [B, 1, H, W]. */
export function grey(b: Builder, f: Value): Value {
  return b.convWith(f, b.constant([0.299, 0.587, 0.114], [1, 3, 1, 1]), null, { pad: 0 });
}

/** A fingerprint [B, 3, S, S] to its embedding [B, EMBEDDING]: its spectrum, and local patterns of it pooled over the picture. */
function embed(b: Builder, f: Value): Value {
  return b.scope('reader', () => {
    const [, , side] = f.shape;
    const spectrum = b.log(b.add(b.dftMagnitude(f, { half: true }), 1e-3));
    const flat = b.reshape(spectrum, [f.shape[0], 3 * side * (side / 2 + 1)]);
    const peaks = b.relu(b.linear(b.mul(flat, 0.3), 64, { name: 'peaks' }));
    let h = b.batchNorm(f);
    for (const [width, stride] of [
      [32, 1],
      [48, 2],
      [64, 2],
    ] as const)
      h = b.relu(b.batchNorm(b.conv(h, width, { stride, bias: false })));
    const pooled = b.concat([peaks, b.globalMean(h), b.globalStd(h)]);
    return b.linear(b.dropout(pooled, 0.2), EMBEDDING, { name: 'embedding' });
  });
}

/** The fingerprint alone, of pictures of `side` pixels; the weights are those of {@link fingerprintNetwork} at any side. */
export function estimationNetwork(side: number): Network {
  return network({
    name: 'fingerprint-estimation',
    seed: 2106,
    inputs: { pixels: { shape: [3, side, side], type: 'uint8' } },
    build: (b, { pixels }) => ({ fingerprint: fingerprint(b, pixels) }),
  });
}

/** The network for pictures of `side` pixels, told apart into `sources`. */
export function fingerprintNetwork(side: number, sources: number): Network {
  return network({
    name: 'fingerprint',
    seed: 2106,
    inputs: { pixels: { shape: [3, side, side], type: 'uint8' } },
    build(b, { pixels }) {
      const f = fingerprint(b, pixels);
      const embedding = embed(b, f);
      const h = b.relu(b.batchNorm(embedding));
      return {
        fingerprint: f,
        embedding,
        source: b.linear(h, sources, { name: 'source' }),
        continuous: b.linear(h, HEADS.continuous, { name: 'continuous' }),
        discrete: b.linear(h, HEADS.discrete, { name: 'discrete' }),
        losses: b.linear(h, HEADS.losses, { name: 'losses' }),
      };
    },
  });
}
