/** Is there anything to hear beyond a telephone's band? */
import { PowerFrames } from '../stft.ts';
import type { Activity } from './activity.ts';

const RATE = 16_000;

/** At 16 kHz. */
interface Heard {
  readonly samples: Float32Array;
  readonly activity: Activity;
}

/** Share of the energy of voiced speech above 4 kHz below which there is taken to be nothing, in decibels. */
const EMPTY_DB = -52;

/** Can nothing be heard above 4 kHz, where somebody speaks? */
export function isNarrow(window: Heard): boolean {
  return highBandDb(window) < EMPTY_DB;
}

/** Energy above 4.2 kHz against that of 300 to 3,400 Hz, where somebody speaks, in decibels. */
function highBandDb({ samples, activity }: Heard): number {
  const size = 512;
  const stft = new PowerFrames(size);
  const power = new Float32Array(stft.bins);
  const bin = (hz: number) => Math.round((hz * size) / RATE);
  let low = 1e-12;
  let high = 1e-15;
  for (let at = 0; at + size <= samples.length; at += size) {
    if (!activity.active[Math.floor((at + size / 2) / 160)]) continue;
    stft.frame(samples, at, power);
    for (let k = bin(300); k < bin(3400); k++) low += power[k];
    for (let k = bin(4200); k < bin(7600); k++) high += power[k];
  }
  return 10 * Math.log10(high / low);
}
