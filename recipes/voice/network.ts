/**
 * The voice network, declared once: for each breadth of the spectrum a linear discriminant (fitted in closed form) on
 * standardised statistics. The mask takes inputs out after they were standardised, so that it can be asked what a band
 * of frequencies contributes.
 */
import { VOICE_STATISTICS } from '../../src/core/voice/features/index.ts';
import { type Builder, type Network, network, type Value } from '../../src/nn/index.ts';

export interface Scaling {
  readonly mean: Float32Array;
  /** 1 / standard deviation. */
  readonly rate: Float32Array;
}

/** Standardised statistics beyond this many standard deviations count no further. */
export const CLIP = 3;

/** `statistics` and `mask` [batch, 2 * VOICE_STATISTICS] to the scores `wide` and `narrow` [batch, 1]. */
export function voiceNetwork(name: string, scalings: Readonly<Record<'wide' | 'narrow', Scaling>>): Network {
  const half = (b: Builder, x: Value, mask: Value, part: 'wide' | 'narrow') => {
    const from = part === 'wide' ? 0 : VOICE_STATISTICS;
    const range = [{ axis: 1, start: from, end: from + VOICE_STATISTICS }];
    const { mean, rate } = scalings[part];
    const row = (data: Float32Array) => b.graph.constant(data, [1, VOICE_STATISTICS]);
    const scaled = b.mul(b.sub(b.slice(x, range), row(mean)), row(rate));
    return b.linear(b.mul(b.clip(scaled, -CLIP, CLIP), b.slice(mask, range)), 1, { name: part });
  };
  return network({
    name,
    seed: 1,
    inputs: { statistics: [2 * VOICE_STATISTICS], mask: [2 * VOICE_STATISTICS] },
    build: (b, { statistics, mask }) => ({
      wide: half(b, statistics, mask, 'wide'),
      narrow: half(b, statistics, mask, 'narrow'),
    }),
  });
}
