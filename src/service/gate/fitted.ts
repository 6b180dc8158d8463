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
  { asked: 0.001, llr: 2.705, rate: 0.00000, interval: [0.00000, 0.00450] },
  { asked: 0.005, llr: 2.425, rate: 0.00471, interval: [0.00000, 0.01205] },
  { asked: 0.01, llr: 2.282, rate: 0.00942, interval: [0.00221, 0.01978] },
  { asked: 0.02, llr: 1.733, rate: 0.01885, interval: [0.00763, 0.03406] },
  { asked: 0.05, llr: 0.932, rate: 0.04947, interval: [0.02694, 0.07843] },
  { asked: 0.1, llr: 0.583, rate: 0.09776, interval: [0.06603, 0.13447] },
];

export const MEASURED_ON: Text = {
  en: '849 looks at real photographs of 50 sources that the network was not trained on',
  zh: '在网络未训练过的 50 个来源的真实照片上测量，共 849 次检验',
};
