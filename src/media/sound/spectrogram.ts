/**
 * The picture of a sound that a report shows: its whole duration from left to right, 0 to 8 kHz upwards, in decibels as
 * grey. Where nothing was examined (of a long recording, only stretches are held) the picture is flat.
 */
import { SPECTROGRAM_TOP_HZ } from '../../core/evidence.ts';
import type { RgbImage } from '../../core/image.ts';
import { resample } from '../../core/resample.ts';
import { mono, type Sound } from '../../core/sound.ts';
import { PowerFrames } from '../../core/stft.ts';

const WIDTH = 1000;
const HEIGHT = 256;
const FRAME = 512;
/** Decibels from the brightest to the darkest that is drawn. */
const RANGE_DB = 75;
/** Most frames looked at for one column. */
const FRAMES_A_COLUMN = 4;
const UNHEARD: readonly [number, number, number] = [52, 56, 64];

/** `WIDTH` x `HEIGHT` pixels. */
export function spectrogram(sound: Sound): RgbImage {
  const rate = 2 * SPECTROGRAM_TOP_HZ;
  const frames = new PowerFrames(FRAME);
  const power = new Float32Array(frames.bins);
  const columns: (Float32Array | undefined)[] = new Array(WIDTH).fill(undefined);
  const secondsPerColumn = sound.duration / WIDTH;
  for (const stretch of sound.stretches) {
    const samples = resample(mono(stretch), sound.sampleRate, rate);
    const end = stretch.start + samples.length / rate;
    const first = Math.max(0, Math.floor(stretch.start / secondsPerColumn));
    const last = Math.min(WIDTH - 1, Math.ceil(end / secondsPerColumn) - 1);
    for (let column = first; column <= last; column++) {
      const level = columns[column] ?? new Float32Array(HEIGHT);
      columns[column] = level;
      for (let i = 0; i < FRAMES_A_COLUMN; i++) {
        const time = (column + (i + 0.5) / FRAMES_A_COLUMN) * secondsPerColumn - stretch.start;
        frames.frame(samples, Math.round(time * rate) - FRAME / 2, power);
        for (let y = 0; y < HEIGHT; y++) level[y] = Math.max(level[y], power[y]);
      }
    }
  }
  return draw(columns);
}

function draw(columns: readonly (Float32Array | undefined)[]): RgbImage {
  let most = 1e-12;
  for (const column of columns) if (column) for (const v of column) most = Math.max(most, v);
  const top = 10 * Math.log10(most);
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let x = 0; x < WIDTH; x++) {
    const column = columns[x];
    for (let y = 0; y < HEIGHT; y++) {
      const at = ((HEIGHT - 1 - y) * WIDTH + x) * 3;
      if (!column) {
        data.set(UNHEARD, at);
        continue;
      }
      const level = 1 + (10 * Math.log10(column[y] + 1e-12) - top) / RANGE_DB;
      const shade = 18 + 225 * Math.min(1, Math.max(0, level));
      data.fill(shade, at, at + 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}
