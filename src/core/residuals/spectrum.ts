/**
 * Where the residual's energy lies in frequency: an azimuthal profile, its direction dependence, and the peaks that
 * up-sampling by 2, 4 or 8 leaves at fractions of the sampling rate (Durall et al. 2020; Frank et al. 2020).
 */
import { PowerSpectrum } from '../fft.ts';
import type { Plane } from '../image.ts';

const SIZE = 64;
const RINGS = 24;
const SECTORS = 4;
/** Grid of multiples of 1/8 of the sampling rate in one quadrant, without zero: 5 * 5 - 1. */
const PEAKS = 24;

export const SPECTRUM_FEATURES = RINGS + SECTORS * 3 + PEAKS;

const transform = new PowerSpectrum(SIZE);
const window = Float32Array.from(
  { length: SIZE * SIZE },
  (_, i) => hann(i % SIZE) * hann(Math.floor(i / SIZE)),
);

function hann(i: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / SIZE);
}

/** Frequency index folded to -SIZE/2 .. SIZE/2 - 1, in units of half the sampling rate. */
const frequency = (k: number) => (k < SIZE / 2 ? k : k - SIZE) / (SIZE / 2);

/** For each bin of the spectrum its ring, and its band and direction (255: in none of the three bands). */
const RING = new Uint8Array(SIZE * SIZE);
const SECTOR = new Uint8Array(SIZE * SIZE).fill(255);
for (let i = 0; i < SIZE * SIZE; i++) {
  const fu = frequency(i % SIZE);
  const fv = frequency(Math.floor(i / SIZE));
  const radius = Math.hypot(fu, fv);
  RING[i] = Math.min(RINGS - 1, Math.floor((radius / Math.SQRT2) * RINGS));
  if (radius <= 1 / 4 || radius >= 1) continue;
  const angle = Math.atan2(Math.abs(fv), Math.abs(fu)) / (Math.PI / 2);
  const band = radius < 0.5 ? 0 : radius < 0.75 ? 1 : 2;
  SECTOR[i] = band * SECTORS + Math.min(SECTORS - 1, Math.floor(angle * SECTORS));
}

/** Mean periodogram (Welch, Hann window) over at most `limit` blocks spread over the plane. */
function welch(plane: Plane, limit: number): Float64Array {
  const { width, height, data } = plane;
  const power = new Float64Array(SIZE * SIZE);
  const columns = Math.max(1, Math.floor((width - SIZE) / (SIZE / 2)) + 1);
  const rows = Math.max(1, Math.floor((height - SIZE) / (SIZE / 2)) + 1);
  const stride = Math.max(1, Math.ceil((columns * rows) / limit));
  const block = new Float32Array(SIZE * SIZE);
  let count = 0;
  for (let index = 0; index < columns * rows; index += stride) {
    const x0 = (index % columns) * (SIZE / 2);
    const y0 = Math.floor(index / columns) * (SIZE / 2);
    for (let y = 0; y < SIZE; y++) {
      const sy = Math.min(height - 1, y0 + y);
      for (let x = 0; x < SIZE; x++) {
        block[y * SIZE + x] = data[sy * width + Math.min(width - 1, x0 + x)] * window[y * SIZE + x];
      }
    }
    transform.accumulate(block, power);
    count++;
  }
  for (let i = 0; i < power.length; i++) power[i] /= count;
  return power;
}

/** Writes {@link SPECTRUM_FEATURES} numbers to `out` at `at`; returns the index after them. */
export function spectrum(plane: Plane, limit: number, out: Float32Array, at: number): number {
  const power = welch(plane, limit);
  const ring = new Float64Array(RINGS);
  const ringCount = new Float64Array(RINGS);
  const sector = new Float64Array(SECTORS * 3);
  const sectorCount = new Float64Array(SECTORS * 3);
  let total = 1e-9;
  for (let i = 1; i < SIZE * SIZE; i++) {
    const p = power[i];
    total += p;
    ring[RING[i]] += p;
    ringCount[RING[i]]++;
    if (SECTOR[i] === 255) continue;
    sector[SECTOR[i]] += p;
    sectorCount[SECTOR[i]]++;
  }
  const mean = total / (SIZE * SIZE);
  for (let r = 0; r < RINGS; r++) out[at++] = Math.log(ring[r] / Math.max(1, ringCount[r]) / mean + 1e-4);
  for (let band = 0; band < 3; band++) {
    let all = 1e-9;
    let n = 0;
    for (let s = 0; s < SECTORS; s++) {
      all += sector[band * SECTORS + s];
      n += sectorCount[band * SECTORS + s];
    }
    for (let s = 0; s < SECTORS; s++) {
      const i = band * SECTORS + s;
      out[at++] = Math.log(sector[i] / Math.max(1, sectorCount[i]) / (all / n) + 1e-3);
    }
  }
  const step = SIZE / 8;
  for (let j = 0; j <= 4; j++) {
    for (let i = 0; i <= 4; i++) {
      if (i === 0 && j === 0) continue;
      out[at++] = peak(power, i * step, j * step);
    }
  }
  return at;
}

/** Log of the power at (±u, ±v) against the ring of neighbours two to three bins away. */
function peak(power: Float64Array, u: number, v: number): number {
  let centre = 0;
  let around = 0;
  let n = 0;
  let m = 0;
  for (const su of [1, -1]) {
    for (const sv of [1, -1]) {
      for (let dv = -3; dv <= 3; dv++) {
        for (let du = -3; du <= 3; du++) {
          const far = Math.max(Math.abs(du), Math.abs(dv));
          if (far === 1) continue;
          const p = power[((sv * v + dv + 2 * SIZE) % SIZE) * SIZE + ((su * u + du + 2 * SIZE) % SIZE)];
          if (far === 0) {
            centre += p;
            n++;
          } else {
            around += p;
            m++;
          }
        }
      }
    }
  }
  return Math.log((centre / n + 1e-6) / (around / m + 1e-6));
}
