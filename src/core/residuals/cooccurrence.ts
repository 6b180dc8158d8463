/**
 * Co-occurrences of three neighbouring residuals, truncated to -2..2: the descriptor of the spatial rich model
 * (Fridrich and Kodovsky, IEEE TIFS 2012), reduced by its symmetries. A residual that a camera's sensor, optics and
 * processing leave differs in its neighbourhood statistics from what a generator's last layers leave.
 */

const LEVELS = 5;
const TRIPLES = LEVELS ** 3;

/** For each of the 125 triples, the index of its class under negation and reversal. */
const CLASS = new Uint8Array(TRIPLES).fill(255);

/** Number of features of {@link neighbours}. */
export const NEIGHBOUR_FEATURES = classify();

function classify(): number {
  const code = (a: number, b: number, c: number) => ((a + 2) * LEVELS + b + 2) * LEVELS + c + 2;
  let count = 0;
  for (let a = -2; a <= 2; a++) {
    for (let b = -2; b <= 2; b++) {
      for (let c = -2; c <= 2; c++) {
        if (CLASS[code(a, b, c)] !== 255) continue;
        for (const sign of [1, -1]) {
          CLASS[code(sign * a, sign * b, sign * c)] = count;
          CLASS[code(sign * c, sign * b, sign * a)] = count;
        }
        count++;
      }
    }
  }
  return count;
}

/** Keeps the sum positive, so that cutting off its fraction rounds down; residuals are at most 4 * 255 / 0.25. */
const OFFSET = 8192 + 2.5;

/** Residuals divided by `step`, rounded and truncated to -2..2, stored as 0..4. */
export function quantise(residual: Float32Array, step: number, into: Uint8Array): void {
  const scale = 1 / step;
  for (let i = 0; i < residual.length; i++) {
    // Truncation by sign bits instead of comparisons: residuals are noise, and no branch predictor learns noise.
    let level = ((residual[i] * scale + OFFSET) | 0) - (OFFSET - 2.5);
    level &= ~(level >> 31);
    const over = level - 4;
    into[i] = 4 + (over & (over >> 31));
  }
}

/**
 * Triples along rows and along columns of one quantised residual plane, pooled.
 * Writes {@link NEIGHBOUR_FEATURES} numbers to `out` at `at`; returns the index after them.
 */
export function neighbours(
  q: Uint8Array,
  width: number,
  height: number,
  out: Float32Array,
  at: number,
): number {
  // Two tables in turn: most triples are the same few, and incrementing one number again and again waits for itself.
  const counts = new Uint32Array(TRIPLES);
  const others = new Uint32Array(TRIPLES);
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width - 1;
    let i = y * width + 2;
    let a = q[i - 2];
    let b = q[i - 1];
    for (; i < end; i += 2) {
      const c = q[i];
      const d = q[i + 1];
      counts[(a * LEVELS + b) * LEVELS + c]++;
      others[(b * LEVELS + c) * LEVELS + d]++;
      a = c;
      b = d;
    }
    if (i === end) counts[(a * LEVELS + b) * LEVELS + q[i]]++;
  }
  const end = width * (height - 2);
  const two = 2 * width;
  let i = 0;
  for (; i + 1 < end; i += 2) {
    counts[(q[i] * LEVELS + q[i + width]) * LEVELS + q[i + two]]++;
    others[(q[i + 1] * LEVELS + q[i + 1 + width]) * LEVELS + q[i + 1 + two]]++;
  }
  if (i < end) counts[(q[i] * LEVELS + q[i + width]) * LEVELS + q[i + two]]++;
  for (let k = 0; k < TRIPLES; k++) counts[k] += others[k];
  // Square roots of relative frequencies (Hellinger), which tames the common triples.
  const sums = new Float64Array(NEIGHBOUR_FEATURES);
  let total = 0;
  for (let k = 0; k < TRIPLES; k++) {
    sums[CLASS[k]] += counts[k];
    total += counts[k];
  }
  for (const sum of sums) out[at++] = Math.sqrt(sum / Math.max(1, total));
  return at;
}
