/**
 * Encoder and decoder of the screen watermark, declared once: how much more or less of the mark each place takes than the
 * rule of `mask.ts` gives it, and what of a flattened photograph is mark. Both start as the rules they replace and learn
 * what differs (residual to `mask.ts` and `whiten.ts`), and neither knows a key: the waves of any key pass through.
 */

import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';
import { FACTOR } from '../../src/protect/watermark/learned.ts';

/** Side of what is trained on, in mark units: one tile. */
export const SIDE = 128;

/** Mean over the (2 radius + 1) square, the border drawn out. */
export function boxMean(b: Builder, x: Value, radius: number): Value {
  const side = 2 * radius + 1;
  const row = b.constant(new Float32Array(side).fill(1 / side), [1, 1, 1, side]);
  const column = b.constant(new Float32Array(side).fill(1 / side), [1, 1, side, 1]);
  const across = b.convWith(b.pad(x, [0, radius, 0, radius], 'edge'), row, null, { pad: 0 });
  return b.convWith(b.pad(across, [radius, 0, radius, 0], 'edge'), column, null, { pad: 0 });
}

/** Luma 0..255 [B, 1, H, W] to how many times the strength of the rule each place gets, [B, 1, H, W]; sides divide by FACTOR. */
export function encoder(b: Builder, luma: Value): Value {
  return b.tied('encoder', () => {
    const fine = b.sub(luma, boxMean(b, luma, 3));
    const roots = b.sqrt(b.add(b.abs(fine), 0.05));
    const seen = b.concat([
      b.mul(b.sub(luma, 128), 1 / 64),
      b.clip(b.mul(fine, 1 / 12), -2, 2),
      b.mul(roots, 0.4),
    ]);
    let h = b.relu(b.conv(b.pixelUnshuffle(seen, FACTOR), 24, { kernel: 1 }));
    h = b.relu(b.conv(h, 24));
    h = b.conv(h, 16, { initial: 'zeros' });
    return b.exp(b.mul(b.tanh(boxMean(b, b.pixelShuffle(h, FACTOR), 2)), 1.2));
  });
}

/** A flattened photograph, one sample a unit, 0..255, [B, 1, H, W], to the mark in it, [B, 1, H, W]; sides divide by FACTOR. */
export function decoder(b: Builder, sheet: Value): Value {
  return b.tied('decoder', () => {
    const fine = b.sub(sheet, boxMean(b, boxMean(b, sheet, 2), 2));
    const around = boxMean(b, b.abs(fine), 8);
    const white = b.clip(b.div(fine, b.add(b.mul(around, 1.25), 1)), -2.5, 2.5);
    const seen = b.concat([white, b.clip(b.mul(fine, 0.15), -3, 3), b.log(b.add(around, 0.5))]);
    let h = b.relu(b.conv(b.pixelUnshuffle(seen, 2), 24));
    h = b.relu(b.conv(h, 24));
    h = b.relu(b.conv(h, 24));
    const learnt = b.pixelShuffle(b.conv(h, 4, { initial: 'zeros' }), 2);
    return b.add(white, learnt);
  });
}

/** What the command runs on a picture that is to be marked. */
export const encoderNetwork = (side = SIDE): Network =>
  network({
    name: 'watermark-encoder',
    seed: 3,
    inputs: { luma: [1, side, side] },
    build: (b, { luma }) => ({ times: encoder(b, luma) }),
  });

/** What the command runs on a sheet that is to be read. */
export const decoderNetwork = (side = SIDE): Network =>
  network({
    name: 'watermark-decoder',
    seed: 4,
    inputs: { sheet: [1, side, side] },
    build: (b, { sheet }) => ({ mark: decoder(b, sheet) }),
  });
