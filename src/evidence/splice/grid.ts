/**
 * Where does the 8x8 grid of an earlier JPEG save lie, and does it lie there everywhere? After JPEG the highest
 * frequencies of a run of eight pixels all but vanish where the run coincides with a block, and jump where it
 * straddles two. Every tile of eight by eight runs votes for the run offset with the least high-frequency energy, once along rows and
 * once along columns. Without a grid the eight offsets are equally likely whatever the content, so the number of
 * votes is judged a contrario (Nikoukhah et al., "ZERO", IPOL 2021, who count DCT zeros; the run energies used here
 * cost a twentieth; Li, Yuan, Yu, "Passive detection of doctored JPEG image via block artifact grid extraction",
 * Signal Processing 2009).
 */
import { type Cells, cellColumn, cellRow, type Strip } from './strips.ts';

const A0 = 0.5 * Math.cos((7 * Math.PI) / 16);
const A1 = -0.5 * Math.cos((5 * Math.PI) / 16);
const A2 = 0.5 * Math.cos((3 * Math.PI) / 16);
const A3 = -0.5 * Math.cos(Math.PI / 16);
const B0 = 0.5 * Math.cos((6 * Math.PI) / 16);
const B1 = -0.5 * Math.cos((2 * Math.PI) / 16);

/** Rounding to 8 bits leaves about this energy in the two frequencies of eight runs. */
const FLOOR = 8 * 2 * 0.08;
/** A tile whose largest run energy is not this many times its smallest does not vote. */
const CLEAR = 1.6;

/**
 * Tiles start this many pixels apart: not 8, because neighbouring run energies are alike and the first and last of eight
 * are then likelier to be the least; with 9 the eight offsets take every place in turn and chance favours none.
 */
const STEP = 9;

/** Votes by offset 0..7: `columns[cell * 8 + offset]` for vertical block edges, `rows` for horizontal ones. */
export interface Votes {
  readonly columns: Uint16Array;
  readonly rows: Uint16Array;
}

/** Grid origin modulo 8, with the evidence for it as log10 of the number of false alarms (below 0: significant). */
export interface GridOrigin {
  readonly x: number;
  readonly y: number;
  readonly logNfaX: number;
  readonly logNfaY: number;
}

export function emptyVotes(cells: Cells): Votes {
  const n = cells.cols * cells.rows * 8;
  return { columns: new Uint16Array(n), rows: new Uint16Array(n) };
}

/** Adds the votes of every tile of a strip. */
export function collectVotes(strip: Strip, cells: Cells, votes: Votes): void {
  const { width, height, data } = strip.plane;
  const tilesAcross = Math.floor((width - 15) / STEP) + 1;
  if (width < 15) return;
  const energies = new Float32Array(width - 7);
  const down = new Float32Array(tilesAcross * 8);
  const column = new Int32Array(tilesAcross);
  for (let t = 0; t < tilesAcross; t++) column[t] = cellColumn(cells, t * STEP + 7);
  for (let y = 0; y + 15 <= height && y < strip.rows; y += STEP) {
    energies.fill(0);
    for (let row = y; row < y + 8; row++) acrossRow(data, row * width, energies);
    downRows(data, y * width, width, down);
    const base = cellRow(cells, strip.y + y + 7) * cells.cols;
    for (let t = 0; t < tilesAcross; t++) {
      const cell = (base + column[t]) * 8;
      const a = leastOf(energies, t * STEP);
      if (a >= 0) votes.columns[cell + ((t * STEP + a) & 7)]++;
      const b = leastOf(down, t * 8);
      if (b >= 0) votes.rows[cell + ((strip.y + y + b) & 7)]++;
    }
  }
}

/** energies[x] += energy of frequencies 6 and 7 of the eight pixels from x on; each pixel is read once and handed on. */
function acrossRow(data: Float32Array, at: number, energies: Float32Array): void {
  let a = data[at];
  let b = data[at + 1];
  let c = data[at + 2];
  let d = data[at + 3];
  let e = data[at + 4];
  let f = data[at + 5];
  let g = data[at + 6];
  for (let x = 0, p = at + 7; x < energies.length; x++, p++) {
    const h = data[p];
    const seven = A0 * (a - h) + A1 * (b - g) + A2 * (c - f) + A3 * (d - e);
    const six = B0 * (a + h - d - e) + B1 * (b + g - c - f);
    energies[x] += seven * seven + six * six;
    a = b;
    b = c;
    c = d;
    d = e;
    e = f;
    f = g;
    g = h;
  }
}

/**
 * out[tile * 8 + offset] = the same down the eight columns of each tile, for runs that start `offset` 0..7 rows below `at`, the
 * first pixel of a row of tiles: fifteen rows are read, each pixel once.
 */
function downRows(data: Float32Array, at: number, stride: number, out: Float32Array): void {
  const tiles = out.length >> 3;
  const sums = new Float64Array(8);
  for (let t = 0; t < tiles; t++) {
    sums.fill(0);
    for (let i = 0, top = at + t * STEP; i < 8; i++, top++) {
      let a = data[top];
      let p = top + stride;
      let b = data[p];
      p += stride;
      let c = data[p];
      p += stride;
      let d = data[p];
      p += stride;
      let e = data[p];
      p += stride;
      let f = data[p];
      p += stride;
      let g = data[p];
      for (let offset = 0; offset < 8; offset++) {
        p += stride;
        const h = data[p];
        const seven = A0 * (a - h) + A1 * (b - g) + A2 * (c - f) + A3 * (d - e);
        const six = B0 * (a + h - d - e) + B1 * (b + g - c - f);
        sums[offset] += seven * seven + six * six;
        a = b;
        b = c;
        c = d;
        d = e;
        e = f;
        f = g;
        g = h;
      }
    }
    out.set(sums, t * 8);
  }
}

function leastOf(energies: Float32Array, at: number): number {
  let best = 0;
  let least = energies[at];
  let most = least;
  for (let i = 1; i < 8; i++) {
    const e = energies[at + i];
    if (e < least) {
      least = e;
      best = i;
    } else if (e > most) most = e;
  }
  return most + FLOOR > CLEAR * (least + FLOOR) ? best : -1;
}

/**
 * log10 of an upper bound (Chernoff and Hoeffding) of P(at least `k` of `n` independent trials of probability `p`).
 */
export function logTail(k: number, n: number, p: number): number {
  if (n === 0 || k <= n * p) return 0;
  const q = k / n;
  const kl = q * Math.log(q / p) + (q < 1 ? (1 - q) * Math.log((1 - q) / (1 - p)) : 0);
  return (-n * kl) / Math.LN10;
}

/** The offset most voted for along each axis over the whole picture. */
export function gridOrigin(votes: Votes): GridOrigin {
  const [x, logNfaX] = winner(votes.columns);
  const [y, logNfaY] = winner(votes.rows);
  return { x, y, logNfaX, logNfaY };
}

function winner(counts: Uint16Array): [number, number] {
  const sums = new Float64Array(8);
  for (let i = 0; i < counts.length; i++) sums[i & 7] += counts[i];
  let best = 0;
  let n = 0;
  for (let i = 0; i < 8; i++) {
    n += sums[i];
    if (sums[i] > sums[best]) best = i;
  }
  return [best, Math.log10(64) + logTail(sums[best], n, 1 / 8)];
}
