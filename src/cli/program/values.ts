/** Readers of option values: a number that does not fit is wrong usage, told before anything is loaded. */
import type { Text } from '../../core/text.ts';

/** A value that an option cannot take, and what it can. */
export class Unfit extends Error {
  constructor(readonly text: Text) {
    super(text.en);
  }
}

/** Reads a number in (`low`, `high`), or in (`low`, `high`] with `highAllowed`; the reader throws `Unfit` otherwise. */
export function numberBetween(low: number, high: number, highAllowed: boolean): (value: string) => number {
  return (value) => {
    const number = Number(value);
    const fits = value.trim() !== '' && number > low && (highAllowed ? number <= high : number < high);
    if (!fits) {
      throw new Unfit({
        en: `It must be a number between ${low} and ${high}.`,
        zh: `应为 ${low} 与 ${high} 之间的数。`,
      });
    }
    return number;
  };
}

/** Reads a whole number in [`low`, `high`], written in digits only; the reader throws `Unfit` otherwise. */
export function integer(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < low || number > high) {
      throw new Unfit({
        en: `It must be a whole number from ${low} to ${high}.`,
        zh: `应为 ${low} 到 ${high} 的整数。`,
      });
    }
    return number;
  };
}

/** Reads a time such as `20s`, `1.5m` or `20` (seconds), from `low` to `high` seconds; the reader throws `Unfit` otherwise. */
export function seconds(low: number, high: number): (value: string) => number {
  return (value) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m|min)?$/.exec(value.trim()) ?? [];
    const number = Number(digits) * (unit === 'm' || unit === 'min' ? 60 : 1);
    if (digits === undefined || number < low || number > high) {
      throw new Unfit({
        en: `It must be a time from ${low}s to ${high}s, such as 20s or 2m.`,
        zh: `应为 ${low}s 到 ${high}s 的时间，例如 20s 或 2m。`,
      });
    }
    return number;
  };
}
