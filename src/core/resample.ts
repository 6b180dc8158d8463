/**
 * Sampling rates changed by windowed-sinc interpolation with a polyphase table (J. O. Smith, Digital Audio Resampling,
 * 2002). Linear phase; the pass band ends at `ROLLOFF` of the lower of the two Nyquist frequencies.
 */

/** Zero crossings of the sinc on either side. */
const CROSSINGS = 24;
const ROLLOFF = 0.945;
/** Kaiser window parameter: about 90 dB of stop band. */
const BETA = 9;
/** Most phases a table may have before positions are rounded to the nearest of them. */
const MOST_PHASES = 2048;

/** Modified Bessel function of order 0. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
    if (term < sum * 1e-12) break;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

interface Table {
  readonly phases: number;
  /** Taps on either side of the position. */
  readonly half: number;
  /** [phases, 2 * half] */
  readonly taps: Float32Array;
}

const tables = new Map<string, Table>();

function tableFor(from: number, to: number): Table {
  const key = `${from}:${to}`;
  const known = tables.get(key);
  if (known) return known;
  const cutoff = ROLLOFF * Math.min(1, to / from);
  const half = Math.ceil(CROSSINGS / cutoff);
  const phases = Math.min(MOST_PHASES, to / gcd(from, to));
  const taps = new Float32Array(phases * 2 * half);
  for (let p = 0; p < phases; p++) {
    let sum = 0;
    for (let k = 0; k < 2 * half; k++) {
      const x = k - half + 1 - p / phases;
      const inside = Math.abs(x) < half;
      const window = inside ? bessel0(BETA * Math.sqrt(1 - (x / half) ** 2)) / bessel0(BETA) : 0;
      const angle = Math.PI * cutoff * x;
      taps[p * 2 * half + k] = window * (x === 0 ? cutoff : (cutoff * Math.sin(angle)) / angle);
      sum += taps[p * 2 * half + k];
    }
    for (let k = 0; k < 2 * half; k++) taps[p * 2 * half + k] /= sum;
  }
  const table = { phases, half, taps };
  if (tables.size > 16) tables.clear();
  tables.set(key, table);
  return table;
}

/**
 * `samples` taken `from` times a second as if taken `to` times a second; `Math.round(length * to / from)` of them. What
 * lies beyond the ends counts as silence. Throws RangeError for rates that are not positive whole numbers.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (!(Number.isInteger(from) && Number.isInteger(to) && from > 0 && to > 0)) {
    throw new RangeError(`sampling rates must be positive whole numbers, not ${from} and ${to}`);
  }
  if (from === to) return samples;
  const { phases, half, taps } = tableFor(from, to);
  const out = new Float32Array(Math.round((samples.length * to) / from));
  const width = 2 * half;
  for (let i = 0; i < out.length; i++) {
    // Whole numbers until the last moment: hours of sound keep their phase.
    const position = i * from;
    let at = Math.floor(position / to);
    let phase = Math.round(((position - at * to) * phases) / to);
    if (phase === phases) {
      phase = 0;
      at++;
    }
    const first = at - half + 1;
    const begin = Math.max(0, -first);
    const end = Math.min(width, samples.length - first);
    const row = phase * width;
    let sum = 0;
    for (let k = begin; k < end; k++) sum += samples[first + k] * taps[row + k];
    out[i] = sum;
  }
  return out;
}
