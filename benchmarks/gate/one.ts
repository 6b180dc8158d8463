/**
 * One decision of the gate, over and over, on a 720p picture with noise and edges in it: prints the median milliseconds
 * by the clock and of processor time as JSON. `latency.ts` starts it as a worker of the service is started.
 */
import { Random } from '../../src/core/random.ts';
import { openEngine } from '../../src/evidence/analyse.node.ts';
import { encodeJpeg } from '../../src/media/index.node.ts';

const [WIDTH, HEIGHT] = [720, 1280];
const ROUNDS = 45;
const WARM_UP = 5;

const random = new Random(7);
const data = new Uint8Array(WIDTH * HEIGHT * 3);
for (let i = 0; i < data.length; i++) {
  const x = Math.floor(i / 3) % WIDTH;
  const y = Math.floor(i / 3 / WIDTH);
  data[i] = Math.max(
    0,
    Math.min(255, 120 + 60 * Math.sin(x / 37) + 50 * Math.cos(y / 51) + 6 * random.normal()),
  );
}
const bytes = await encodeJpeg({ width: WIDTH, height: HEIGHT, data }, { quality: 88 });
const engine = await openEngine({ threads: 1 });
const clock: number[] = [];
const processor: number[] = [];
for (let i = 0; i < ROUNDS + WARM_UP; i++) {
  const [from, used] = [performance.now(), process.cpuUsage()];
  await engine.analyseBytes(bytes, 'selfie.jpg', { stability: false });
  const { user, system } = process.cpuUsage(used);
  clock.push(performance.now() - from);
  processor.push((user + system) / 1000);
}
await engine.close();
const median = (times: number[]) => times.slice(WARM_UP).sort((a, b) => a - b)[ROUNDS >> 1];
console.log(JSON.stringify({ clock: median(clock), processor: median(processor) }));
process.exit(0);
