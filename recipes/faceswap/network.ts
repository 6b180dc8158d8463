/**
 * The face-swap network, declared once: a small multi-attentional network (Zhao et al. 2021, arXiv:2103.02406) that is
 * shown what seams and re-rendering disturb. Where they sit is learnt as several attention maps; what they look like is
 * read from shallow texture under each map (bilinear attention pooling), what the face is like from the deep features.
 */
import { FACE_SIDE } from '../../src/evidence/faceswap/view.ts';
import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';

/** The number of attention maps, each MAP_SIDE cells square. */
export const MAPS = 4;
export const MAP_SIDE = 16;

/** Luma and two colour differences, about -1..1. */
function lumaChroma(b: Builder, x: Value): Value {
  const mix = b.constant([0.299, 0.587, 0.114, -0.169, -0.331, 0.5, 0.5, -0.419, -0.081], [3, 3, 1, 1]);
  const offset = b.constant([-128, 0, 0], [3]);
  return b.convWith(b.toFloat(x), mix, offset, { pad: 0 });
}

/** What the eight neighbours do not predict, at two steps of clipping: the noise of the camera, or its absence. */
function residuals(b: Builder, channels: Value): Value {
  const ring = [-0.25, 0.5, -0.25, 0.5, -1, 0.5, -0.25, 0.5, -0.25];
  const filters = b.constant([...ring, ...ring, ...ring], [3, 1, 3, 3]);
  const residual = b.convWith(channels, filters, null, { groups: 3, pad: 1 });
  return b.concat([b.clip(b.mul(residual, 0.4), -2, 2), b.clip(b.mul(residual, 0.06), -2, 2)]);
}

const block = (b: Builder, x: Value, width: number, stride = 1, kernel = 3) =>
  b.relu(b.batchNorm(b.conv(x, width, { stride, kernel, bias: false })));

/** Rows of length 1: x [B, M, C] divided by its norm over C. */
function unit(b: Builder, x: Value): Value {
  return b.div(x, b.sqrt(b.add(b.sum(b.square(x), { axes: [2], keepDims: true }), 1e-6)));
}

/**
 * `pixels` uint8 [batch, 3, FACE_SIDE, FACE_SIDE], R G B, an aligned face, to `logit` [batch, 1], higher for a swapped or
 * re-enacted face, `attention` [batch, MAPS, MAP_SIDE, MAP_SIDE], each 0 .. 1, and `texture` [batch, MAPS, 48], what was
 * seen under each map, of length 1.
 */
export function faceswapNetwork(name: string): Network {
  return network({
    name,
    seed: 11,
    inputs: { pixels: { shape: [3, FACE_SIDE, FACE_SIDE], type: 'uint8' } },
    build(b, { pixels }) {
      const channels = lumaChroma(b, pixels);
      const seen = b.concat([b.mul(channels, 1 / 64), residuals(b, channels)]);
      const stem = block(b, b.pixelUnshuffle(seen, 2), 24, 1, 1);
      const shallow = block(b, block(b, stem, 32, 2), 48);
      const middle = block(b, block(b, shallow, 64, 2), 64);
      const deep = block(b, block(b, block(b, middle, 96, 2), 128), 128);

      const maps = b.sigmoid(b.batchNorm(b.conv(middle, MAPS, { name: 'maps', kernel: 1, bias: false })));
      const cells = MAP_SIDE * MAP_SIDE;
      const batch = maps.shape[0];
      const spread = b.reshape(maps, [batch, MAPS, cells]);
      // One whole map may be hidden while training, so that none relies on another.
      const presence = b.add(b.mul(b.mean(spread, { axes: [2], keepDims: true }), 0), 1);
      const weights = b.mul(spread, b.dropout(presence, 0.15));

      const half = FACE_SIDE / 8;
      const smooth = b.resize(b.averagePool(shallow, { size: 2 }), half * 2, half * 2, 'nearest');
      const fine = block(b, b.sub(shallow, smooth), 48, 2);
      const across = b.transpose(b.reshape(fine, [batch, 48, cells]), [0, 2, 1]);
      const texture = unit(b, b.matmul(weights, across));

      const parts = b.relu(b.batchNorm(b.linear(b.reshape(texture, [batch, MAPS * 48]), 64)));
      // Faces are aligned, so where a thing is seen says as much as that it is.
      const placed = block(b, deep, 16, 1, 1);
      const layout = b.relu(b.batchNorm(b.linear(b.reshape(placed, [batch, (16 * cells) / 4]), 64)));
      const pooled = b.concat([parts, layout, b.globalMean(deep), b.globalStd(deep)]);
      const logit = b.linear(b.dropout(pooled, 0.3), 1, { name: 'out' });
      return { logit, attention: maps, texture };
    },
  });
}

/** Inner margins of the paper: what is real stays within the first of its centre, what is not beyond the second. */
const NEAR = 0.2;
const FAR = 0.8;

/**
 * The regional independence loss of the paper with the centres of this batch's real faces instead of running ones: under
 * each map, real faces look alike and others do not, and no two maps look at the same thing. `fake` [B, 1], 0 or 1.
 */
export function regionalIndependence(b: Builder, texture: Value, fake: Value): Value {
  const [batch, maps] = texture.shape;
  const authentic = b.add(b.neg(fake), 1);
  const real = b.reshape(authentic, [batch, 1, 1]);
  const count = b.add(b.sum(real), 1e-3);
  const centres = b.div(b.sum(b.mul(texture, real), { axes: [0], keepDims: true }), count);
  const distance = b.sqrt(b.add(b.sum(b.square(b.sub(texture, centres)), { axes: [2] }), 1e-6));
  const inner = b.add(
    b.mul(b.relu(b.sub(distance, NEAR)), authentic),
    b.mul(b.relu(b.add(b.neg(distance), FAR)), fake),
  );
  let inter = b.scalar(0);
  const centre = (k: number) => b.slice(centres, [{ axis: 1, start: k, end: k + 1 }]);
  for (let j = 0; j < maps; j++) {
    for (let k = j + 1; k < maps; k++) {
      const apart = b.sqrt(b.add(b.sum(b.square(b.sub(centre(j), centre(k)))), 1e-6));
      inter = b.add(inter, b.relu(b.add(b.neg(apart), FAR)));
    }
  }
  return b.add(b.mean(inner), b.mul(inter, 1 / maps));
}
