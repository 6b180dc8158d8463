/**
 * 64 bits of message become 416 bits on the picture: a 32-bit checksum, then a convolutional code of rate 1/4 and
 * constraint length 9 (octal generators 463, 535, 733, 745, free distance 24), decoded from soft values by Viterbi's
 * algorithm. The checksum alone lets one wrong word in 4.3 thousand million pass; a reader tries a few dozen readings
 * of a picture, so a false read stays far below one in a million.
 */

export const MESSAGE_BITS = 64;
const CHECK_BITS = 32;
const MEMORY = 8;
const RATE = 4;
const STATES = 1 << MEMORY;
const STEPS = MESSAGE_BITS + CHECK_BITS + MEMORY;
/** Bits on the picture. */
export const CODE_BITS = STEPS * RATE;

/** Output of each register content (newest bit lowest... the 9 last bits), four bits a step. */
const OUTPUTS = Uint8Array.from({ length: STATES * 2 }, (_, register) =>
  [0o463, 0o535, 0o733, 0o745].reduce((word, generator, i) => word | (parity(register & generator) << i), 0),
);

function parity(n: number): number {
  let p = 0;
  for (let m = n; m; m &= m - 1) p ^= 1;
  return p;
}

/** CRC-32 (ISO-HDLC polynomial, reflected) over single bits. */
function checksum(bits: Uint8Array): number {
  let c = 0xffffffff;
  for (const bit of bits) c = (c & 1) ^ bit ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return (c ^ 0xffffffff) >>> 0;
}

/** `CODE_BITS` bits (0 or 1) for `MESSAGE_BITS` bits. Throws RangeError for another number of them. */
export function encode(message: Uint8Array): Uint8Array {
  if (message.length !== MESSAGE_BITS)
    throw new RangeError(`${message.length} bits instead of ${MESSAGE_BITS}`);
  const check = checksum(message);
  const input = new Uint8Array(STEPS);
  input.set(message);
  for (let i = 0; i < CHECK_BITS; i++) input[MESSAGE_BITS + i] = (check >>> (CHECK_BITS - 1 - i)) & 1;
  const out = new Uint8Array(CODE_BITS);
  let register = 0;
  for (let t = 0; t < STEPS; t++) {
    register = ((register << 1) | input[t]) & (2 * STATES - 1);
    for (let i = 0; i < RATE; i++) out[t * RATE + i] = (OUTPUTS[register] >> i) & 1;
  }
  return out;
}

export interface Decoding {
  /** `MESSAGE_BITS` bits. */
  readonly message: Uint8Array;
  /** Does the checksum agree? Only then is the message one. */
  readonly valid: boolean;
  /** Code bits whose sign contradicted the word that was chosen. */
  readonly errors: number;
  /** Correlation of the soft values with that word, 0..1. */
  readonly agreement: number;
  /** The values it was chosen by, `CODE_BITS` of them, positive for 1. */
  readonly soft: Float32Array;
}

/** The likeliest message for soft values (positive = 1), `CODE_BITS` of them, each weighing by its size. */
export function decode(soft: Float32Array): Decoding {
  let metric = new Float64Array(STATES).fill(Number.NEGATIVE_INFINITY);
  let next = new Float64Array(STATES);
  metric[0] = 0;
  const from = new Uint8Array(STEPS * STATES);
  const gain = new Float64Array(1 << RATE);
  for (let t = 0; t < STEPS; t++) {
    for (let word = 0; word < gain.length; word++) {
      let sum = 0;
      for (let i = 0; i < RATE; i++) sum += (word >> i) & 1 ? soft[t * RATE + i] : -soft[t * RATE + i];
      gain[word] = sum;
    }
    const closing = t >= MESSAGE_BITS + CHECK_BITS;
    for (let state = 0; state < STATES; state++) {
      if (closing && state & 1) {
        next[state] = Number.NEGATIVE_INFINITY;
        continue;
      }
      // The register before held `state >> 1` with the oldest bit 0 or 1.
      const older = state | STATES;
      const a = metric[state >> 1] + gain[OUTPUTS[state]];
      const b = metric[older >> 1] + gain[OUTPUTS[older]];
      from[t * STATES + state] = b > a ? 1 : 0;
      next[state] = b > a ? b : a;
    }
    [metric, next] = [next, metric];
  }
  const input = new Uint8Array(STEPS);
  for (let t = STEPS - 1, state = 0; t >= 0; t--) {
    input[t] = state & 1;
    state = (state >> 1) | (from[t * STATES + state] << (MEMORY - 1));
  }
  const message = input.slice(0, MESSAGE_BITS);
  let check = 0;
  for (let i = 0; i < CHECK_BITS; i++) check = (check << 1) | input[MESSAGE_BITS + i];
  const word = encode(message);
  let errors = 0;
  let dot = 0;
  let power = 0;
  for (let i = 0; i < CODE_BITS; i++) {
    if (word[i] !== (soft[i] > 0 ? 1 : 0)) errors++;
    dot += word[i] ? soft[i] : -soft[i];
    power += soft[i] * soft[i];
  }
  return {
    message,
    valid: check >>> 0 === checksum(message),
    errors,
    soft,
    agreement: power > 0 ? Math.max(0, dot / Math.sqrt(power * CODE_BITS)) : 0,
  };
}
