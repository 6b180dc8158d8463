/** What a decision of the gate takes in a process like the service's workers, held to one core. */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { WORKER_FLAGS } from '../../src/processes/pool.ts';

/** The sentence about it. Throws where there is no taskset (util-linux). */
export function latency(): string {
  const program = fileURLToPath(new URL('one.ts', import.meta.url));
  const node = [process.execPath, ...WORKER_FLAGS, '--import', import.meta.resolve('tsx'), program];
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', '0', ...node], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the decision could not be timed (taskset of util-linux): ${stderr}`);
  const { clock, processor } = JSON.parse(stdout) as { readonly clock: number; readonly processor: number };
  return `One decision on a 720 by 1280 JPEG, in a process as the service starts it and held to one core, warm: median ${clock.toFixed(0)} ms by the clock, ${processor.toFixed(0)} ms of processor time, at a load of ${loadavg()[0].toFixed(1)} (goal 150 ms).`;
}
