/** Sums from which mean, spread, skewness and tail weight of a stream of numbers follow. */
export class Moments {
  n = 0;
  #s1 = 0;
  #s2 = 0;
  #s3 = 0;
  #s4 = 0;

  add(x: number): void {
    this.n++;
    const x2 = x * x;
    this.#s1 += x;
    this.#s2 += x2;
    this.#s3 += x2 * x;
    this.#s4 += x2 * x2;
  }

  get mean(): number {
    return this.n > 0 ? this.#s1 / this.n : 0;
  }

  get sd(): number {
    return this.n > 1 ? Math.sqrt(Math.max(0, this.#s2 / this.n - this.mean ** 2)) : 0;
  }

  /** Third standardised moment, within ±4. */
  get skewness(): number {
    const sd = this.sd;
    if (sd < 1e-6) return 0;
    const m = this.mean;
    const third = this.#s3 / this.n - 3 * m * (this.#s2 / this.n) + 2 * m ** 3;
    return Math.max(-4, Math.min(4, third / sd ** 3));
  }

  /** Logarithm of the fourth standardised moment over that of a normal distribution, within ±2. */
  get tails(): number {
    const sd = this.sd;
    if (sd < 1e-6) return 0;
    const m = this.mean;
    const e2 = this.#s2 / this.n;
    const fourth = this.#s4 / this.n - 4 * m * (this.#s3 / this.n) + 6 * m * m * e2 - 3 * m ** 4;
    return Math.max(-2, Math.min(2, Math.log(Math.max(1e-3, fourth / sd ** 4) / 3)));
  }
}

/** Pearson correlation of a stream of pairs. */
export class Correlation {
  #n = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    this.#n++;
    this.#x += x;
    this.#y += y;
    this.#xx += x * x;
    this.#yy += y * y;
    this.#xy += x * y;
  }

  /** -1..1; 0 where there is nothing to tell. */
  get value(): number {
    if (this.#n < 3) return 0;
    const cov = this.#xy - (this.#x * this.#y) / this.#n;
    const vx = this.#xx - this.#x ** 2 / this.#n;
    const vy = this.#yy - this.#y ** 2 / this.#n;
    return vx > 1e-9 && vy > 1e-9 ? cov / Math.sqrt(vx * vy) : 0;
  }
}
