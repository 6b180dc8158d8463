/** What the voice evidence costs: processor time for a second of sound, and memory for an hour of it. */

import { RATE } from '../../recipes/voice/channel.ts';
import { speechOf } from '../../recipes/voice/describe.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { soundOf } from '../../src/core/sound.ts';
import { voiceEvidence } from '../../src/evidence/voice/detector.ts';
import { DEFAULT_LIMITS } from '../../src/media/limits.ts';
import { openModels } from '../../src/nn/models.node.ts';

async function seconds(samples: Float32Array, models: ReturnType<typeof openModels>): Promise<number> {
  const from = process.cpuUsage();
  await voiceEvidence(soundOf(samples, RATE), models);
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

function repeated(samples: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length: length * RATE }, (_, i) => samples[i % samples.length]);
}

/** A few lines of Markdown. */
export async function cost(sets: readonly SpeechSet[]): Promise<string> {
  const models = openModels();
  const file = sets.flatMap((set) => set.files)[0];
  const clip = await speechOf(file.path);
  for (let i = 0; i < 5; i++) await seconds(clip, models);
  const rows: string[] = [];
  for (const length of [4, 60, 600]) {
    const spent = await seconds(repeated(clip, length), models);
    rows.push(`| ${length} s | ${spent.toFixed(2)} s | ${(spent / length).toFixed(4)} |`);
  }
  await models.close();
  const { maxHeardSeconds, maxSamples } = DEFAULT_LIMITS;
  return `| sound at 16 kHz, decoded | processor time, one thread | real-time factor |
| --- | --- | --- |
${rows.join('\n')}

Of a longer recording at most ${maxHeardSeconds} seconds (and ${maxSamples / 1e6} million samples, ${(maxSamples * 4) / 1e6} MB) are held, in stretches spread over it, so an hour costs no more than the last row.`;
}
