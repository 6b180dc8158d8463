/**
 * A mobile call, AMR-like: 8 kHz, 200 to 3,400 Hz, and a code-excited linear predictor (Schroeder and Atal 1985) with the
 * frames, the orders and about the bits of AMR at 12.2 or 7.4 kbit/s (3GPP TS 26.090). What such a coder does to a voice
 * is here (a quantised spectral envelope, a pitch predictor, a few pulses every 5 ms); its bit stream, post-filter and
 * error concealment are not, so that it is a likeness of AMR and no AMR.
 */
import { resample } from '../../core/resample.ts';
import { filtered } from './telephone.ts';

const RATE = 8000;
const LOW_HZ = 200;
const HIGH_HZ = 3400;
const ORDER = 10;
const FRAME = 160;
const SUBFRAME = 40;
/** Samples that the prediction of a frame is taken from, the frame in their middle. */
const SPAN = 240;
/** Bits of each reflection coefficient, 38 in all. */
const BITS = [6, 5, 5, 4, 4, 3, 3, 3, 3, 2] as const;
/** Pitch lags in samples: 56 to 400 Hz. */
const LEAST_LAG = 20;
const MOST_LAG = 143;
/** Noise hides below formants: the error is weighed by A(z / NEAR) / A(z / FAR). */
const NEAR = 0.9;
const FAR = 0.6;
/** Every fifth place belongs to one track, as in AMR. */
const TRACKS = 5;

/** Pulses in 5 ms: 10 as at 12.2 kbit/s, 4 as at 7.4 kbit/s. */
export type Pulses = 4 | 10;

/** Reflection coefficients of a windowed stretch, each within -1..1 (Levinson and Durbin). */
function reflections(samples: Float32Array, from: number): Float64Array {
  const frame = Float64Array.from({ length: SPAN }, (_, i) => {
    const window = 0.54 - 0.46 * Math.cos((2 * Math.PI * (i + 0.5)) / SPAN);
    return (samples[from + i] ?? 0) * window;
  });
  const r = new Float64Array(ORDER + 1);
  for (let k = 0; k <= ORDER; k++) {
    for (let i = k; i < SPAN; i++) r[k] += frame[i] * frame[i - k];
    r[k] *= Math.exp(-0.5 * ((2 * Math.PI * 60 * k) / RATE) ** 2);
  }
  r[0] = r[0] * 1.0001 + 1e-9;
  const a = new Float64Array(ORDER + 1);
  a[0] = 1;
  const found = new Float64Array(ORDER);
  let error = r[0];
  for (let i = 1; i <= ORDER; i++) {
    let sum = r[i];
    for (let j = 1; j < i; j++) sum += a[j] * r[i - j];
    const k = -sum / error;
    found[i - 1] = k;
    step(a, i, k);
    error *= 1 - k * k;
  }
  return found;
}

/** One order more: `a` of order i - 1 becomes that of order i with reflection `k`. */
function step(a: Float64Array, i: number, k: number): void {
  const before = a.slice();
  for (let j = 1; j < i; j++) a[j] = before[j] + k * before[i - j];
  a[i] = k;
}

/** On an even grid of the arcsine, where steps near -1 and 1 are the finest. */
function quantised(reflection: Float64Array): Float64Array {
  return reflection.map((k, i) => {
    const levels = 2 ** BITS[i];
    const place = Math.floor((Math.asin(k) / Math.PI + 0.5) * levels);
    const kept = Math.min(levels - 1, Math.max(0, place));
    return Math.sin(((kept + 0.5) / levels - 0.5) * Math.PI);
  });
}

/** The prediction filter of reflection coefficients: 1, a1 .. a10. */
function filterOf(reflection: Float64Array): Float64Array {
  const a = new Float64Array(ORDER + 1);
  a[0] = 1;
  reflection.forEach((k, i) => {
    step(a, i + 1, k);
  });
  return a;
}

const expanded = (a: Float64Array, factor: number) => a.map((v, i) => v * factor ** i);

/** `x` through zeros / poles from rest. */
function through(x: ArrayLike<number>, zeros: Float64Array | null, poles: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    let v = x[i];
    for (let k = 1; k <= Math.min(i, ORDER); k++)
      v += (zeros ? zeros[k] * x[i - k] : 0) - poles[k] * out[i - k];
    out[i] = v;
  }
  return out;
}

function convolved(x: Float64Array, h: Float64Array): Float64Array {
  const out = new Float64Array(SUBFRAME);
  for (let i = 0; i < SUBFRAME; i++) {
    if (x[i] === 0) continue;
    for (let j = i; j < SUBFRAME; j++) out[j] += x[i] * h[j - i];
  }
  return out;
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** What was excited `lag` samples ago, said again. */
function repeated(past: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(SUBFRAME);
  for (let i = 0; i < SUBFRAME; i++) out[i] = i < lag ? past[past.length - lag + i] : out[i - lag];
  return out;
}

/** Gains of 1.5 dB steps. */
const stepped = (gain: number) =>
  gain < 1e-7 ? 0 : 10 ** ((Math.round((20 * Math.log10(gain)) / 1.5) * 1.5) / 20);

/** The best repetition of the past for `target`: its lag, and its gain in sixteenths of 1.2. */
function pitch(past: Float64Array, target: Float64Array, h: Float64Array): { lag: number; gain: number } {
  let best = { lag: LEAST_LAG, gain: 0, worth: 0 };
  let y: Float64Array = new Float64Array(SUBFRAME);
  for (let lag = LEAST_LAG; lag <= MOST_LAG; lag++) {
    if (lag <= SUBFRAME) y = convolved(repeated(past, lag), h);
    else {
      // One sample more of the past comes in front; the rest moves on.
      const first = past[past.length - lag];
      for (let i = SUBFRAME - 1; i > 0; i--) y[i] = y[i - 1] + first * h[i];
      y[0] = first * h[0];
    }
    const cross = dot(target, y);
    const energy = dot(y, y) + 1e-12;
    const worth = cross ** 2 / energy;
    if (cross > 0 && worth > best.worth) best = { lag, gain: cross / energy, worth };
  }
  return { lag: best.lag, gain: (Math.round((Math.min(1.2, best.gain) / 1.2) * 15) * 1.2) / 15 };
}

/** Pulses of one size on their tracks, one after the other where they bring the most. */
function pulses(target: Float64Array, h: Float64Array, count: number): Float64Array {
  const code = new Float64Array(SUBFRAME);
  const rest = target.slice();
  const energy = new Float64Array(SUBFRAME);
  for (let i = SUBFRAME - 1, sum = 1e-12; i >= 0; i--) {
    sum += h[SUBFRAME - 1 - i] ** 2;
    energy[i] = sum;
  }
  let size = 0;
  for (let n = 0; n < count; n++) {
    let place = n % TRACKS;
    let best = 0;
    for (let i = n % TRACKS; i < SUBFRAME; i += TRACKS) {
      let cross = 0;
      for (let j = i; j < SUBFRAME; j++) cross += rest[j] * h[j - i];
      if (Math.abs(cross) / Math.sqrt(energy[i]) <= Math.abs(best) / Math.sqrt(energy[place])) continue;
      place = i;
      best = cross;
    }
    if (n === 0) size = Math.abs(best) / energy[place];
    const sign = best < 0 ? -1 : 1;
    code[place] += sign;
    for (let j = place; j < SUBFRAME; j++) rest[j] -= sign * size * h[j - place];
  }
  const y = convolved(code, h);
  const gain = stepped(Math.max(0, dot(target, y)) / (dot(y, y) + 1e-12));
  return code.map((v) => v * gain);
}

/** What is heard at the other end of a mobile call, 8,000 samples a second. */
export function throughMobileCall(
  samples: Float32Array,
  rate: number,
  count: Pulses = 4,
): { readonly samples: Float32Array; readonly rate: number } {
  const narrow = resample(samples, rate, RATE);
  const speech = filtered(filtered(narrow, RATE, 'high', LOW_HZ), RATE, 'low', HIGH_HZ);
  const out = new Float32Array(speech.length);
  const past = new Float64Array(MOST_LAG);
  let before: Float64Array = new Float64Array(ORDER);
  let now = before;
  const heard = new Float64Array(ORDER);
  for (let at = 0; at < speech.length; at += SUBFRAME) {
    const part = (at % FRAME) / SUBFRAME;
    if (part === 0) {
      before = now;
      now = quantised(reflections(speech, at - (SPAN - FRAME) / 2));
    }
    // Reflection coefficients between two sets of stable ones are stable too.
    const share = (part + 1) / (FRAME / SUBFRAME);
    const a = filterOf(now.map((k, i) => share * k + (1 - share) * before[i]));

    const weighed = (x: Float64Array) => through(x, expanded(a, NEAR), expanded(a, FAR));
    const impulse = new Float64Array(SUBFRAME);
    impulse[0] = 1;
    const h = weighed(through(impulse, null, a));
    // What the filter still says of the past is not to be said again.
    const ringing = answer(new Float64Array(SUBFRAME), a, heard);
    const target = weighed(ringing.map((v, i) => (speech[at + i] ?? 0) - v));
    const { lag, gain } = pitch(past, target, h);
    const old = repeated(past, lag).map((v) => v * gain);
    const missing = convolved(old, h).map((v, i) => target[i] - v);
    const code = pulses(missing, h, count);
    const excitation = old.map((v, i) => v + code[i]);
    const said = answer(excitation, a, heard);
    for (let i = 0; i < SUBFRAME && at + i < out.length; i++)
      out[at + i] = Math.max(-1, Math.min(1, said[i]));
    heard.set(said.subarray(SUBFRAME - ORDER));
    past.copyWithin(0, SUBFRAME);
    past.set(excitation, MOST_LAG - SUBFRAME);
  }
  return { samples: out, rate: RATE };
}

/** `x` through 1 / A after the ORDER samples `before`. */
function answer(x: Float64Array, a: Float64Array, before: Float64Array): Float64Array {
  const line = new Float64Array(ORDER + x.length);
  line.set(before);
  for (let i = 0; i < x.length; i++) {
    let v = x[i];
    for (let k = 1; k <= ORDER; k++) v -= a[k] * line[ORDER + i - k];
    line[ORDER + i] = v;
  }
  return line.subarray(ORDER);
}
