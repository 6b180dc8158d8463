/**
 * Weights of the double-compression probability (bias first, then `combInputs` in order), written by
 * recipes/jpeg-history/main.ts, which printed:
 *
 *     fitted on 1238 files, tested on 621 (229 too small or flat to say anything)
 *     tested on           | AUC    | found  | false alarms | first quality within 2, of those found
 *     all                 | 0.9486 | 86.7 % | 11.5 %       | 95.9 %
 *     rendered            | 0.9475 | 86.7 % | 10.1 %       | 92.7 %
 *     photographs         | 0.9739 | 91.7 % | 6.7 %        | 98.2 %
 *     generated, lossless | 0.9332 | 83.5 % | 17.2 %       | 100.0 %
 *     earlier < last      | 0.9878 | 96.8 % | 11.5 %       | 100.0 %
 *     earlier > last      | 0.8901 | 71.8 % | 11.5 %       | 87.6 %
 *       by 10 or more     | 0.8672 | 63.2 % | 11.5 %       | 87.5 %
 *     same quality twice: called double 12.0 % of 233
 *     cropped off the grid in between: called double 14.6 % of 233
 *     expected calibration error 0.034
 */
export const COMB_WEIGHTS: readonly number[] = [-4.8751, 1.2292, 0.7688, -0.4397, -0.1162, 0.0676, -1.0357];
