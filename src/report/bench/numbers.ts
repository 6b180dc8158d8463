/** Figures of a benchmark with their intervals, as text; a dash where there is none. */

export interface Figure {
  readonly value: number;
  readonly lo: number;
  readonly hi: number;
}

export function number(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits);
}

/** `0.912 (0.880–0.941)`. */
export function withInterval({ value, lo, hi }: Figure, digits = 3): string {
  const known = Number.isFinite(lo) && Number.isFinite(hi);
  return known
    ? `${number(value, digits)} (${number(lo, digits)}–${number(hi, digits)})`
    : number(value, digits);
}

export function share(rate: number): string {
  return Number.isFinite(rate) ? `${(100 * rate).toFixed(1)} %` : '–';
}

/** `29.9 % (25.0–34.1)`. */
export function shareWithInterval({ value, lo, hi }: Figure): string {
  const known = Number.isFinite(lo) && Number.isFinite(hi);
  return known ? `${share(value)} (${(100 * lo).toFixed(1)}–${(100 * hi).toFixed(1)})` : share(value);
}
