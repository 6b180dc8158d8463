/** Written by recipes/synthesis/calibrate.ts; not to be edited. */
import type { Calibration } from './calibration.ts';

export const CALIBRATION: Calibration = { madeBy: '', slope: 1, offset: 0, redrawn: [], unrest: 1, authentic: [] };
