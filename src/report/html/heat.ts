/**
 * An evidence map as a picture to lay over a photograph. The ramp is magma without its black end (van der Walt and
 * Smith, matplotlib 2015): its lightness only rises, so it reads the same for colour-blind readers and in grey print;
 * weak places are also transparent, so that strength shows twice. Where the detector abstains nothing is coloured: the
 * caller hatches those cells.
 */
import type { EvidenceMap } from '../../core/evidence.ts';
import { base64 } from '../base64.ts';
import { ABSTAINED, quantiseMap } from '../record.ts';
import { type Html, html } from './escape.ts';
import { indexedPng, type Palette } from './png.ts';

/** Colours at equal steps of strength 0..1. */
export const RAMP: readonly (readonly [number, number, number])[] = [
  [42, 17, 92],
  [81, 18, 124],
  [130, 38, 129],
  [182, 54, 121],
  [230, 81, 100],
  [251, 136, 97],
  [254, 196, 136],
  [252, 253, 191],
];

/** Cells along the longer side; a finer map is averaged down. */
const MOST_CELLS = 256;

/** Opacity 0..1 of the overlay at strength `v` 0..1. */
export function rampAlpha(v: number): number {
  return 0.95 * v ** 1.1;
}

/** Colour at strength `v` 0..1. */
export function rampColour(v: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, v)) * (RAMP.length - 1);
  const i = Math.min(RAMP.length - 2, Math.floor(at));
  const t = at - i;
  const [a, b] = [RAMP[i], RAMP[i + 1]];
  return [0, 1, 2].map((c) => Math.round(a[c] + t * (b[c] - a[c]))) as [number, number, number];
}

/** The ramp as the paint `url(#ramp)`, for legends. */
export function rampPaint(): Html {
  const stops = RAMP.map(
    ([r, g, b], i) =>
      html`<stop offset="${Math.round((100 * i) / (RAMP.length - 1))}%" stop-color="rgb(${r},${g},${b})"/>`,
  );
  return html`<linearGradient id="ramp">${stops}</linearGradient>`;
}

const PALETTE: Palette = (() => {
  const rgb = new Uint8Array(256 * 3);
  const alpha = new Uint8Array(256);
  for (let i = 0; i < ABSTAINED; i++) {
    rgb.set(rampColour(i / 254), i * 3);
    alpha[i] = Math.round(255 * rampAlpha(i / 254));
  }
  rgb.set(rampColour(0), ABSTAINED * 3);
  return { rgb, alpha };
})();

export interface HeatLayer {
  /** `data:image/png;base64,…` */
  readonly url: string;
  /** SVG path over the abstained cells, in a coordinate system of `viewWidth` x `viewHeight`; empty when there are none. */
  readonly abstained: string;
  /** Share 0..1 of abstained cells. */
  readonly abstainedShare: number;
}

/** The layer of one map; null for a map without cells. */
export function heatLayer(map: EvidenceMap, viewWidth: number, viewHeight: number): HeatLayer | null {
  if (!(map.width >= 1 && map.height >= 1)) return null;
  const small = shrink(map);
  const cells = quantiseMap(small);
  const png = indexedPng(small.width, small.height, cells, PALETTE);
  const blank = cells.reduce((n, cell) => n + (cell === ABSTAINED ? 1 : 0), 0);
  return {
    url: `data:image/png;base64,${base64(png)}`,
    abstained: blank === 0 ? '' : abstainedPath(cells, small.width, small.height, viewWidth, viewHeight),
    abstainedShare: blank / cells.length,
  };
}

/** Averages over whole blocks of cells, leaving abstained ones out; a block of only those abstains. */
function shrink(map: EvidenceMap): EvidenceMap {
  const step = Math.ceil(Math.max(map.width, map.height) / MOST_CELLS);
  if (step <= 1) return map;
  const width = Math.ceil(map.width / step);
  const height = Math.ceil(map.height / step);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      let n = 0;
      for (let v = y * step; v < Math.min(map.height, (y + 1) * step); v++) {
        for (let u = x * step; u < Math.min(map.width, (x + 1) * step); u++) {
          const value = map.data[v * map.width + u];
          if (value === undefined || Number.isNaN(value)) continue;
          sum += value;
          n++;
        }
      }
      data[y * width + x] = n === 0 ? Number.NaN : sum / n;
    }
  }
  return { ...map, width, height, data };
}

/** One rectangle for each run of abstained cells in a row; runs that repeat in the next row grow downwards. */
function abstainedPath(
  cells: Uint8Array,
  width: number,
  height: number,
  viewWidth: number,
  viewHeight: number,
): string {
  const open = new Map<string, { from: number; to: number; top: number }>();
  let path = '';
  const x = (cell: number) => Math.round((cell * viewWidth) / width);
  const y = (cell: number) => Math.round((cell * viewHeight) / height);
  const close = (run: { from: number; to: number; top: number }, bottom: number) => {
    path += `M${x(run.from)} ${y(run.top)}H${x(run.to)}V${y(bottom)}H${x(run.from)}Z`;
  };
  for (let row = 0; row <= height; row++) {
    const runs = new Set<string>();
    for (let from = 0; row < height && from < width; from++) {
      if (cells[row * width + from] !== ABSTAINED) continue;
      let to = from;
      while (to < width && cells[row * width + to] === ABSTAINED) to++;
      const key = `${from}:${to}`;
      runs.add(key);
      if (!open.has(key)) open.set(key, { from, to, top: row });
      from = to;
    }
    for (const [key, run] of open) {
      if (runs.has(key)) continue;
      close(run, row);
      open.delete(key);
    }
  }
  return path;
}
