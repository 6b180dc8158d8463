/**
 * Clips of the pool: about four seconds each, short prompts of one speaker being joined with the pauses they have, kept as
 * 16-bit WAV at 16 kHz. Recorded and synthetic speech are brought to them in the same way.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { Random } from '../../../src/core/random.ts';
import { speechActivity } from '../../../src/core/voice/activity.ts';
import { RATE } from '../channel.ts';
import { decodeG722, encodeG722 } from './g722.ts';

/** A clip is complete from here on, and is cut where it is longer than the second. */
const LEAST_SECONDS = 3.2;
const MOST_SECONDS = 4.5;
/** Speech that a clip must hold, in seconds. */
const LEAST_SPEECH = 1;
/** Quiet that is left before and after each prompt, at most; drawn from these. */
const MOST_EDGE_SECONDS = 0.25;

const sox = (format: readonly string[], input?: Uint8Array): Uint8Array =>
  execFileSync('sox', ['-D', ...format], { maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'], input });
const RAW = ['-t', 'raw', '-r', String(RATE), '-e', 'signed', '-b', '16', '-c', '1'];

const ofPcm = (bytes: Uint8Array) =>
  Float32Array.from(new Int16Array(bytes.slice().buffer, 0, bytes.length >> 1), (v) => v / 32_768);
export const pcmOf = (samples: Float32Array) =>
  Buffer.from(Int16Array.from(samples, (v) => Math.max(-1, Math.min(1, v)) * 32_767).buffer);

/** Samples of a sound file at 16 kHz: G.722 by name, all else with SoX. */
export function readSound(path: string): Float32Array {
  if (path.endsWith('.g722')) return decodeG722(readFileSync(path));
  return ofPcm(sox([path, ...RAW, '-']));
}

const throughSox = (samples: Float32Array, format: readonly string[]): Float32Array =>
  ofPcm(sox([...format, '-', ...RAW, '-'], sox([...RAW, '-', ...format, '-'], pcmOf(samples))));

/** What the recordings of the pool were kept in before anybody else had them, with how often that is drawn. */
const KEPT_IN: readonly (readonly [weight: number, (samples: Float32Array) => Float32Array])[] = [
  [0.2, (samples) => samples],
  [0.25, (samples) => decodeG722(encodeG722(samples))],
  [0.1, (samples) => throughSox(samples, ['-t', 'gsm', '-r', '8000', '-c', '1'])],
  [0.45, (samples) => throughSox(samples, ['-t', 'ogg'])],
];

/** Synthetic speech as it would be had somebody put it into such a package. */
export function asIfPackaged(samples: Float32Array, random: Random): Float32Array {
  return random.weighted(KEPT_IN, ([weight]) => weight)[1](samples);
}

/** Without more quiet at the ends than a tenth or two of a second; null where nobody speaks. */
function withoutEdges(samples: Float32Array, random: Random): Float32Array | null {
  if (samples.length < RATE / 10) return null;
  const { active, activeSeconds } = speechActivity(samples, RATE);
  if (activeSeconds < 0.12) return null;
  const hop = samples.length / active.length;
  const edge = random.uniform(0.02, MOST_EDGE_SECONDS) * RATE;
  const from = Math.max(0, Math.round(active.indexOf(1) * hop - edge));
  const to = Math.min(samples.length, Math.round((active.lastIndexOf(1) + 1) * hop + edge));
  return samples.slice(from, to);
}

/** At most `most` clips of what `prompts` gives, one after the other. */
export function clipsOf(prompts: Iterable<Float32Array>, most: number, seed: number): Float32Array[] {
  const random = new Random(seed);
  const clips: Float32Array[] = [];
  let parts: Float32Array[] = [];
  let length = 0;
  for (const prompt of prompts) {
    const part = withoutEdges(prompt, random);
    if (!part) continue;
    parts.push(part);
    length += part.length;
    if (length < LEAST_SECONDS * RATE) continue;
    const clip = new Float32Array(length);
    let at = 0;
    for (const one of parts) {
      clip.set(one, at);
      at += one.length;
    }
    parts = [];
    length = 0;
    const cut = clip.subarray(0, MOST_SECONDS * RATE);
    if (speechActivity(cut, RATE).activeSeconds >= LEAST_SPEECH) clips.push(cut);
    if (clips.length === most) break;
  }
  return clips;
}

/** A WAV file of one channel at 16 kHz. */
export function writeClip(path: string, samples: Float32Array): void {
  const data = pcmOf(samples);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  writeFileSync(path, Buffer.concat([head, data]));
}
