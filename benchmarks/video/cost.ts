/** Time and memory of a minute of 720p and of an hour, made here: a face-less moving picture, with the budget of a user. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Random } from '../../src/core/random.ts';
import { encodeClip, type TimedPicture } from '../../src/media/video/encode.node.ts';
import type { ClipCost } from './one-clip.ts';

interface Clip {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly seconds: number;
  readonly goal: string;
}

const CLIPS: readonly Clip[] = [
  {
    ...{ name: '60 s of 1280x720, 25 frames a second', width: 1280, height: 720 },
    ...{ framesPerSecond: 25, seconds: 60, goal: '30 s, 1024 MiB' },
  },
  {
    ...{ name: 'an hour of 256x144, 10 frames a second', width: 256, height: 144 },
    ...{ framesPerSecond: 10, seconds: 3600, goal: '1024 MiB' },
  },
];

/** Smooth texture that drifts, with a little noise, so that the coder has something to do. */
function* drifting({ width, height, framesPerSecond, seconds }: Clip): Generator<TimedPicture> {
  const random = new Random(3);
  const noise = Uint8Array.from({ length: 1 << 16 }, () => random.below(8));
  for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
    const data = new Uint8Array(width * height * 3);
    const columns = Float32Array.from({ length: width }, (_, x) => 40 * Math.sin((x - 2 * frame) / 53));
    for (let y = 0, i = 0; y < height; y++) {
      const row = 90 + 60 * Math.sin((y + frame) / 37);
      for (let x = 0; x < width; x++, i += 3) {
        const v = row + columns[x] + noise[(x * 31 + y * 17 + frame * 7) & 0xffff];
        data[i] = v;
        data[i + 1] = v + 10;
        data[i + 2] = 200 - v / 2;
      }
    }
    yield { pixels: { width, height, data }, seconds: 1 / framesPerSecond };
  }
}

async function costOf(path: string): Promise<ClipCost> {
  const script = fileURLToPath(new URL('one-clip.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, path]);
  return JSON.parse(stdout) as ClipCost;
}

export async function costTable(): Promise<string> {
  const lines = [
    '## Cost',
    '',
    'One analysis in one process of its own, two threads, the default budget; pictures made at run time, no face in them.',
    '',
    '| clip | seconds of analysis | seconds of processor time | peak memory, MiB | goal |',
    '| --- | --- | --- | --- | --- |',
  ];
  const folder = await mkdtemp(join(tmpdir(), 'huoyan-clips-'));
  try {
    for (const clip of CLIPS) {
      const path = join(folder, 'clip.mp4');
      await writeFile(path, await encodeClip(drifting(clip), { bitRate: 2_500_000 }));
      const { seconds, processorSeconds, peakMiB } = await costOf(path);
      lines.push(
        `| ${clip.name} | ${seconds.toFixed(1)} | ${processorSeconds.toFixed(1)} | ${peakMiB.toFixed(0)} | ${clip.goal} |`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return `${lines.join('\n')}\n`;
}
