/**
 * Conversations of two people made of clips of the corpus, with the truth beside them: who speaks when, and which of the
 * two is synthetic. Two corpora are only mixed where their speakers are known to differ.
 */
import { RATE } from '../../recipes/voice/channel.ts';
import { seedOf } from '../../recipes/voice/describe.ts';
import type { SpeechSet } from '../../src/bench/speech.ts';
import { Random } from '../../src/core/random.ts';
import { speechActivity } from '../../src/core/voice/activity.ts';

export interface Clip {
  readonly set: SpeechSet;
  readonly file: string;
  readonly path: string;
}

/** Two clips whose speakers take turns. */
export interface Pair {
  readonly clips: readonly [Clip, Clip];
  readonly seed: number;
}

export interface SpokenTurn {
  readonly start: number;
  readonly end: number;
  /** 0 or 1: which clip. */
  readonly speaker: number;
}

export interface Mixture {
  /** At 16 kHz. */
  readonly samples: Float32Array;
  readonly turns: readonly SpokenTurn[];
}

/** Pages whose speakers are on no other page: one man reading German, Yoruba readers, politicians, and so on. */
const OWN_SPEAKERS = new Set(['librispeech', 'thorsten', 'yoruba', 'hdtf', 'hyperlips', 'seamless']);

const clipsOf = (sets: readonly SpeechSet[]): Clip[] =>
  sets.flatMap((set) => set.files.map(({ name, path }) => ({ set, file: name, path })));

export type PairKind = readonly ['real' | 'fake', 'real' | 'fake'];

/** `count` pairs of clips of `sets`, of one kind; fewer where there are not enough speakers who differ. */
export function pairsOf(sets: readonly SpeechSet[], kind: PairKind, count: number, seed: number): Pair[] {
  const random = new Random(seed);
  const clips = clipsOf(sets);
  const pools = kind.map((label) => clips.filter(({ set }) => set.label === label));
  if (pools.some((list) => list.length === 0)) return [];
  const pairs = new Map<string, Pair>();
  for (let tries = 0; pairs.size < count && tries < 100 * count; tries++) {
    // By set, so that no large corpus is most of what is asked.
    const [a, b] = pools.map((list) => {
      const name = random.pick([...new Set(list.map(({ set }) => set.name))]);
      return random.pick(list.filter(({ set }) => set.name === name));
    });
    if (!differ(a, b)) continue;
    const name = `${a.set.name}/${a.file}+${b.set.name}/${b.file}`;
    pairs.set(name, { clips: random.chance(0.5) ? [a, b] : [b, a], seed: seedOf(name) });
  }
  return [...pairs.values()];
}

/** One utterance a speaker in LibriSpeech; elsewhere other pages, one of which has speakers of its own. */
function differ(a: Clip, b: Clip): boolean {
  if (a.set.page === b.set.page) return a.set.page === 'librispeech' && a.file !== b.file;
  return OWN_SPEAKERS.has(a.set.page) || OWN_SPEAKERS.has(b.set.page);
}

/** The part between the first and the last active frame, at about the same loudness. */
function spoken(samples: Float32Array, gain: number): Float32Array {
  const { active } = speechActivity(samples, RATE);
  const hop = RATE / 100;
  const part = samples.slice(active.indexOf(1) * hop, (active.lastIndexOf(1) + 1) * hop);
  const rms = Math.sqrt(part.reduce((sum, v) => sum + v * v, 0) / Math.max(1, part.length)) + 1e-9;
  return part.map((v) => Math.max(-1, Math.min(1, (v * 0.06 * gain) / rms)));
}

/**
 * Each speaker says their clip in `parts` turns, taking turns with the other, with pauses of 50 to 500 ms between and a
 * little noise under all of it, so that no digital silence marks the seams.
 */
export function mixed(sounds: readonly [Float32Array, Float32Array], parts: number, seed: number): Mixture {
  const random = new Random(seed);
  const voices = sounds.map((x) => spoken(x, 10 ** (random.uniform(-3, 3) / 20)));
  const pieces: { samples: Float32Array; speaker: number; at: number }[] = [];
  let at = Math.round(0.2 * RATE);
  for (let part = 0; part < parts; part++) {
    for (const [speaker, voice] of voices.entries()) {
      const cut = (n: number) => Math.floor((voice.length * n) / parts);
      pieces.push({ samples: voice.subarray(cut(part), cut(part + 1)), speaker, at });
      at += cut(part + 1) - cut(part) + Math.round(random.uniform(0.05, 0.5) * RATE);
    }
  }
  const samples = Float32Array.from({ length: at }, () => 0.0005 * random.normal());
  for (const piece of pieces)
    piece.samples.forEach((v, i) => {
      samples[piece.at + i] += v;
    });
  return {
    samples,
    turns: pieces.map(({ samples: { length }, speaker, at: from }) => ({
      start: from / RATE,
      end: (from + length) / RATE,
      speaker,
    })),
  };
}
