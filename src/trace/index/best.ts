/** The `limit` highest scores seen, in order: what a search keeps while it scans. Meant for a few up to a thousand. */
export class Best {
  readonly #scores: Int32Array;
  readonly #keys: Uint32Array;
  #size = 0;
  /** A score must lie above this to be kept. */
  floor: number;

  constructor(
    readonly limit: number,
    floor: number,
  ) {
    this.#scores = new Int32Array(limit);
    this.#keys = new Uint32Array(limit);
    this.floor = floor;
  }

  /** Keeps `key` if its score lies above the floor, which rises once `limit` keys are held. */
  offer(score: number, key: number): void {
    if (score <= this.floor) return;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#scores[middle] >= score) low = middle + 1;
      else high = middle;
    }
    if (this.#size < this.limit) this.#size++;
    this.#scores.copyWithin(low + 1, low, this.#size - 1);
    this.#keys.copyWithin(low + 1, low, this.#size - 1);
    this.#scores[low] = score;
    this.#keys[low] = key;
    if (this.#size === this.limit) this.floor = Math.max(this.floor, this.#scores[this.limit - 1]);
  }

  /** Keys from the highest score to the lowest. */
  keys(): number[] {
    return Array.from(this.#keys.subarray(0, this.#size));
  }
}
