/**
 * Local binary patterns (Ahonen, Hadid, Pietikäinen 2004): what small access terminals recognise faces by. The aligned
 * face is cut into cells, and how often each of the 58 uniform patterns of a pixel's eight neighbours occurs in a cell
 * is its description. No weights, hence always there; weak, as are the terminals.
 */
import { luma, type RgbImage } from '../../core/image.ts';

const CELLS = 7;
/** 58 uniform patterns and one bin for all others. */
const BINS = 59;

/** Bin of each of the 256 patterns: a pattern is uniform when, read around the circle, it changes at most twice. */
const BIN_OF: Uint8Array = (() => {
  const bins = new Uint8Array(256).fill(BINS - 1);
  let next = 0;
  for (let pattern = 0; pattern < 256; pattern++) {
    const turned = ((pattern << 1) | (pattern >> 7)) & 255;
    let changes = 0;
    for (let bits = pattern ^ turned; bits !== 0; bits &= bits - 1) changes++;
    if (changes <= 2) bins[pattern] = next++;
  }
  return bins;
})();

const AROUND = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
] as const;

/**
 * [49 * 59] numbers of length 1 from an aligned face: roots of the shares of each pattern in each cell, so that the
 * cosine of two descriptions is the mean Bhattacharyya coefficient of their cells.
 */
export function patternsOf(face: RgbImage): Float32Array {
  const { width, height, data } = luma(face);
  if (width < 3 * CELLS || height < 3 * CELLS) throw new RangeError(`a face of ${width}x${height} pixels`);
  const counts = new Float32Array(CELLS * CELLS * BINS);
  for (let y = 1; y < height - 1; y++) {
    const row = Math.min(CELLS - 1, Math.floor((y * CELLS) / height));
    for (let x = 1; x < width - 1; x++) {
      const middle = data[y * width + x];
      let pattern = 0;
      for (let i = 0; i < 8; i++) {
        const [dx, dy] = AROUND[i];
        if (data[(y + dy) * width + x + dx] >= middle) pattern |= 1 << i;
      }
      const cell = row * CELLS + Math.min(CELLS - 1, Math.floor((x * CELLS) / width));
      counts[cell * BINS + BIN_OF[pattern]]++;
    }
  }
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const own = counts.subarray(cell * BINS, (cell + 1) * BINS);
    const sum = own.reduce((a, b) => a + b, 0);
    for (let i = 0; i < BINS; i++) own[i] = Math.sqrt(own[i] / sum / (CELLS * CELLS));
  }
  return counts;
}
