import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { babble } from '../../../src/core/voice/babble.test-support.ts';
import { RATE } from '../channel.ts';
import { speechOf } from '../describe.ts';
import { clipsOf, writeClip } from './clip.ts';

/** A short prompt with quiet before and after it. */
function prompt(seconds: number, quiet: number): Float32Array {
  const out = new Float32Array(Math.round((seconds + 2 * quiet) * RATE));
  out.set(babble(seconds), Math.round(quiet * RATE));
  return out;
}

describe('clips of the pool', () => {
  it('joins short prompts, cuts long ones, leaves silence out and makes no more than asked', () => {
    const short = prompt(1.2, 0.8);
    const prompts = [
      ...Array.from({ length: 6 }, () => short),
      new Float32Array(RATE),
      new Float32Array(0),
      prompt(6, 0.5),
    ];
    const clips = clipsOf(prompts, 10, 1);
    expect(clips.length).toBeGreaterThan(1);
    for (const clip of clips) {
      expect(clip.length / RATE).toBeGreaterThanOrEqual(3.2);
      expect(clip.length / RATE).toBeLessThanOrEqual(4.5);
    }
    expect(clipsOf(prompts, 1, 1)).toEqual(clips.slice(0, 1));
    expect(clipsOf([new Float32Array(3 * RATE)], 5, 1)).toEqual([]);
  });

  it('are kept as files that give them back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'huoyan-clip-'));
    try {
      const path = join(folder, 'a.wav');
      const clip = babble(1);
      writeClip(path, clip);
      const back = await speechOf(path);
      expect(back.length).toBe(clip.length);
      expect(Math.max(...back.map((v, i) => Math.abs(v - clip[i])))).toBeLessThan(2 / 32_768);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
