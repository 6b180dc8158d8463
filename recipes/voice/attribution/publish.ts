/** Writes `models/trace-voices/`: the metric on all clips, and the average of every system and corpus on four roads. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { encodeTensors } from '../../../src/nn/safetensors.ts';
import type { VoiceTraceCard } from '../../../src/trace/known.node.ts';
import type { DescribedClip } from './described.ts';
import { fitVoiceMetric, sourcesOf } from './folds.ts';

const FOLDER = 'models/trace-voices';
const MOST_BYTES = 2_000_000;

export function publish(sets: readonly SpeechSet[], clips: readonly DescribedClip[]): void {
  const metric = fitVoiceMetric(clips);
  const sources = sourcesOf(metric, clips);
  const { length } = metric.mean;
  const stack = (rows: readonly Float32Array[]) => {
    const data = new Float32Array(rows.length * length);
    rows.forEach((row, i) => {
      data.set(row, i * length);
    });
    return { dims: [rows.length, length], data };
  };
  const row = (data: Float32Array) => ({ dims: [length], data });
  const bytes = encodeTensors(
    {
      ...{ mean: row(metric.mean), rate: row(metric.rate), diagonal: row(metric.diagonal) },
      directions: stack(metric.directions),
      ...Object.fromEntries(sources.map(({ name, prototypes }) => [`source/${name}`, stack(prototypes)])),
    },
    { sources: JSON.stringify(Object.fromEntries(sources.map(({ name, kind }) => [name, kind]))) },
    { half: true },
  );
  if (bytes.length >= MOST_BYTES) throw new Error(`${bytes.length} bytes, not below 2 MB`);
  const card: VoiceTraceCard = {
    task: 'How alike two voices are as works of one synthesis system, and how the known systems and recordings sound.',
    recipe: 'npm run recipe:voice -- attribution',
    licence: 'Apache-2.0',
    measured: 'docs/measured/voice.md',
    trainedOn: sets.map(({ name, files, licence }) => ({ name, clips: files.length, licence })),
    clips: clips.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/trace.safetensors`, bytes);
  writeFileSync(`${FOLDER}/card.json`, `${JSON.stringify(card, null, 2)}\n`);
  const systems = sources.filter(({ kind }) => kind === 'generator').length;
  console.error(
    `${systems} systems, ${sources.length - systems} corpora of recordings, ${bytes.length} bytes`,
  );
}
