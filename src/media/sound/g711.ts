/**
 * G.711 companding (ITU-T G.711, 1988): the two 8-bit codes of digital telephony. Values here are linear -1..1; the code
 * words are those of the line, with their usual inversions.
 */

const BIAS = 33;

/** One µ-law code word as a linear value. */
export function fromMuLaw(code: number): number {
  const u = ~code & 0xff;
  const magnitude = (((u & 0x0f) * 2 + BIAS) << ((u >> 4) & 7)) - BIAS;
  return ((u & 0x80 ? -1 : 1) * magnitude) / 8159;
}

/** The µ-law code word nearest to a linear value; what lies beyond -1..1 is clipped. */
export function toMuLaw(value: number): number {
  const sign = value < 0 ? 0x80 : 0;
  const magnitude = Math.min(8158, Math.round(Math.abs(value) * 8159)) + BIAS;
  const exponent = Math.min(7, Math.max(0, 31 - Math.clz32(magnitude) - 5));
  const mantissa = (magnitude >> (exponent + 1)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** One A-law code word as a linear value. */
export function fromALaw(code: number): number {
  const a = (code ^ 0x55) & 0xff;
  const exponent = (a >> 4) & 7;
  const mantissa = a & 0x0f;
  const magnitude = exponent === 0 ? mantissa * 2 + 1 : (mantissa * 2 + 33) << (exponent - 1);
  return ((a & 0x80 ? 1 : -1) * magnitude) / 4096;
}

/** The A-law code word nearest to a linear value; what lies beyond -1..1 is clipped. */
export function toALaw(value: number): number {
  const sign = value < 0 ? 0 : 0x80;
  const magnitude = Math.min(4095, Math.floor(Math.abs(value) * 4096));
  const exponent = magnitude < 64 ? (magnitude < 32 ? 0 : 1) : Math.min(7, 31 - Math.clz32(magnitude) - 4);
  const mantissa = exponent === 0 ? magnitude >> 1 : (magnitude >> exponent) & 0x0f;
  return ((sign | (exponent << 4) | mantissa) ^ 0x55) & 0xff;
}
