/**
 * Log spectrograms of every speech file on every road, once: what the convolutional networks are trained on and judged
 * by. Only frames in which somebody speaks, so that pauses say nothing. Resumable; they lie in `.cache/voice/spectra`.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SpeechSet } from '../../../src/bench/speech.ts';
import { PowerFrames } from '../../../src/core/stft.ts';
import { HOP_S, speechActivity } from '../../../src/core/voice/activity.ts';
import { CONDITIONS, type Condition, RATE } from '../channel.ts';
import { arriving, seedOf, speechOf } from '../describe.ts';

const FOLDER = '.cache/voice/spectra';
/** Bands of equal width from 0 to 8 kHz. */
export const BANDS = 128;
const SIZE = 512;
const HOP = 256;
/** Steps of the stored bytes, in decibels; 255 is the loudest cell of the clip. */
const STEP_DB = 0.5;

/** Random roads that are learned from; the last of `describe`'s ends in a mobile call. */
const RANDOM = [0, 1, 2, 3] as const;

export interface Spectrum {
  readonly set: string;
  readonly file: string;
  readonly road: Condition | 'random';
  /** [frames, BANDS], levels in steps of STEP_DB. */
  readonly levels: Uint8Array;
}

/** Levels of the frames of `samples` (16 kHz) in which somebody speaks. */
export function spectrumOf(samples: Float32Array): Uint8Array {
  const { active } = speechActivity(samples, RATE);
  const stft = new PowerFrames(SIZE);
  const power = new Float32Array(stft.bins);
  const rows: Float32Array[] = [];
  let loudest = -200;
  const wide = (stft.bins - 1) / BANDS;
  for (let at = 0; at + SIZE <= samples.length; at += HOP) {
    if (!active[Math.floor((at + SIZE / 2) / (HOP_S * RATE))]) continue;
    stft.frame(samples, at, power);
    const row = new Float32Array(BANDS);
    for (let b = 0; b < BANDS; b++) {
      let sum = 1e-10;
      for (let k = 0; k < wide; k++) sum += power[1 + b * wide + k];
      row[b] = 10 * Math.log10(sum);
      loudest = Math.max(loudest, row[b]);
    }
    rows.push(row);
  }
  const levels = new Uint8Array(rows.length * BANDS);
  rows.forEach((row, t) => {
    row.forEach((db, b) => {
      levels[t * BANDS + b] = Math.max(0, 255 - Math.round((loudest - db) / STEP_DB));
    });
  });
  return levels;
}

const pathOf = (set: string, file: string, road: Condition | number) =>
  join(FOLDER, set, `${file}.${road}.u8`);

function store(path: string, levels: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.partial`, levels);
  renameSync(`${path}.partial`, path);
}

/** Roads in the order of passes. */
const PASSES: readonly (readonly (Condition | number)[])[] = [
  ['stored', 0, 1],
  ['telephone', 2, 3],
  ['mobile', 'mp3', 'opus'],
];
/** Of a pool that is only learned from. */
export const POOL_PASSES = [[0]] as const satisfies typeof PASSES;

/** Makes what is not there yet. */
export async function makeSpectra(sets: readonly SpeechSet[], passes = PASSES): Promise<void> {
  const files = sets
    .flatMap((set) => set.files.map((file) => ({ set, file })))
    .sort((a, b) => seedOf(a.file.path) - seedOf(b.file.path));
  for (const roads of passes) {
    for (const { set, file } of files) {
      const missing = roads.filter((road) => !existsSync(pathOf(set.name, file.name, road)));
      if (missing.length === 0) continue;
      const samples = await speechOf(file.path);
      for (const road of missing)
        store(pathOf(set.name, file.name, road), spectrumOf(await arriving(samples, file.name, road)));
    }
    console.error(`spectra on ${roads.join(', ')} done`);
  }
}

/** All that were made. */
export function readSpectra(sets: readonly SpeechSet[]): Spectrum[] {
  const read = (set: string, file: string, roads: readonly (Condition | number)[]) =>
    roads.flatMap((road): Spectrum[] => {
      const path = pathOf(set, file, road);
      if (!existsSync(path)) return [];
      const levels = new Uint8Array(readFileSync(path));
      if (levels.length === 0) return [];
      return [{ set, file, road: typeof road === 'number' ? 'random' : road, levels }];
    });
  return sets.flatMap((set) =>
    set.files.flatMap(({ name }) => read(set.name, name, [...CONDITIONS, ...RANDOM])),
  );
}
