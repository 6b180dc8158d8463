/** Printed by `npm run bench:gate -- --fit`; see docs/measured/gate.md. */
import type { Text } from '../../core/text.ts';

export interface FalseReject {
  /** The share that was asked for. */
  readonly asked: number;
  /** Weight of evidence (natural logarithm) from which a picture is turned away. */
  readonly llr: number;
  /** Share of real photographs at or above it. */
  readonly rate: number;
  /** 95 % interval of that share, over sources. */
  readonly interval: readonly [number, number];
}

export const FALSE_REJECTS: readonly FalseReject[] = [
  { asked: 0.001, llr: 2.664, rate: 0.00000, interval: [0.00000, 0.00450] },
  { asked: 0.005, llr: 2.439, rate: 0.00471, interval: [0.00000, 0.01205] },
  { asked: 0.01, llr: 2.32, rate: 0.00942, interval: [0.00224, 0.02008] },
  { asked: 0.02, llr: 1.624, rate: 0.01885, interval: [0.00765, 0.03499] },
  { asked: 0.05, llr: 0.964, rate: 0.04947, interval: [0.02542, 0.08171] },
  { asked: 0.1, llr: 0.462, rate: 0.09894, interval: [0.06588, 0.13895] },
];

export const MEASURED_ON: Text = {
  en: '849 looks at real photographs of 50 sources that the network was not trained on',
  zh: '在网络未训练过的 50 个来源的真实照片上测量，共 849 次检验',
};
