/**
 * Blurring, shrinking and looking from a little aside, as one small matrix for each axis of a square picture, so that
 * the way back of a gradient is the same walk with the matrix turned over and nothing has to be derived twice.
 * Pictures are planar [C, S, S].
 */

/** A sparse matrix from `from` places to `to` places: row i has `taps[i]` beginning at place `first[i]`. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly first: Int32Array;
  readonly taps: readonly Float32Array[];
}

/** The matrix whose row i is `row(i)`, pairs of place and weight; places outside count for the edge. Rows sum to 1. */
function axisOf(from: number, to: number, row: (i: number) => readonly (readonly [number, number])[]): Axis {
  const first = new Int32Array(to);
  const taps: Float32Array[] = [];
  for (let i = 0; i < to; i++) {
    const inside = row(i).map(([place, weight]) => [Math.min(from - 1, Math.max(0, place)), weight] as const);
    const low = Math.min(...inside.map(([place]) => place));
    const high = Math.max(...inside.map(([place]) => place));
    const weights = new Float32Array(high - low + 1);
    const total = inside.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [place, weight] of inside) weights[place - low] += weight / total;
    first[i] = low;
    taps.push(weights);
  }
  return { from, to, first, taps };
}

/**
 * Means over `to` equal stretches of what lies between `start` and `start + length`, in places of the old axis. `spread`
 * 0..1 reaches into the neighbouring stretches, as resampling that interpolates does: with 1, half of each.
 */
export function areaAxis(from: number, to: number, start = 0, length = from, spread = 0): Axis {
  const step = length / to;
  const aside = spread === 0 ? [0] : [-0.5, 0, 0.5].map((share) => share * spread * step);
  return axisOf(from, to, (i) =>
    aside.flatMap((shift) => {
      const low = start + i * step + shift;
      const high = low + step;
      const row: [number, number][] = [];
      for (let place = Math.floor(low); place < high; place++) {
        const weight = Math.min(high, place + 1) - Math.max(low, place);
        if (weight > 1e-9) row.push([place, weight]);
      }
      return row;
    }),
  );
}

/** Straight lines between the centres of the old places. */
export function linearAxis(from: number, to: number): Axis {
  return axisOf(from, to, (i) => {
    const place = ((i + 0.5) * from) / to - 0.5;
    const low = Math.floor(place);
    return [
      [low, 1 - (place - low)],
      [low + 1, place - low],
    ];
  });
}

/** A Gaussian of `sigma` places, cut at three of them. */
export function gaussianAxis(size: number, sigma: number): Axis {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  return axisOf(size, size, (i) =>
    Array.from({ length: 2 * reach + 1 }, (_, k) => {
      const away = k - reach;
      return [i + away, Math.exp(-(away * away) / (2 * sigma * sigma))] as const;
    }),
  );
}

/** `planes` [C, y.from, x.from] through both matrices: [C, y.to, x.to]. */
export function through(planes: Float32Array, y: Axis, x: Axis): Float32Array {
  const channels = planes.length / (y.from * x.from);
  const across = new Float32Array(channels * y.from * x.to);
  for (let row = 0; row < channels * y.from; row++) {
    for (let i = 0; i < x.to; i++) {
      const taps = x.taps[i];
      const at = row * x.from + x.first[i];
      let sum = 0;
      for (let k = 0; k < taps.length; k++) sum += taps[k] * planes[at + k];
      across[row * x.to + i] = sum;
    }
  }
  const out = new Float32Array(channels * y.to * x.to);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < y.to; i++) {
      const to = (c * y.to + i) * x.to;
      const taps = y.taps[i];
      for (let k = 0; k < taps.length; k++) {
        const from = (c * y.from + y.first[i] + k) * x.to;
        for (let j = 0; j < x.to; j++) out[to + j] += taps[k] * across[from + j];
      }
    }
  }
  return out;
}

/** The way back: what a gradient by the result of `through` is by its argument. */
export function returned(gradient: Float32Array, y: Axis, x: Axis): Float32Array {
  const channels = gradient.length / (y.to * x.to);
  const across = new Float32Array(channels * y.from * x.to);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < y.to; i++) {
      const from = (c * y.to + i) * x.to;
      const taps = y.taps[i];
      for (let k = 0; k < taps.length; k++) {
        const to = (c * y.from + y.first[i] + k) * x.to;
        for (let j = 0; j < x.to; j++) across[to + j] += taps[k] * gradient[from + j];
      }
    }
  }
  const out = new Float32Array(channels * y.from * x.from);
  for (let row = 0; row < channels * y.from; row++) {
    for (let i = 0; i < x.to; i++) {
      const taps = x.taps[i];
      const value = across[row * x.to + i];
      const at = row * x.from + x.first[i];
      for (let k = 0; k < taps.length; k++) out[at + k] += taps[k] * value;
    }
  }
  return out;
}
