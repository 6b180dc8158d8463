/** Time and memory of a minute of 720p, made here: a face-less moving picture, and the same work with the budget of a user. */
import { Random } from '../../src/core/random.ts';
import { openEngine } from '../../src/evidence/analyse.node.ts';
import { encodeClip, type TimedPicture } from '../../src/media/video/encode.node.ts';

const [WIDTH, HEIGHT, RATE] = [1280, 720, 25];

/** Smooth texture that drifts, with a little noise, so that the coder has something to do. */
function* drifting(seconds: number): Generator<TimedPicture> {
  const random = new Random(3);
  const noise = Uint8Array.from({ length: 1 << 16 }, () => random.below(8));
  for (let frame = 0; frame < seconds * RATE; frame++) {
    const data = new Uint8Array(WIDTH * HEIGHT * 3);
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      const row = 90 + 60 * Math.sin((y + frame) / 37);
      for (let x = 0; x < WIDTH; x++, i += 3) {
        const v = row + 40 * Math.sin((x - 2 * frame) / 53) + noise[(x * 31 + y * 17 + frame * 7) & 0xffff];
        data[i] = v;
        data[i + 1] = v + 10;
        data[i + 2] = 200 - v / 2;
      }
    }
    yield { pixels: { width: WIDTH, height: HEIGHT, data }, seconds: 1 / RATE };
  }
}

export async function costTable(): Promise<string> {
  const lines = [
    '## Cost',
    '',
    'One analysis in one process, pictures made at run time, no face in them.',
    '',
    '| clip | seconds of analysis | seconds of processor time | peak memory, MiB | goal |',
    '| --- | --- | --- | --- | --- |',
  ];
  const engine = await openEngine({ threads: 2 });
  const bytes = await encodeClip(drifting(60), { bitRate: 2_500_000 });
  const used = process.cpuUsage();
  const from = performance.now();
  const analysis = await engine.analyseBytes(bytes, 'minute.mp4', { stability: false });
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(used);
  if (analysis.outcome === 'unreadable') throw analysis.error;
  const peak = process.resourceUsage().maxRSS / 1024;
  lines.push(
    `| 60 s of 720p, default budget | ${seconds.toFixed(1)} | ${((user + system) / 1e6).toFixed(1)} | ${peak.toFixed(0)} | 30 s, 1024 MiB |`,
  );
  await engine.close();
  return `${lines.join('\n')}\n`;
}
