/**
 * One training step and one inference pass of a FEN-like network, ours beside PyTorch on the same machine, taking turns
 * so that a busy moment hits both. `npm run bench:nn [-- --rounds 7 --batch 128 --threads 2]`. PyTorch comes from
 * Debian's `python3-torch`; without it only our side is measured.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../src/core/random.ts';
import { exportInference } from '../../src/nn/index.ts';
import { nodeRuntime } from '../../src/nn/runtime.node.ts';
import { Trainer } from '../../src/nn/trainer.node.ts';
import { CHANNELS, fen, fenTraining, INPUT, STRIDES } from './fen.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    batch: { type: 'string', default: '128' },
    threads: { type: 'string', default: '2' },
    /** Stop after so many seconds (but not before three rounds). */
    limit: { type: 'string', default: '240' },
    python: { type: 'string' },
  },
});
const [rounds, batch, threads, limitS] = [values.rounds, values.batch, values.threads, values.limit].map(
  Number,
);

type Work = 'train' | 'infer';

/** Seconds of one piece of work: by the clock, and of processor time, which a busy machine disturbs less. */
type Cost = readonly [wall: number, cpu: number];

/** The other side, or why it is absent. */
interface Rival {
  once(work: Work): Promise<Cost>;
  close(): void;
}

async function torch(): Promise<Rival | string> {
  // Debian's package belongs to /usr/bin/python3; another python3 may stand before it in PATH.
  const candidates = values.python ? [values.python] : ['/usr/bin/python3', 'python3'];
  const python = candidates.find(
    (c) => spawnSync(c, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0,
  );
  if (!python)
    return `PyTorch is absent (no "import torch" in ${candidates.join(', ')}): apt-get install python3-torch`;
  const script = fileURLToPath(new URL('./pytorch_side.py', import.meta.url));
  const child = spawn(python, [script, String(batch), '1', String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  if (ready.done) return 'the PyTorch side ended before it was ready';
  return {
    async once(work) {
      child.stdin.write(`${work}\n`);
      const line = await lines.next();
      if (line.done) throw new Error('the PyTorch side ended early');
      return (JSON.parse(line.value) as Cost[])[0];
    },
    close: () => child.stdin.end('quit\n'),
  };
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.round(q * (sorted.length - 1)))];
}

/** Images a second: median and the spread between quartiles. */
function rates(costs: readonly Cost[], which: 0 | 1): { median: number; low: number; high: number } {
  const sorted = costs.map((c) => batch / c[which]).sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

const random = new Random(1);
const x = Float32Array.from({ length: batch * INPUT[0] * INPUT[1] * INPUT[2] }, () => random.normal());
const y = Float32Array.from({ length: batch }, () => random.below(2));
const trainer = await Trainer.create(fenTraining(batch), { threads, progress: null });
const session = await (await nodeRuntime()).load(exportInference(fen, trainer.weights()), { threads });
const picture = { x: { dims: [batch, ...INPUT], data: x } };

async function ours(work: Work): Promise<Cost> {
  const start = performance.now();
  const before = process.cpuUsage();
  if (work === 'train') await trainer.train({ x, y });
  else await session.run(picture);
  const { user, system } = process.cpuUsage(before);
  return [(performance.now() - start) / 1000, (user + system) / 1e6];
}

const rival = await torch();
const times: Record<Work, { ours: Cost[]; torch: Cost[] }> = {
  train: { ours: [], torch: [] },
  infer: { ours: [], torch: [] },
};
const started = performance.now();
let done = 0;
for (let round = -1; round < rounds; round++) {
  if (done > 2 && performance.now() - started > limitS * 1000) break;
  done = round + 1;
  for (const work of ['train', 'infer'] as const) {
    const mine = await ours(work);
    const theirs = typeof rival === 'string' ? ([Number.NaN, Number.NaN] as const) : await rival.once(work);
    // The first round warms both up.
    if (round < 0) continue;
    times[work].ours.push(mine);
    times[work].torch.push(theirs);
  }
}
if (typeof rival !== 'string') rival.close();
await trainer.release();
await session.release();

const net = CHANNELS.map((c, i) => `${c}${STRIDES[i] > 1 ? `/${STRIDES[i]}` : ''}`).join(' ');
console.log(`3x3 convolutions ${net}, batch norm, ReLU, pooled; ${INPUT.join('x')}; float32`);
console.log(
  `batch ${batch}, threads ${threads}, n = ${done} rounds, sides taking turns; median (quartiles) images\n`,
);
console.log('| work | per | huoyan | PyTorch | ratio of medians |');
console.log('|---|---|---|---|---|');
for (const work of ['train', 'infer'] as const) {
  for (const which of [0, 1] as const) {
    const mine = rates(times[work].ours, which);
    const cell = (r: typeof mine) => `${r.median.toFixed(0)} (${r.low.toFixed(0)}–${r.high.toFixed(0)})`;
    const name = work === 'train' ? 'training step (Adam)' : 'inference';
    const per = which === 0 ? 'second' : 'CPU second';
    const theirs = rates(times[work].torch, which);
    const absent = typeof rival === 'string';
    const beside = absent ? '– | –' : `${cell(theirs)} | ${(mine.median / theirs.median).toFixed(2)}`;
    console.log(`| ${name} | ${per} | ${cell(mine)} | ${beside} |`);
  }
}
if (typeof rival === 'string') console.log(`\n${rival}`);
