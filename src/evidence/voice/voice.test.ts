import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../bench/corpus.ts';
import { speechSets } from '../../bench/speech.ts';
import { Random } from '../../core/random.ts';
import { resample } from '../../core/resample.ts';
import { type Sound, soundOf } from '../../core/sound.ts';
import { babble } from '../../core/voice/babble.test-support.ts';
import { windowsOf } from '../../core/voice/windows.ts';
import { readMediaFile } from '../../media/index.node.ts';
import { openModels } from '../../nn/models.node.ts';
import { evidenceOf, voiceEvidence } from './detector.ts';
import { CALIBRATIONS } from './fitted.ts';
import { MODEL, type ScoredWindow } from './score.ts';

const models = openModels();
const RATE = 16_000;

const tone = (seconds: number) =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => 0.4 * Math.sin(i * 0.15));
const examine = (samples: Float32Array, rate = RATE) => voiceEvidence(soundOf(samples, rate), models);

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
    const window = (start: number, score: number, speaker = 0): ScoredWindow => ({
      start,
      end: start + 4,
      speaker,
      speech: 3,
      score,
      narrow: false,
      bands: new Float32Array(12),
    });
    const heard = {
      windows: [],
      turns: [],
      found: 3,
      activeSeconds: 9,
      voicedShare: 1,
      modulationDb: 9,
      onsetsPerSecond: 3,
    };
    const high = evidenceOf(12, heard, [window(0, 8), window(4, 8), window(8, -0.5)]);
    expect(high).toMatchObject({ status: 'detected', spans: [{ start: 0, end: 8 }] });
    expect(evidenceOf(12, heard, [window(0, -8)])).toMatchObject({ status: 'notDetected', spans: [] });
    const turns = [
      { start: 0, end: 4, speaker: 0 },
      { start: 4, end: 8, speaker: 1 },
      { start: 8, end: 8.3, speaker: 0 },
    ];
    const call = evidenceOf(9, { ...heard, turns }, [window(0, -3), window(4, 8, 1)]);
    if (call.status !== 'detected') throw new Error(call.status);
    expect(call.turns?.map(({ speaker, llr }) => [speaker, llr === null ? null : llr > 1])).toEqual([
      ['A', false],
      ['B', true],
      ['A', null],
    ]);
    expect(call.summary.en).toContain('voice B');
    expect(call.summary.zh).toContain('说话人 B');
    expect(call.llr).toBeLessThan(call.turns?.[1].llr ?? 0);
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
