/**
 * The explicit label of a sound: a tone in the rhythm short-long-short-short (METHODS A11, GB 45438-2025), put in front of
 * the recording, and found again in other people's: whatever pitch and tempo, as long as one tone is switched on and off
 * in that rhythm and nothing of it runs on before or after.
 */
import { PowerFrames } from '../../core/stft.ts';

/** Seconds of a short tone; a long one is three of them, a pause one. */
const SHORT = 0.2;
const PATTERN = [1, 3, 1, 1] as const;
/** Pause between the rhythm and what follows. */
const REST = 0.4;
const PITCH_HZ = 880;
const LEVEL = 0.35;
/** Seconds in which a tone swells and dies, so that it does not click. */
const EDGE = 0.008;

/** The rhythm at a sampling rate, -1..1, with the pause behind it: some 2.2 seconds. */
export function rhythm(sampleRate: number): Float32Array {
  const units = PATTERN.reduce((sum, one) => sum + one, 0) + PATTERN.length - 1;
  const out = new Float32Array(Math.round((units * SHORT + REST) * sampleRate));
  let from = 0;
  for (const units of PATTERN) {
    const seconds = units * SHORT;
    const first = Math.round(from * sampleRate);
    const count = Math.round(seconds * sampleRate);
    for (let i = 0; i < count && first + i < out.length; i++) {
      const t = i / sampleRate;
      const swell = Math.min(1, t / EDGE, (seconds - t) / EDGE);
      out[first + i] = LEVEL * Math.max(0, swell) * Math.sin(2 * Math.PI * PITCH_HZ * t);
    }
    from += seconds + SHORT;
  }
  return out;
}

/** Length of a frame in which pitch is told, and how many of them overlap. */
const FRAME_SECONDS = 0.03;
const OVERLAP = 4;
/** Share of a frame's power in its strongest frequency and its neighbours from which it counts as one tone. */
const PURE = 0.7;
/** Mean power a sample below which a frame is silent. */
const SILENT = 1e-7;
const NEIGHBOURS = 2;

/** A stretch of one tone, in frames. */
interface Tone {
  readonly bin: number;
  readonly from: number;
  readonly to: number;
}

/** Whether the rhythm stands anywhere in `samples` (-1..1). Time is linear in their number. */
export function hasRhythm(samples: Float32Array, sampleRate: number): boolean {
  const size = 2 ** Math.max(5, Math.round(Math.log2(FRAME_SECONDS * sampleRate)));
  const hop = size / OVERLAP;
  const tones = tonesIn(samples, size, hop);
  const second = sampleRate / hop;
  return tones.some((first) => {
    const same = tones.filter(({ bin, from }) => from >= first.from && Math.abs(bin - first.bin) <= 1);
    return same.length >= 4 && inRhythm(same.slice(0, 5), tones, second);
  });
}

/** The first four of `tones`, of one pitch, with pauses around them. */
function inRhythm(tones: readonly Tone[], all: readonly Tone[], second: number): boolean {
  const [a, b, c, d, next] = tones;
  const length = ({ from, to }: Tone) => to - from;
  const short = (length(a) + length(c) + length(d)) / 3;
  if (short < 0.04 * second || short > 0.7 * second) return false;
  if ([a, c, d].some((one) => length(one) < 0.55 * short || length(one) > 1.6 * short)) return false;
  if (length(b) < 1.8 * short || length(b) > 6 * short) return false;
  const pauses = [b.from - a.to, c.from - b.to, d.from - c.to];
  if (pauses.some((one) => one < 0.3 * short || one > 3 * short)) return false;
  const rest = 1.3 * Math.max(...pauses);
  if (next && next.from - d.to < rest) return false;
  return !all.some(({ bin, to }) => Math.abs(bin - a.bin) <= 1 && to <= a.from && a.from - to < rest);
}

function tonesIn(samples: Float32Array, size: number, hop: number): Tone[] {
  const frames = new PowerFrames(size);
  const power = new Float32Array(frames.bins);
  const found: Tone[] = [];
  let open: { bin: number; from: number; to: number } | null = null;
  const close = () => {
    if (open && open.to - open.from >= 2) found.push(open);
    open = null;
  };
  const count = Math.max(0, Math.floor((samples.length - size) / hop) + 1);
  for (let k = 0; k < count; k++) {
    frames.frame(samples, k * hop, power);
    const bin = pureTone(power, size);
    if (bin === null) {
      close();
      continue;
    }
    if (open && Math.abs(open.bin - bin) > 1) close();
    open ??= { bin, from: k, to: k };
    open.to = k + 1;
  }
  close();
  return found;
}

/** The frequency in which nearly all power of a frame is; null for silence and for everything else. */
function pureTone(power: Float32Array, size: number): number | null {
  let sum = 0;
  let best = 1;
  for (let k = 1; k < power.length; k++) {
    sum += power[k];
    if (power[k] > power[best]) best = k;
  }
  if (sum / (size * size) < SILENT) return null;
  let near = 0;
  for (let k = Math.max(1, best - NEIGHBOURS); k <= Math.min(power.length - 1, best + NEIGHBOURS); k++) {
    near += power[k];
  }
  return near >= PURE * sum ? best : null;
}
