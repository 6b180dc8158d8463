/** Analyses one clip in a process of its own and prints what that took, as JSON: so that making the clip counts nowhere. */
import { peakMemory } from '../../src/bench/peak-memory.ts';
import { openEngine } from '../../src/evidence/analyse.node.ts';

export interface ClipCost {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakMiB: number;
}

const engine = await openEngine({ threads: 2 });
const used = process.cpuUsage();
const from = performance.now();
const analysis = await engine.analyseFile(process.argv[2], { stability: false });
const seconds = (performance.now() - from) / 1000;
const { user, system } = process.cpuUsage(used);
if (analysis.outcome === 'unreadable') throw analysis.error;
const cost: ClipCost = {
  seconds,
  processorSeconds: (user + system) / 1e6,
  peakMiB: peakMemory() / (1024 * 1024),
};
console.log(JSON.stringify(cost));
process.exit(0);
