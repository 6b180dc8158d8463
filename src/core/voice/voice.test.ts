import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.ts';
import { soundOf } from '../sound.ts';
import { speechActivity } from './activity.ts';
import { babble } from './babble.test-support.ts';
import { describedFrequency, describeWindow, isNarrow, VOICE_DESCRIPTION } from './description.ts';
import { frequencyOf, VOICE_STATISTICS, voiceStatistics } from './features/index.ts';
import { Correlation, Moments } from './features/moments.ts';
import { reasonToDecline } from './speech.ts';
import { windowsOf } from './windows.ts';

const RATE = 16_000;
const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => 0.4 * Math.sin(i * 0.15));

describe('activity', () => {
  it('finds syllables and the pauses between them', () => {
    const pause = new Float32Array(RATE);
    const samples = Float32Array.from([...pause, ...babble(3), ...pause]);
    const { active, activeSeconds, voicedShare } = speechActivity(samples, RATE);
    expect(activeSeconds).toBeGreaterThan(1.5);
    expect(activeSeconds).toBeLessThan(3.2);
    expect(voicedShare).toBeGreaterThan(0.6);
    expect(active.slice(0, 90).every((v) => v === 0)).toBe(true);
  });

  it('takes anything', () => {
    fc.assert(
      fc.property(fc.float32Array({ min: -1, max: 1, noNaN: true, maxLength: 3000 }), (x) => {
        expect(speechActivity(x, RATE).activeSeconds).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20 },
    );
  });
});

describe('statistics', () => {
  it('are as many as said, finite whatever they are taken of, and say what they are about', () => {
    for (const breadth of ['wide', 'narrow'] as const) {
      const noise = new Random(2);
      for (const samples of [
        babble(2),
        new Float32Array(RATE),
        new Float32Array(3),
        Float32Array.from({ length: RATE }, () => noise.normal()),
        tone(1).map((v) => Math.sign(v)),
      ]) {
        const row = voiceStatistics(samples, breadth);
        expect(row.length).toBe(VOICE_STATISTICS);
        expect(row.every(Number.isFinite)).toBe(true);
      }
      for (let j = 0; j < VOICE_STATISTICS; j++) {
        const hz = frequencyOf(j, breadth);
        if (hz !== null) expect(hz > 0 && hz < (breadth === 'wide' ? 8000 : 4000)).toBe(true);
      }
    }
  });

  it('do not hear loudness, offset or polarity', () => {
    const x = babble(2);
    const row = voiceStatistics(x, 'wide');
    for (const changed of [x.map((v) => 0.3 * v), x.map((v) => v + 0.05), x.map((v) => -v)]) {
      voiceStatistics(changed, 'wide').forEach((v, j) => {
        expect(Math.abs(v - row[j]), `statistic ${j}`).toBeLessThan(0.12 + 0.05 * Math.abs(row[j]));
      });
    }
  });

  it('count moments and correlations as their definitions do', () => {
    const numbers = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 3, maxLength: 60 });
    fc.assert(
      fc.property(numbers, (list) => {
        const m = new Moments();
        const c = new Correlation();
        for (const v of list) m.add(v);
        for (const v of list) c.add(v, 3 - 2 * v);
        const mean = list.reduce((a, b) => a + b, 0) / list.length;
        const sd = Math.sqrt(list.reduce((s, v) => s + (v - mean) ** 2, 0) / list.length);
        expect(m.mean).toBeCloseTo(mean, 6);
        expect(m.sd).toBeCloseTo(sd, 4);
        if (sd > 0.1) expect(c.value).toBeCloseTo(-1, 5);
      }),
    );
  });
});

describe('the description of a window', () => {
  it('has its length, hears both breadths, and says what it is about', () => {
    const [window] = windowsOf(soundOf(babble(3), RATE), 1).windows;
    const row = describeWindow(window);
    expect(row).toHaveLength(VOICE_DESCRIPTION);
    expect(row.every(Number.isFinite)).toBe(true);
    expect(isNarrow(window)).toBe(false);
    expect(describedFrequency(0)).toBeGreaterThan(describedFrequency(VOICE_STATISTICS) ?? 0);
  });

  it('is asked for only where there is speech', () => {
    const heard = (samples: Float32Array) => reasonToDecline(windowsOf(soundOf(samples, RATE), 1));
    expect(heard(babble(3))).toBeNull();
    expect(heard(new Float32Array(RATE))).toBe('no-speech');
    expect(heard(babble(0.4))).toBe('too-short');
    expect(heard(tone(3).map((v, i) => v / 2 + 0.2 * Math.sin(i * 0.19)))).not.toBeNull();
  });
});
