/** Every kind of evidence that Huoyan looks for in Node. Adding one is a folder and a line here. */
import { codec } from './codec/detector.ts';
import type { AnyDetector } from './detector.ts';
import { enrolled } from './enrolled/detector.node.ts';
import { faceswap } from './faceswap/detector.node.ts';
import { generated } from './generated/detector.node.ts';
import { lipsync } from './lipsync/detector.node.ts';
import { provenance } from './provenance/provenance.node.ts';
import { pulse } from './pulse/detector.node.ts';
import { spliceDetector } from './splice/detector.ts';
import { synthesis } from './synthesis/detector.ts';
import { temporal } from './temporal/detector.node.ts';
import { voice } from './voice/detector.ts';

export const detectors: readonly AnyDetector[] = [
  provenance,
  synthesis,
  enrolled,
  spliceDetector,
  faceswap,
  voice,
  generated,
  temporal,
  pulse,
  lipsync,
  codec,
];
