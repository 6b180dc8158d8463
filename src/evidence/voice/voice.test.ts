import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../bench/corpus.ts';
import { speechSets } from '../../bench/speech.ts';
import { Random } from '../../core/random.ts';
import { resample } from '../../core/resample.ts';
import { type Sound, soundOf } from '../../core/sound.ts';
import { readMediaFile } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { speechActivity } from './activity.ts';
import { evidenceOf, voiceEvidence } from './detector.ts';
import { frequencyOf, VOICE_STATISTICS, voiceStatistics } from './features/index.ts';
import { Correlation, Moments } from './features/moments.ts';
import { CALIBRATIONS } from './fitted.ts';
import { MODEL, type ScoredWindow } from './score.ts';
import { windowsOf } from './windows.ts';

const models = openModels();
const RATE = 16_000;

/** Syllables of a buzz through three resonances: nobody's voice, but it moves as voices do. */
function babble(seconds: number, seed = 1, rate = RATE): Float32Array {
  const random = new Random(seed);
  const out = new Float32Array(Math.round(seconds * rate));
  let next = 0;
  let formants = [600, 1300, 2600];
  const state = formants.map(() => [0, 0]);
  for (let i = 0; i < out.length; i++) {
    const t = i / rate;
    const syllable = t * 4;
    if (syllable % 1 < 4 / rate)
      formants = [300 + random.uniform(0, 500), 900 + random.uniform(0, 1200), 2600];
    const open =
      syllable % 1 < 0.72 && Math.floor(syllable) % 7 !== 6 ? Math.sin(Math.PI * ((syllable % 1) / 0.72)) : 0;
    let x = 0.003 * random.normal();
    if (i >= next) {
      x += 1;
      next = i + rate / (120 + 20 * Math.sin(t * 3) + 2 * random.normal());
    }
    let y = 0;
    formants.forEach((hz, f) => {
      const r = Math.exp((-Math.PI * 90) / rate);
      const s = state[f];
      const v = x + 2 * r * Math.cos((2 * Math.PI * hz) / rate) * s[0] - r * r * s[1];
      s[1] = s[0];
      s[0] = v;
      y += v / (f + 1);
    });
    out[i] = 0.05 * open * y + 0.0005 * random.normal();
  }
  return out;
}

const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => 0.4 * Math.sin(i * 0.15));
const examine = (samples: Float32Array, rate = RATE) => voiceEvidence(soundOf(samples, rate), models);

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

describe('voice', () => {
  it('declines what is no speech, as a result with a reason', async () => {
    const random = new Random(3);
    const noise = Float32Array.from({ length: 3 * RATE }, () => 0.2 * random.normal());
    const chord = tone(3).map((v, i) => v / 2 + 0.2 * Math.sin(i * 0.19) + 0.2 * Math.sin(i * 0.225));
    expect(await examine(new Float32Array(3 * RATE))).toMatchObject({
      status: 'notApplicable',
      reason: 'no-speech',
    });
    expect(await examine(noise)).toMatchObject({ status: 'notApplicable' });
    expect(await examine(chord)).toMatchObject({ status: 'notApplicable', reason: 'not-speech' });
    expect(await examine(babble(0.4))).toMatchObject({ status: 'notApplicable', reason: 'too-short' });
    expect(await examine(new Float32Array(0))).toMatchObject({ status: 'notApplicable' });
  });

  it('answers speech with evidence that a report can show', async () => {
    const evidence = await examine(babble(6));
    if (evidence.status !== 'detected' && evidence.status !== 'notDetected') throw new Error(evidence.status);
    expect(Number.isFinite(evidence.llr)).toBe(true);
    expect(evidence.perSecond?.length).toBe(6);
    expect(evidence.map?.data.length).toBe((evidence.map?.width ?? 0) * (evidence.map?.height ?? 0));
    expect(evidence.summary.zh).not.toBe(evidence.summary.en);
    expect(await examine(babble(6))).toEqual(evidence);
  });

  it('takes any sampling rate, two different channels, and clipping', async () => {
    const bands: unknown[] = [];
    for (const rate of [8000, 44_100]) {
      const evidence = await examine(resample(babble(3), RATE, rate), rate);
      bands.push(evidence.details.band);
    }
    expect(bands[0]).toBe('narrow');
    const two: Sound = {
      sampleRate: RATE,
      channels: 2,
      duration: 3,
      stretches: [{ start: 0, channels: [babble(3, 1), babble(3, 9)] }],
    };
    expect(windowsOf(two, 9).windows.length).toBe(2);
    const same: Sound = { ...two, stretches: [{ start: 0, channels: [babble(3), babble(3)] }] };
    expect(windowsOf(same, 9).windows.length).toBe(1);
    const clipped = babble(3).map((v) => Math.max(-0.02, Math.min(0.02, v * 4)));
    expect(['detected', 'notDetected']).toContain((await examine(clipped)).status);
  });

  it('looks at no more windows than it may, spread over a long recording', () => {
    const heard = windowsOf(soundOf(babble(60), RATE), 5);
    expect(heard.windows.length).toBe(5);
    expect(heard.found).toBeGreaterThan(10);
    expect(heard.windows[4].start).toBeGreaterThan(40);
  });

  it('tells the times only when it detects, and joins neighbours', () => {
    const window = (start: number, score: number): ScoredWindow => ({
      start,
      end: start + 4,
      speech: 3,
      score,
      narrow: false,
      bands: new Float32Array(12),
    });
    const heard = {
      windows: [],
      found: 3,
      activeSeconds: 9,
      voicedShare: 1,
      modulationDb: 9,
      onsetsPerSecond: 3,
    };
    const high = evidenceOf(12, heard, [window(0, 8), window(4, 8), window(8, -0.5)]);
    expect(high).toMatchObject({ status: 'detected', spans: [{ start: 0, end: 8 }] });
    expect(evidenceOf(12, heard, [window(0, -8)])).toMatchObject({ status: 'notDetected', spans: [] });
  });

  it('ships a network that its card describes, calibrated to prefer higher scores', async () => {
    const card = await models.card(MODEL);
    expect(card.parameters).toBeLessThan(500_000);
    expect((await models.verify(MODEL)).ok).toBe(true);
    for (const calibration of Object.values(CALIBRATIONS)) expect(calibration.slope).toBeGreaterThan(0);
  });

  const folder = dataFolder();
  it.skipIf(!folder)('judges nearly every file of the speech corpus (needs HUOYAN_DATA)', async () => {
    const files = speechSets(folder as string).flatMap((set) => set.files.slice(0, 1));
    let judged = 0;
    for (const { path } of files.slice(0, 24)) {
      const media = await readMediaFile(join(path));
      if (media.kind !== 'audio') throw new Error(path);
      const heard = windowsOf(media.sound, 4);
      if (heard.windows.length > 0 && heard.voicedShare >= 0.2) judged++;
      await media.file.close();
    }
    expect(judged).toBeGreaterThanOrEqual(23);
  });
});
