/**
 * Who speaks when: speech in short pieces, joined into as many speakers as the Bayesian information criterion holds to be
 * there (Chen and Gopalakrishnan 1998), then the places where the voice changes, found again frame by frame. For two or
 * three people who take turns; people who talk at once are not told apart.
 */
import type { Breadth } from './features/index.ts';
import { Gaussian } from './gaussian.ts';
import { TIMBRE, TIMBRE_HOP_S, type TimbreFrame } from './timbre.ts';

export interface Turn {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  /** Counted from 0, in the order in which they are first heard. */
  readonly speaker: number;
}

export interface TurnOptions {
  /** Weight of the penalty for one speaker more. */
  readonly penalty: number;
  /** What a change of voice costs, in nats of a frame's density. */
  readonly change: number;
}

/** Seconds of a piece, and of the pause that ends one. */
const PIECE_S = 0.9;
const PAUSE_S = 0.25;
/** Least frames of a piece. */
const FEWEST = 20;
/** Most pieces: in longer recordings they are longer. */
const MOST_PIECES = 300;
/** Frames of speech below which nobody counts as a speaker. */
const LEAST_FRAMES = 45;
/** Decibels, squared. */
const RIDGE = 2;
const ROUNDS = 3;
/** Chosen on conversations mixed from one half of the pages (`npm run bench:voice -- turns` measures on the other). */
export const TURN_OPTIONS: Readonly<Record<Breadth, TurnOptions>> = {
  wide: { penalty: 0.82, change: 30 },
  narrow: { penalty: 0.75, change: 30 },
};

/** Turns in order of time. `frames` in order of time; no frames, no turns. */
export function turnsOf(frames: readonly TimbreFrame[], options: TurnOptions = TURN_OPTIONS.wide): Turn[] {
  if (frames.length === 0) return [];
  const heaps = cluster(piecesOf(frames), frames, options.penalty);
  let speakers = labelsOf(heaps, frames.length);
  for (let round = 0; round < ROUNDS && new Set(speakers).size > 1; round++) {
    speakers = relabelled(frames, speakers, options.change);
  }
  return joined(frames, inOrder(withoutPassers(frames, speakers, options.change)));
}

/** Frames from one index up to another. */
type Piece = readonly [from: number, to: number];

/** Between pauses, and cut evenly where that is long. */
function piecesOf(frames: readonly TimbreFrame[]): Piece[] {
  const long = Math.max(PIECE_S, (frames.length * TIMBRE_HOP_S) / MOST_PIECES) / TIMBRE_HOP_S;
  const pieces: Piece[] = [];
  let from = 0;
  for (let i = 1; i <= frames.length; i++) {
    if (i < frames.length && frames[i].time - frames[i - 1].time < PAUSE_S) continue;
    const count = Math.max(1, Math.round((i - from) / long));
    const cut = (c: number) => from + Math.floor(((i - from) * c) / count);
    for (let c = 0; c < count; c++) pieces.push([cut(c), cut(c + 1)]);
    from = i;
  }
  return withoutScraps(pieces, frames);
}

/** Pieces that are too short to be described go with the nearer of their neighbours. */
function withoutScraps(pieces: readonly Piece[], frames: readonly TimbreFrame[]): Piece[] {
  const out: Piece[] = [];
  let waiting: number | null = null;
  pieces.forEach(([from, to], i) => {
    const start = waiting ?? from;
    waiting = null;
    if (to - start >= FEWEST) {
      out.push([start, to]);
      return;
    }
    const before = out.at(-1);
    const gap = (j: number) => (j > 0 && j < frames.length ? frames[j].time - frames[j - 1].time : Infinity);
    if (before && (gap(start) <= gap(to) || i === pieces.length - 1)) out[out.length - 1] = [before[0], to];
    else if (i === pieces.length - 1) out.push([start, to]);
    else waiting = start;
  });
  return out;
}

interface Heap {
  readonly voice: Gaussian;
  readonly pieces: readonly Piece[];
}

function heapOf(frames: readonly TimbreFrame[], pieces: readonly Piece[]): Heap {
  const voice = new Gaussian(TIMBRE);
  for (const [from, to] of pieces) for (let i = from; i < to; i++) voice.add(frames[i].cepstrum);
  return { voice, pieces };
}

/** Numbers that a speaker more has to be described by. */
const PARAMETERS = TIMBRE + (TIMBRE * (TIMBRE + 1)) / 2;

/** The two heaps that are most alike become one, as long as one speaker explains both better than two. */
function cluster(pieces: readonly Piece[], frames: readonly TimbreFrame[], penalty: number): Heap[] {
  let heaps = pieces.map((piece) => heapOf(frames, [piece]));
  const cost = (heap: Heap) => (heap.voice.count / 2) * heap.voice.logDeterminant(RIDGE);
  let costs = heaps.map(cost);
  const apart = (a: number, b: number) => {
    const both = heaps[a].voice.joined(heaps[b].voice);
    const gain = (both.count / 2) * both.logDeterminant(RIDGE) - costs[a] - costs[b];
    return gain - (penalty / 2) * PARAMETERS * Math.log(both.count);
  };
  let distances = heaps.map((_, a) => heaps.map((__, b) => (b < a ? apart(a, b) : Infinity)));
  while (heaps.length > 1) {
    let best = { a: 0, b: 0, value: 0 };
    distances.forEach((row, a) => {
      for (let b = 0; b < a; b++) if (row[b] < best.value) best = { a, b, value: row[b] };
    });
    if (best.value >= 0) break;
    const { a, b } = best;
    const merged = {
      voice: heaps[a].voice.joined(heaps[b].voice),
      pieces: [...heaps[a].pieces, ...heaps[b].pieces],
    };
    const kept = (_: unknown, i: number) => i !== a && i !== b;
    heaps = [...heaps.filter(kept), merged];
    costs = [...costs.filter(kept), cost(merged)];
    distances = distances.filter(kept).map((row) => row.filter(kept));
    const last = heaps.length - 1;
    distances.push(heaps.map((_, i) => (i < last ? apart(last, i) : Infinity)));
  }
  return heaps;
}

function labelsOf(heaps: readonly Heap[], count: number): Int32Array {
  const labels = new Int32Array(count);
  heaps.forEach(({ pieces }, speaker) => {
    for (const [from, to] of pieces) labels.fill(speaker, from, to);
  });
  return labels;
}

/** The likeliest speakers frame by frame, when a change costs `change` (Viterbi). */
function relabelled(frames: readonly TimbreFrame[], labels: Int32Array, change: number): Int32Array {
  const speakers = [...new Set(labels)];
  const densities = speakers.map((speaker) => {
    const voice = new Gaussian(TIMBRE);
    frames.forEach(({ cepstrum }, i) => {
      if (labels[i] === speaker) voice.add(cepstrum);
    });
    return voice.density(RIDGE);
  });
  const n = speakers.length;
  let scores = new Float64Array(n);
  const from = frames.map(({ cepstrum }) => {
    const best = scores.indexOf(Math.max(...scores));
    const next = new Float64Array(n);
    const came = new Int32Array(n);
    for (let s = 0; s < n; s++) {
      const stays = scores[s] >= scores[best] - change;
      came[s] = stays ? s : best;
      next[s] = (stays ? scores[s] : scores[best] - change) + densities[s](cepstrum);
    }
    scores = next;
    return came;
  });
  const out = new Int32Array(frames.length);
  let at = scores.indexOf(Math.max(...scores));
  for (let i = frames.length - 1; i >= 0; i--) {
    out[i] = speakers[at];
    at = from[i][at];
  }
  return out;
}

/** Whoever is heard too briefly is taken for one of the others. */
function withoutPassers(frames: readonly TimbreFrame[], labels: Int32Array, change: number): Int32Array {
  const counts = new Map<number, number>();
  for (const speaker of labels) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  const [rarest] = [...counts].sort((a, b) => a[1] - b[1]);
  if (counts.size < 2 || rarest[1] >= LEAST_FRAMES) return labels;
  // Frames of the one who goes keep the label of whoever spoke before (or after, at the beginning).
  const out = labels.slice();
  const [first] = [...labels].filter((speaker) => speaker !== rarest[0]);
  let last = first;
  out.forEach((speaker, i) => {
    if (speaker === rarest[0]) out[i] = last;
    else last = speaker;
  });
  return withoutPassers(frames, counts.size > 2 ? relabelled(frames, out, change) : out, change);
}

/** Speakers numbered in the order in which they are first heard. */
function inOrder(labels: Int32Array): Int32Array {
  const order = [...new Set(labels)];
  return labels.map((speaker) => order.indexOf(speaker));
}

/** Seconds of silence that end a turn though the same one goes on. */
const SILENCE_S = 2;

/** Neighbouring frames of one speaker, from the first to the last; pauses between turns belong to nobody. */
function joined(frames: readonly TimbreFrame[], labels: Int32Array): Turn[] {
  const turns: { start: number; end: number; speaker: number }[] = [];
  const half = TIMBRE_HOP_S / 2;
  frames.forEach(({ time }, i) => {
    const last = turns.at(-1);
    if (last && last.speaker === labels[i] && time - last.end < SILENCE_S) last.end = time + half;
    else turns.push({ start: time - half, end: time + half, speaker: labels[i] });
  });
  return turns;
}
