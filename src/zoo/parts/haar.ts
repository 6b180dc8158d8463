/**
 * A squeeze that says what is new: four neighbours become their mean and three differences, red, green and blue become
 * brightness and two differences. Orthogonal, so it stretches nothing and its inverse is its transpose.
 */

/** Rows: mean, difference across, difference down, difference crosswise of top left, top right, bottom left and right. */
const NEIGHBOURS = [
  [0.5, 0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5, -0.5],
  [0.5, 0.5, -0.5, -0.5],
  [0.5, -0.5, -0.5, 0.5],
];
const [THIRD, HALF, SIXTH] = [3, 2, 6].map((n) => Math.sqrt(1 / n));
const COLOURS = [
  [THIRD, THIRD, THIRD],
  [HALF, 0, -HALF],
  [SIXTH, -2 * SIXTH, SIXTH],
];

/**
 * Row-major [4 * channels, 4 * channels], for pictures of `channels` channels whose squares of two by two pixels lie in
 * four channels (`pixelUnshuffle`). Results come band after band, in each band channel after channel. Three channels
 * are taken as red, green and blue.
 */
export function haar(channels: number): Float32Array {
  const size = channels * 4;
  const colour = (to: number, from: number) => (channels === 3 ? COLOURS[to][from] : to === from ? 1 : 0);
  return Float32Array.from({ length: size * size }, (_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    const band = NEIGHBOURS[Math.floor(row / channels)][column % 4];
    return band * colour(row % channels, Math.floor(column / 4));
  });
}
