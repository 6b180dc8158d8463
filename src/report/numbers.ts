/** Numbers as a record may hold them: rounded to what means something, and nothing that JSON cannot say. */

/** What an infinite log-likelihood ratio becomes; far beyond every finite one that means anything. */
const INFINITE_LLR = 1000;

/** 0..1 to six digits; out of range is clamped, not-a-number stays. */
export function probability(value: number): number {
  return round(Math.min(1, Math.max(0, value)), 6);
}

/** A log-likelihood ratio to four digits; null where it is not a number. */
export function llr(value: number): number | null {
  if (Number.isNaN(value)) return null;
  return round(Math.min(INFINITE_LLR, Math.max(-INFINITE_LLR, value)), 4);
}

/** The number itself where it is finite, otherwise 0. */
export function number(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** To so many digits after the point, without a negative zero. */
export function round(value: number, digits: number): number {
  // Beyond this a double has no digits left to round, and the product below could overflow.
  if (Math.abs(value) > 1e9) return value;
  const scale = 10 ** digits;
  const rounded = Math.round(value * scale) / scale;
  return Object.is(rounded, -0) ? 0 : rounded;
}
