/** Numbers, sizes and durations as people write them; the same honest rounding everywhere. */
import type { Text } from '../../core/text.ts';

const DASH = '–';

/**
 * A probability 0..1 in whole per cent without a sign: `97`. Never 0 and never 100, because no evidence here
 * is that sure: below half a per cent `<1`, above 99.5 `>99`; `–` when it is not a number.
 */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return DASH;
  const whole = Math.round(probability * 100);
  if (whole < 1) return '<1';
  if (whole > 99) return '>99';
  return String(whole);
}

/** An interval of probabilities: `91–99`. One number when both ends round to the same. */
export function percentRange(interval: readonly [number, number]): string {
  const [low, high] = [percent(interval[0]), percent(interval[1])];
  return low === high ? low : `${low}–${high}`;
}

/** A log-likelihood ratio with its sign: `+2.3`, `−0.8`, `0.0`. */
export function signed(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? DASH : value > 0 ? '+∞' : '−∞';
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** exp(|llr|) as a factor a reader can say aloud, to two digits: `8.1`, `120`, `>10,000`. */
export function factor(llr: number): string {
  const value = Math.exp(Math.min(Math.abs(llr), 50));
  if (!Number.isFinite(llr) || value > 10_000) return '>10,000';
  if (value < 10) return value.toFixed(1);
  return group(Number(value.toPrecision(2)));
}

/** An integer with thousands separated by commas, as both languages do. */
export function group(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Bytes in decimal units: `812 B`, `48 kB`, `3.4 MB`. */
export function byteSize(bytes: number): string {
  if (!(bytes >= 0)) return DASH;
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)}\u00a0${units[unit]}`;
}

/** Milliseconds as `38 ms`, `1.4 s`, `3 min 20 s`. */
export function duration(ms: number): Text {
  if (!(ms >= 0)) return { en: DASH, zh: DASH };
  if (ms < 999.5) return { en: `${Math.round(ms)} ms`, zh: `${Math.round(ms)} 毫秒` };
  if (ms < 99_950) return { en: `${(ms / 1000).toFixed(1)} s`, zh: `${(ms / 1000).toFixed(1)} 秒` };
  const seconds = Math.round(ms / 1000);
  const [min, rest] = [Math.floor(seconds / 60), seconds % 60];
  return { en: `${min} min ${rest} s`, zh: `${min} 分 ${rest} 秒` };
}

/** A moment as `2026-03-04 05:06 UTC`: unambiguous in both languages and in a file that travels. */
export function moment(date: Date): string {
  return Number.isNaN(date.getTime()) ? DASH : `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * A share 0..1 as "of N, about n": N is the smallest of 100, 1,000, 10,000, 100,000 at which n rounds to at least one.
 * `few` when even of 100,000 less than one would.
 */
export function outOf(share: number): { of: number; count: number; few: boolean } | null {
  if (!(share >= 0 && share <= 1)) return null;
  for (const of of [100, 1000, 10_000, 100_000]) {
    const count = Math.round(share * of);
    if (count >= 1) return { of, count, few: false };
  }
  return { of: 100_000, count: 1, few: true };
}
