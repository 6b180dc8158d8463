/**
 * The raw score behind the voice evidence, before calibration: small networks on the statistics of windows of speech.
 * Every window is judged twice, by all of its spectrum and by what a telephone lets through; where a recording has no
 * more than that, only the second counts.
 */
import {
  describedFrequency,
  describeWindow,
  isNarrow,
  VOICE_DESCRIPTION,
} from '../../core/voice/description.ts';
import type { Window } from '../../core/voice/windows.ts';
import type { Models } from '../../nn/models.ts';

/** Name of the network in `models/`. */
export const MODEL = 'voice';

export interface ScoredWindow {
  readonly start: number;
  readonly end: number;
  /** Who speaks, counted from 0. */
  readonly speaker: number;
  /** Seconds of speech in it. */
  readonly speech: number;
  readonly score: number;
  /** Nothing above 4 kHz could be heard. */
  readonly narrow: boolean;
  /** How much the score falls when a band of MAP_BANDS over 0..8 kHz is not looked at, lowest band first. */
  readonly bands: Float32Array;
}

/** Bands of the map, over 0 to 8 kHz. */
export const MAP_BANDS = 12;
const MAP_TOP_HZ = 8000;

/** Scores windows one by one; higher speaks for a synthetic voice. */
export async function scoreWindows(
  windows: readonly Window[],
  models: Models,
  model: string = MODEL,
): Promise<ScoredWindow[]> {
  const session = await models.session(model);
  const out: ScoredWindow[] = [];
  for (const window of windows) {
    const narrow = isNarrow(window);
    const row = describeWindow(window);
    // One row as it is, and one without each band, in a single run.
    const rows = MAP_BANDS + 1;
    const statistics = new Float32Array(rows * row.length);
    const mask = new Float32Array(rows * row.length).fill(1);
    for (let i = 0; i < rows; i++) {
      statistics.set(row, i * row.length);
      if (i > 0) for (let j = 0; j < row.length; j++) if (BAND_OF[j] === i - 1) mask[i * row.length + j] = 0;
    }
    const dims = [rows, row.length];
    const found = await session.run({ statistics: { dims, data: statistics }, mask: { dims, data: mask } });
    const score = (i: number) => {
      const wide = Number(found.wide.data[i]);
      const low = Number(found.narrow.data[i]);
      return narrow ? low : (wide + low) / 2;
    };
    const whole = score(0);
    out.push({
      start: window.start,
      end: window.end,
      speaker: window.speaker,
      speech: window.activity.activeSeconds,
      score: whole,
      narrow,
      bands: Float32Array.from({ length: MAP_BANDS }, (_, b) => whole - score(b + 1)),
    });
  }
  return out;
}

/** Map band of each of the network's inputs; -1 for what belongs to no frequency. */
const BAND_OF: Int8Array = Int8Array.from({ length: VOICE_DESCRIPTION }, (_, j) => {
  const hz = describedFrequency(j);
  return hz === null ? -1 : Math.min(MAP_BANDS - 1, Math.floor((hz / MAP_TOP_HZ) * MAP_BANDS));
});
