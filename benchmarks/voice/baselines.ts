/**
 * What gives a speech corpus away without any listening to voices: its pauses, and how its energy is spread over
 * frequencies. Judged like the detector, each file by a fit without its page.
 */

import { RATE } from '../../recipes/voice/channel.ts';
import { speechOf } from '../../recipes/voice/describe.ts';
import { fitDiscriminant, scoreOf } from '../../recipes/voice/discriminant.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { PowerFrames } from '../../src/core/stft.ts';
import { HOP_S, speechActivity } from '../../src/core/voice/activity.ts';
import type { Item } from './rates.ts';

export interface BaselineScore {
  readonly set: SpeechSet;
  readonly file: string;
  readonly silence: number;
  readonly bands: number;
}

const decibels = (v: number) => 10 * Math.log10(v + 1e-12);

/** Lengths and levels of pauses, and how much of the file is exactly zero. */
function silenceOf(samples: Float32Array): number[] {
  const { active } = speechActivity(samples, RATE);
  const hop = HOP_S * RATE;
  let [speech, pause, speaking, pausing, zeros] = [0, 0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const power = samples[i] ** 2;
    if (samples[i] === 0) zeros++;
    if (active[Math.min(active.length - 1, Math.floor(i / hop))]) {
      speech += power;
      speaking++;
    } else {
      pause += power;
      pausing++;
    }
  }
  const first = Math.max(0, active.indexOf(1));
  const last = active.lastIndexOf(1);
  return [
    pausing / Math.max(1, samples.length),
    decibels(pause / Math.max(1, pausing)),
    decibels(pause / Math.max(1, pausing)) - decibels(speech / Math.max(1, speaking)),
    decibels(speech / Math.max(1, speaking)),
    first * HOP_S,
    (active.length - 1 - last) * HOP_S,
    zeros / Math.max(1, samples.length),
  ];
}

const BANDS = 24;

/** Mean log energy in equal bands up to 8 kHz. */
function bandsOf(samples: Float32Array): number[] {
  const stft = new PowerFrames(512);
  const power = new Float32Array(stft.bins);
  const sums = new Float64Array(BANDS);
  for (let at = 0; at + 512 <= samples.length; at += 256) {
    stft.frame(samples, at, power);
    for (let k = 1; k < stft.bins; k++)
      sums[Math.min(BANDS - 1, Math.floor((k * BANDS) / stft.bins))] += power[k];
  }
  return Array.from(sums, decibels);
}

export async function baselines(sets: readonly SpeechSet[]): Promise<BaselineScore[]> {
  const described: { set: SpeechSet; file: string; silence: Float32Array; bands: Float32Array }[] = [];
  for (const set of sets) {
    for (const file of set.files) {
      const samples = await speechOf(file.path);
      const [silence, bands] = [silenceOf(samples), bandsOf(samples)].map((row) => Float32Array.from(row));
      described.push({ set, file: file.name, silence, bands });
    }
  }
  const sizes = new Map<string, number>();
  for (const { set } of described) sizes.set(set.name, (sizes.get(set.name) ?? 0) + 1);
  return [...new Set(sets.map((set) => set.page))].flatMap((page) => {
    const rest = described.filter((one) => one.set.page !== page);
    const fake = rest.map((one) => one.set.label === 'fake');
    const weights = rest.map((one) => 1 / Math.sqrt(sizes.get(one.set.name) as number));
    const fitted = (part: 'silence' | 'bands') =>
      fitDiscriminant(
        rest.map((one) => one[part]),
        fake,
        weights,
        { shrinkage: 0.1 },
      );
    const [silence, bands] = [fitted('silence'), fitted('bands')];
    return described
      .filter((one) => one.set.page === page)
      .map((one) => ({
        set: one.set,
        file: one.file,
        silence: scoreOf(one.silence, silence),
        bands: scoreOf(one.bands, bands),
      }));
  });
}

const JUDGES = [
  ['pauses only (7 numbers)', 'silence'],
  ['band energies only (24 numbers)', 'bands'],
] as const;

/** Every trivial judge by its name, with what it says of each file, as the tables take it. */
export function baselineItems(trivial: readonly BaselineScore[]): { name: string; items: Item[] }[] {
  return JUDGES.map(([name, part]) => ({
    name,
    items: trivial.map(
      (one): Item => ({
        key: `${one.set.name}/${one.file}`,
        label: one.set.label,
        source: one.set.name,
        score: one[part],
      }),
    ),
  }));
}
