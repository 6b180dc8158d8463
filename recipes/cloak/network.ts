/**
 * The network that makes a cloak in one pass (the "venom" of Huang et al., Initiative Defense, AAAI 2021): from a face on
 * the canvas to a change of it against each threat, all of the same size, to be added up and brought within a budget.
 */
import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';
import { CANVAS } from '../../src/protect/cloak/channel.ts';
import { fade } from '../../src/protect/cloak/frame.ts';
import { THREATS } from '../../src/protect/cloak/threats.ts';
import { VENOM } from '../../src/protect/cloak/venom.ts';

/** Canvas places in one place of the inner layers. */
const FACTOR = 4;

/** Two convolutions around which the input goes unchanged. */
function residual(b: Builder, x: Value): Value {
  const width = x.shape[1];
  return b.add(x, b.conv(b.elu(b.conv(b.elu(x), width)), width, { initial: 'zeros' }));
}

/** `face` [B, 3, CANVAS, CANVAS] in 0..1 to `cloaks` [B, THREATS, 3, CANVAS, CANVAS], mean square of each 1. */
export function venomNetwork(): Network {
  return network({
    name: VENOM,
    seed: 12,
    inputs: { face: [3, CANVAS, CANVAS] },
    build(b, { face }) {
      const batch = face.shape[0];
      const fine = b.conv(b.pixelUnshuffle(b.mul(b.sub(face, 0.5), 2), FACTOR), 48);
      let coarse = b.conv(b.elu(residual(b, fine)), 96, { stride: 2 });
      for (let i = 0; i < 3; i++) coarse = residual(b, coarse);
      const side = CANVAS / FACTOR;
      const whole = b.resize(b.conv(b.elu(coarse), 48, { kernel: 1 }), side, side);
      const seen = b.elu(residual(b, b.add(fine, whole)));
      const made = b.pixelShuffle(b.conv(seen, THREATS.length * 3 * FACTOR * FACTOR), FACTOR);
      const faded = b.mul(made, b.constant(fade(), [1, 1, CANVAS, CANVAS]));
      const each = b.reshape(faded, [batch, THREATS.length, 3, CANVAS, CANVAS]);
      const power = b.mean(b.square(each), { axes: [2, 3, 4], keepDims: true });
      return { cloaks: b.div(each, b.sqrt(b.add(power, 1e-6))) };
    },
  });
}
