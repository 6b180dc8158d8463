/** Every kind of evidence that Huoyan looks for in Node. Adding one is a folder and a line here. */
import type { AnyDetector } from './detector.ts';
import { enrolled } from './enrolled/detector.node.ts';
import { provenance } from './provenance/provenance.node.ts';
import { spliceDetector } from './splice/detector.ts';
import { synthesis } from './synthesis/detector.ts';

export const detectors: readonly AnyDetector[] = [provenance, synthesis, enrolled, spliceDetector];
