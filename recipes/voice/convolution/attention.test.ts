import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { exportInference, initialWeights } from '../../../src/nn/index.ts';
import { nodeRuntime } from '../../../src/nn/runtime.node.ts';
import { spectroTemporalAttention } from './attention.ts';
import { FRAMES } from './network.ts';
import { BANDS } from './spectra.ts';

describe('spectro-temporal attention', () => {
  it('judges each spectrogram of a batch by itself, and is below two megabytes', async () => {
    const net = spectroTemporalAttention('attention', 1);
    const file = exportInference(net, initialWeights(net));
    expect(file.length).toBeLessThan(2e6);
    const session = await (await nodeRuntime()).load(file);
    const random = new Random(1);
    const data = Float32Array.from({ length: 3 * FRAMES * BANDS }, () => random.normal());
    const judge = async (part: Float32Array) => {
      const dims = [part.length / (FRAMES * BANDS), 1, FRAMES, BANDS];
      return [...(await session.run({ spectrum: { dims, data: part } })).logit.data].map(Number);
    };
    const all = await judge(data);
    expect(all).toHaveLength(3);
    const [second] = await judge(data.slice(FRAMES * BANDS, 2 * FRAMES * BANDS));
    expect(second).toBeCloseTo(all[1], 4);
    expect(new Set(all).size).toBe(3);
    await session.release();
  });
});
