/** The fitted numbers of the splice detector. Written by `npx tsx recipes/splice/main.ts`; do not edit by hand. */
import type { Calibration } from './calibration.ts';

export const CALIBRATION: Calibration = {
  madeBy:
    'npx tsx recipes/splice/main.ts, seed 20, 1917 pictures to fit and 1727 to calibrate, from 21 and 10 sources of real photographs',
  windows: [
    [
      -1.0316, 0.48805, 0.30546, -1.2683, -0.76162, 0.047918, -0.21025, 1.1492, 0.20063, 0.60649, 1.1238,
      0.88668, 0.33883, 0.89756, -1.2489,
    ],
    [
      -0.97352, 0.48969, 0.63298, -1.3512, -0.72167, -0.036597, -0.043182, 0.98859, 0.17389, 0.59187, 1.308,
      0.87223, 0.30882, 0.69417, -1.3981,
    ],
    [
      -0.87113, 0.56702, 0.75577, -1.1811, -0.56933, -0.36931, 0.18473, 0.7478, -0.092523, 0.5971, 1.1885,
      0.87572, 0.40722, 0.56384, -1.3322,
    ],
  ],
  regionThreshold: 0,
  picture: [-0.06454, 0.297, 0.188, 0.0094522, -1.4751, 0.60339, -0.45297, 0.82419],
  curve: {
    share: 0.84805,
    slope: 1.2734,
    offset: -0.19531,
  },
  redrawn: [
    {
      share: 0.94141,
      slope: 1.0146,
      offset: -0.51953,
    },
    {
      share: 0.82773,
      slope: 1.7402,
      offset: -0.58008,
    },
    {
      share: 0.84648,
      slope: 1.6768,
      offset: 0.29688,
    },
    {
      share: 0.78359,
      slope: 1.5449,
      offset: 0.36523,
    },
    {
      share: 0.95,
      slope: 1.1318,
      offset: 0.1875,
    },
    {
      share: 0.75469,
      slope: 2.6016,
      offset: -0.55469,
    },
    {
      share: 0.91836,
      slope: 1.0313,
      offset: -0.23438,
    },
    {
      share: 0.86914,
      slope: 0.96289,
      offset: -0.25977,
    },
    {
      share: 0.95,
      slope: 1.1484,
      offset: -0.023438,
    },
    {
      share: 0.93047,
      slope: 0.93262,
      offset: -0.16992,
    },
    {
      share: 0.9375,
      slope: 1.0869,
      offset: -0.066406,
    },
    {
      share: 0.71719,
      slope: 1.6006,
      offset: -0.53516,
    },
    {
      share: 0.95,
      slope: 1.0205,
      offset: -0.28125,
    },
    {
      share: 0.94727,
      slope: 1.1309,
      offset: -0.0078125,
    },
    {
      share: 0.88438,
      slope: 1.5869,
      offset: 0.21094,
    },
    {
      share: 0.81367,
      slope: 1.7979,
      offset: 0.16797,
    },
    {
      share: 0.93242,
      slope: 1.1895,
      offset: -0.058594,
    },
    {
      share: 0.87617,
      slope: 1.1602,
      offset: -0.39258,
    },
    {
      share: 0.83789,
      slope: 1.0107,
      offset: -0.23438,
    },
    {
      share: 0.9125,
      slope: 1.0703,
      offset: 0.019531,
    },
    {
      share: 0.64453,
      slope: 2.7246,
      offset: -0.36133,
    },
    {
      share: 0.70508,
      slope: 1.9229,
      offset: 0.20313,
    },
    {
      share: 0.83867,
      slope: 1.7061,
      offset: 0.63477,
    },
    {
      share: 0.79961,
      slope: 1.1123,
      offset: -0.33203,
    },
    {
      share: 0.825,
      slope: 1.5293,
      offset: 0.375,
    },
    {
      share: 0.70313,
      slope: 2.8887,
      offset: -0.62695,
    },
    {
      share: 0.84336,
      slope: 1.1123,
      offset: -0.56055,
    },
    {
      share: 0.95,
      slope: 0.82227,
      offset: -0.17773,
    },
    {
      share: 0.78281,
      slope: 1.5645,
      offset: -0.92188,
    },
    {
      share: 0.72969,
      slope: 1.7207,
      offset: -1.2422,
    },
    {
      share: 0.84375,
      slope: 1.3828,
      offset: -0.6875,
    },
    {
      share: 0.78867,
      slope: 1.3418,
      offset: -0.63086,
    },
    {
      share: 0.83438,
      slope: 1.5352,
      offset: -0.55469,
    },
    {
      share: 0.82031,
      slope: 1.292,
      offset: -0.58008,
    },
    {
      share: 0.84336,
      slope: 1.2686,
      offset: -0.29688,
    },
    {
      share: 0.85938,
      slope: 1.5039,
      offset: -0.95508,
    },
    {
      share: 0.87812,
      slope: 1.1514,
      offset: -0.41602,
    },
    {
      share: 0.84492,
      slope: 1.3428,
      offset: -0.16797,
    },
    {
      share: 0.81563,
      slope: 1.542,
      offset: -0.43164,
    },
    {
      share: 0.95,
      slope: 1.1172,
      offset: 0.17383,
    },
  ],
  detectFrom: 3.211,
};
