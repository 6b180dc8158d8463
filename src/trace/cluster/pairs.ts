/** One number for every pair of n pictures, kept once: what metric, clustering and the report's network share. */
export class Pairs {
  readonly #values: Float32Array;

  /** `value` is asked once for every i < j; NaN is refused with RangeError. */
  constructor(
    readonly count: number,
    value: (i: number, j: number) => number,
  ) {
    this.#values = new Float32Array((count * (count - 1)) / 2);
    for (let j = 1, at = 0; j < count; j++) {
      for (let i = 0; i < j; i++, at++) {
        const v = value(i, j);
        if (Number.isNaN(v)) throw new RangeError(`pair ${i}, ${j} has no value`);
        this.#values[at] = v;
      }
    }
  }

  /** The number of two different pictures, in either order. */
  get(i: number, j: number): number {
    const [low, high] = i < j ? [i, j] : [j, i];
    return this.#values[(high * (high - 1)) / 2 + low];
  }
}
