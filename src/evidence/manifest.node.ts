/** Every kind of evidence that Huoyan looks for in Node. Adding one is a folder and a line here. */
import type { Detector } from './detector.ts';

export const detectors: readonly Detector[] = [];
