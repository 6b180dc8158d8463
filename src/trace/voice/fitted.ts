/** Written by `npm run recipe:voice -- attribution`; not to be edited. docs/measured/voice.md says on what. */
import type { Calibration, PairCalibration } from '../calibration.ts';

export const VOICES: Calibration & { readonly pair: PairCalibration } = {
  sharpness: 14.000,
  unknown: 5.641,
  photographBias: 2.484,
  pair: { slope: 2.313, offset: -0.445 },
};
