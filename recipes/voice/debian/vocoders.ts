/**
 * Copies of recorded speech by other people's classical vocoders, beside our own (`../resynthesis.ts`): the words, speaker
 * and recording chain of the original, made anew (copy synthesis, arXiv:2210.02437).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Random } from '../../../src/core/random.ts';
import { resample } from '../../../src/core/resample.ts';
import { RATE } from '../channel.ts';
import { RESYNTHESES } from '../resynthesis.ts';
import { unpacked } from './apt.ts';
import { pcmOf } from './clip.ts';

const samplesOf = (bytes: Uint8Array) =>
  Float32Array.from(new Int16Array(bytes.slice().buffer, 0, bytes.length >> 1), (v) => v / 32_768);

/** Runs shell lines on `in.raw`, which leave `out.raw`; both 16 bits. */
function shell(input: Float32Array, lines: string, path: string, libraries = ''): Float32Array {
  const folder = mkdtempSync(join(tmpdir(), 'huoyan-vocoder-'));
  try {
    writeFileSync(join(folder, 'in.raw'), pcmOf(input));
    execFileSync('sh', ['-ec', lines], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, PATH: `${path}:${process.env.PATH}`, LD_LIBRARY_PATH: libraries },
    });
    return samplesOf(readFileSync(join(folder, 'out.raw')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Steps of 16 bits that noise is added with: a frame of zeros has no cepstrum. */
const DITHER = 2 / 32_768;

/** Mel-cepstra and a filter that speaks them (SPTK's mcep and mlsadf), with pulses or noise. */
function mlsa(samples: Float32Array, seed: number): Float32Array {
  const random = new Random(seed);
  const noisy = samples.map((v) => v + DITHER * random.normal());
  const lines = `x2x +sf in.raw | pitch -a 1 -s 16 -p 80 -L 60 -H 400 > pitch
x2x +sf in.raw | frame -l 400 -p 80 | window -l 400 -L 512 -w 1 -n 1 | mcep -a 0.42 -m 24 -l 512 -e 0.001 > cepstra
excite -p 80 pitch | mlsadf -a 0.42 -m 24 -p 80 cepstra | clip -y -32000 32000 | x2x +fs > out.raw`;
  return shell(noisy, lines, resolve(unpacked('sptk'), 'usr/libexec/sptk/bin'));
}

/** Codec 2 at 3,200 bit/s: sinusoids whose phases are made up. Narrow-band. */
function codec2(samples: Float32Array): Float32Array {
  const libraries = resolve(unpacked('libcodec2-1.0'), 'usr/lib/x86_64-linux-gnu');
  const lines = 'c2enc 3200 in.raw coded && c2dec 3200 coded out.raw';
  const narrow = shell(
    resample(samples, RATE, 8000),
    lines,
    resolve(unpacked('codec2'), 'usr/bin'),
    libraries,
  );
  return resample(narrow, 8000, RATE);
}

export interface Copier {
  readonly what: string;
  /** Kind of system, as `src/bench/speech.ts` names them. */
  readonly family: string;
  copy(samples: Float32Array, seed: number): Float32Array;
}

export const COPIERS: Readonly<Record<string, Copier>> = {
  mlsa: { what: 'SPTK, mel-cepstral vocoder', family: 'statistical', copy: mlsa },
  codec2: { what: 'Codec 2, sinusoidal vocoder', family: 'statistical', copy: codec2 },
  'griffin-lim': {
    what: 'mel spectrogram and Griffin-Lim',
    family: 'griffin-lim',
    copy: RESYNTHESES['copy_griffin-lim'],
  },
  lpc: { what: 'linear prediction, pulses and noise', family: 'statistical', copy: RESYNTHESES.copy_lpc },
  'harmonic-noise': {
    what: 'harmonics and noise',
    family: 'statistical',
    copy: RESYNTHESES['copy_harmonic-noise'],
  },
};
