/** A recording through the whole engine: recognised by content, judged, weighed, asked again after re-shipping. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../src/core/random.ts';
import { openEngine } from '../src/evidence/analyse.node.ts';
import { wavOf } from '../src/media/sound/wav.test-support.ts';
import { renderHtml, toRecord } from '../src/report/index.ts';

const RATE = 16_000;
const folder = mkdtempSync(join(tmpdir(), 'huoyan-sound-'));
const engine = await openEngine();
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Buzzing syllables: enough like speech to be judged, whatever the answer. */
function syllables(seconds: number): Float32Array {
  const random = new Random(5);
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const t = i / RATE;
    const open =
      (t * 4) % 1 < 0.7 && Math.floor(t * 4) % 6 !== 5 ? Math.sin((Math.PI * ((t * 4) % 1)) / 0.7) : 0;
    let x = 0;
    for (let h = 1; h < 30; h++) x += Math.sin(2 * Math.PI * h * (120 * t + 3 * Math.sin(2 * t))) / (h + 2);
    return 0.2 * open * x + 0.001 * random.normal();
  });
}

const write = (name: string, bytes: Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

describe('analysing a recording', () => {
  it('gives a verdict, a record and a page, whatever the file is called', async () => {
    const path = write('voice.jpg', wavOf([syllables(4)], RATE));
    const analysis = await engine.analyseFile(path, { preview: true });
    if (analysis.outcome !== 'analysed') throw new Error(analysis.error.text.en);
    expect(analysis.kind).toBe('audio');
    expect(analysis.evidence.map((one) => one.detector)).toContain('voice');
    expect(analysis.evidence.every((one) => one.status !== 'failed')).toBe(true);
    expect(analysis.verdict.stability?.ladder.map((s) => s.step)).toContain('telephone');
    expect(toRecord(analysis)).toMatchObject({ kind: 'audio', container: { format: 'wav' } });
    expect(renderHtml([analysis])).toContain('0 to 8 kHz');
  });

  it('stays inconclusive on silence, and says why', async () => {
    const analysis = await engine.analyseBytes(wavOf([new Float32Array(2 * RATE)], RATE), 'silence', {
      stability: false,
    });
    if (analysis.outcome !== 'analysed') throw new Error(analysis.error.text.en);
    expect(analysis.verdict.label).toBe('inconclusive');
    expect(analysis.evidence.find((one) => one.detector === 'voice')).toMatchObject({ reason: 'no-speech' });
  });

  it('answers files that are cut, empty or no sound with a typed error or with what is there', async () => {
    const whole = wavOf([syllables(3)], RATE);
    const cut = await engine.analyseFile(write('cut.wav', whole.subarray(0, whole.length / 2)), {
      stability: false,
    });
    expect(cut).toMatchObject({ outcome: 'analysed', kind: 'audio' });
    for (const [bytes, code] of [
      [whole.subarray(0, 20), 'corrupt'],
      [new Uint8Array(0), 'empty'],
      [new TextEncoder().encode('#!AMR\n and nothing else that could be heard'), 'unsupported-format'],
    ] as const) {
      const analysis = await engine.analyseFile(write('odd.wav', bytes), { stability: false });
      expect(analysis.outcome === 'unreadable' && analysis.error.code).toBe(code);
    }
  });
});
