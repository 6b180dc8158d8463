import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { resample } from '../../core/resample.ts';
import { babble } from '../../core/voice/babble.test-support.ts';
import { throughMobileCall } from './celp.ts';
import { filtered } from './telephone.ts';

const RATE = 8000;

/** Signal to error in parts of 20 ms that hold a signal, in decibels, on average. */
function segmentalSnr(sent: Float32Array, heard: Float32Array): number {
  const parts: number[] = [];
  for (let at = 0; at + 160 <= sent.length; at += 160) {
    let signal = 0;
    let error = 1e-12;
    for (let i = at; i < at + 160; i++) {
      signal += sent[i] ** 2;
      error += (sent[i] - heard[i]) ** 2;
    }
    if (signal > 160e-5) parts.push(10 * Math.log10(signal / error));
  }
  return parts.reduce((a, b) => a + b, 0) / parts.length;
}

describe('a mobile call', () => {
  it('keeps what is voiced, better with more pulses, and nothing outside its band', () => {
    const voice = babble(2);
    const sent = filtered(filtered(resample(voice, 16_000, RATE), RATE, 'high', 200), RATE, 'low', 3400);
    const [few, many] = ([4, 10] as const).map((count) =>
      segmentalSnr(sent, throughMobileCall(voice, 16_000, count).samples),
    );
    expect(few).toBeGreaterThan(6);
    expect(many).toBeGreaterThan(few + 1);
    const whistle = Float32Array.from({ length: 16_000 }, (_, i) => 0.5 * Math.sin(i * 2.2));
    const arrived = throughMobileCall(whistle, 16_000).samples;
    expect(Math.sqrt(arrived.reduce((sum, v) => sum + v * v, 0) / arrived.length)).toBeLessThan(0.02);
  });

  it('answers anything with as much sound, within -1 and 1, the same every time', () => {
    const anything = fc.record({
      seed: fc.integer(),
      length: fc.integer({ min: 0, max: 1500 }),
      level: fc.constantFrom(0, 1e-9, 0.3, 1, 50),
      sparse: fc.boolean(),
    });
    fc.assert(
      fc.property(anything, ({ seed, length, level, sparse }) => {
        const random = new Random(seed);
        const x = Float32Array.from({ length }, () =>
          sparse && random.chance(0.98) ? 0 : level * random.normal(),
        );
        const { samples, rate } = throughMobileCall(x, RATE);
        expect(rate).toBe(RATE);
        expect(samples.length).toBe(length);
        expect(samples.every((v) => v >= -1 && v <= 1)).toBe(true);
        expect(throughMobileCall(x, RATE).samples).toEqual(samples);
      }),
      { numRuns: 40 },
    );
  });
});
