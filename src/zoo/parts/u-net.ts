/**
 * The small U-Net of a diffusion model (Ronneberger et al. 2015, arXiv:1505.04597, with the time of arXiv:2006.11239):
 * every level hands what it saw across to its counterpart on the way up. One convolution a block, because a zoo's
 * generator is trained in a minute on one core; for the same reason the innermost level knows where it is and sees all
 * of the picture at once, or faces come out as skin without a layout.
 */
import type { Builder, Value } from '../../nn/index.ts';
import { activate, type Decoder, normalise, up } from './blocks.ts';

export interface UNet {
  /** Channels at full side, a multiple of 4; twice as many at half, three times at a quarter and below. */
  readonly width: number;
  /** All places of the innermost level attend to each other; otherwise one learned matrix mixes them. */
  readonly attention: boolean;
  readonly upsampling: Decoder['upsampling'];
  readonly activation: Decoder['activation'];
}

const INNERMOST = 8;
const TIME_WIDTH = 32;
const HEADS = 2;

/** Noisy pictures [B, 3, S, S], S = 8, 16, 32 .., and their times' features [B, F], to [B, 3, S, S]. */
export function uNet(
  b: Builder,
  noisy: Value,
  time: Value,
  { width, attention, upsampling, activation }: UNet,
): Value {
  const levels = Math.log2(noisy.shape[2] / INNERMOST) + 1;
  const channelsAt = (level: number) => width * Math.min(3, level + 1);
  const way: Decoder = {
    ...{
      width,
      widest: width * 3,
      depth: levels - 1,
      kernel: 3,
      layers: 1,
      normalisation: 'group',
      activation,
    },
    ...{ upsampling, residual: true, last: 'linear', lastKernel: 3, style: false },
  };
  const moment = b.scope('time', () => activate(b, b.linear(time, TIME_WIDTH), activation));

  /** A convolution that knows the time, with a shortcut around it. */
  const block = (x: Value, channels: number): Value => {
    const wanted = b.reshape(b.linear(moment, channels * 2, { name: 'time', initial: 'zeros' }), [
      x.shape[0],
      channels * 2,
      1,
      1,
    ]);
    const scale = b.slice(wanted, [{ axis: 1, start: 0, end: channels }]);
    const shift = b.slice(wanted, [{ axis: 1, start: channels, end: channels * 2 }]);
    const seen = normalise(b, b.conv(x, channels, { bias: false }), 'group');
    const h = activate(b, b.add(b.mul(seen, b.add(scale, 1)), shift), activation);
    return b.scope('skip', () => b.add(h, x.shape[1] === channels ? x : b.conv(x, channels, { kernel: 1 })));
  };

  let h = b.conv(noisy, width);
  const across: Value[] = [];
  for (let level = 0; level < levels; level++) {
    h = b.scope('encoder', () =>
      b.scope(`block${level + 1}`, () => {
        if (level > 0) h = b.conv(h, channelsAt(level), { stride: 2 });
        return block(h, channelsAt(level));
      }),
    );
    across.push(h);
  }
  const [batch, c, height, w] = h.shape;
  h = b.scope('middle', () => {
    const placed = b.add(h, b.parameter('places', [1, c, height, w], 'zeros', false));
    const flat = b.reshape(normalise(b, placed, 'group'), [batch, c, height * w]);
    const looked = attention
      ? b.transpose(b.attention(b.transpose(flat, [0, 2, 1]), { heads: HEADS }), [0, 2, 1])
      : b.linear(flat, height * w, { initial: 'xavier' });
    const x = b.scope('skip', () => b.add(placed, b.reshape(looked, [batch, c, height, w])));
    return block(x, c);
  });
  for (let level = levels - 2; level >= 0; level--) {
    h = b.scope(`block${levels - 1 - level}`, () => {
      const raised = up(b, h, channelsAt(level), way);
      return block(
        b.scope('skip', () => b.concat([raised, across[level]])),
        channelsAt(level),
      );
    });
  }
  return b.scope('last', () =>
    b.conv(activate(b, normalise(b, h, 'group'), activation), 3, { initial: 'zeros' }),
  );
}
