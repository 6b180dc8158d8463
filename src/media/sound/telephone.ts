/** A digital telephone line: 8 kHz, 300 to 3,400 Hz, G.711. Written out here, so that it works with nothing installed. */
import { resample } from '../../core/resample.ts';
import { fromALaw, fromMuLaw, toALaw, toMuLaw } from './g711.ts';

const RATE = 8000;
const LOW_HZ = 300;
const HIGH_HZ = 3400;

interface Biquad {
  readonly b: readonly [number, number, number];
  readonly a: readonly [number, number];
}

/** Second-order Butterworth section (R. Bristow-Johnson's cookbook). */
function section(kind: 'low' | 'high', hz: number, rate: number, q: number): Biquad {
  const w = (2 * Math.PI * hz) / rate;
  const alpha = Math.sin(w) / (2 * q);
  const cos = Math.cos(w);
  const a0 = 1 + alpha;
  const edge = kind === 'low' ? (1 - cos) / 2 : (1 + cos) / 2;
  const middle = kind === 'low' ? 1 - cos : -(1 + cos);
  return { b: [edge / a0, middle / a0, edge / a0], a: [(-2 * cos) / a0, (1 - alpha) / a0] };
}

/** Two sections of a fourth-order Butterworth filter. */
const Q = [0.5412, 1.3066] as const;

/** Frequencies below or above `hz` attenuated by 24 dB an octave. */
export function filtered(
  samples: Float32Array,
  rate: number,
  kind: 'low' | 'high',
  hz: number,
): Float32Array {
  let current = samples;
  for (const q of Q) {
    const { b, a } = section(kind, hz, rate, q);
    const out = new Float32Array(current.length);
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    for (let i = 0; i < current.length; i++) {
      const x = current[i];
      const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      out[i] = y;
    }
    current = out;
  }
  return current;
}

/** What is heard at the other end of the line, 8,000 samples a second. */
export function throughTelephone(
  samples: Float32Array,
  rate: number,
  law: 'mu' | 'a' = 'mu',
): { readonly samples: Float32Array; readonly rate: number } {
  const narrow = resample(samples, rate, RATE);
  const band = filtered(filtered(narrow, RATE, 'high', LOW_HZ), RATE, 'low', HIGH_HZ);
  const [to, from] = law === 'mu' ? [toMuLaw, fromMuLaw] : [toALaw, fromALaw];
  return { samples: band.map((v) => from(to(v))), rate: RATE };
}
