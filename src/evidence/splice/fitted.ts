/** The fitted numbers of the splice detector. Written by `npx tsx recipes/splice/main.ts`; do not edit by hand. */
import type { Calibration } from './calibration.ts';

export const CALIBRATION: Calibration = {
  madeBy:
    'npx tsx recipes/splice/main.ts, seed 20, 1065 pictures to fit and 1727 to calibrate, from 21 and 10 sources of real photographs',
  windows: [
    [
      -0.38627, 0.071451, 0.048167, -1.115, 0.21194, 0.26498, -0.36438, 0.87324, 0.69979, 0.56319, 1.0093,
      0.71414, 0.14717, 0.81196, -1.3432,
    ],
    [
      -0.5064, -0.17813, 0.30384, -1.3031, 0.1527, 0.48436, -0.13556, 0.86499, 0.89452, 0.49515, 1.2254,
      0.70608, -0.085329, 0.61994, -1.4246,
    ],
    [
      -0.56793, 0.31675, 0.30235, -0.86816, 0.09286, 0.21424, 0.078693, 0.98433, 0.5161, 0.62987, 0.88578,
      0.73037, -0.086339, 0.54807, -1.5006,
    ],
  ],
  regionThreshold: 0,
  picture: [-0.045993, 0.18387, 0.26527, -0.10175, 0.12497, 0.60089, -0.29989, 1.4381],
  curve: {
    share: 0.84258,
    slope: 1.4512,
    offset: -0.16602,
  },
  redrawn: [
    {
      share: 0.86992,
      slope: 1.3311,
      offset: -0.6582,
    },
    {
      share: 0.82617,
      slope: 1.8906,
      offset: -0.5332,
    },
    {
      share: 0.95,
      slope: 1.5732,
      offset: 0.28125,
    },
    {
      share: 0.95,
      slope: 1.2842,
      offset: 0.33398,
    },
    {
      share: 0.95,
      slope: 1.3496,
      offset: 0.21484,
    },
    {
      share: 0.69961,
      slope: 3.0674,
      offset: -0.94531,
    },
    {
      share: 0.95,
      slope: 1.1689,
      offset: -0.16406,
    },
    {
      share: 0.89531,
      slope: 1.1094,
      offset: -0.15625,
    },
    {
      share: 0.95,
      slope: 1.2793,
      offset: 0.019531,
    },
    {
      share: 0.95,
      slope: 1.1113,
      offset: -0.070313,
    },
    {
      share: 0.95,
      slope: 1.2656,
      offset: -0.095703,
    },
    {
      share: 0.67266,
      slope: 1.9717,
      offset: -0.64258,
    },
    {
      share: 0.95,
      slope: 1.2314,
      offset: -0.17578,
    },
    {
      share: 0.95,
      slope: 1.2969,
      offset: 0.064453,
    },
    {
      share: 0.69336,
      slope: 2.1416,
      offset: 0.011719,
    },
    {
      share: 0.95,
      slope: 1.5674,
      offset: 0.22461,
    },
    {
      share: 0.95,
      slope: 1.2451,
      offset: -0.021484,
    },
    {
      share: 0.93281,
      slope: 1.2793,
      offset: -0.24609,
    },
    {
      share: 0.90039,
      slope: 1.1279,
      offset: -0.12109,
    },
    {
      share: 0.94453,
      slope: 1.1572,
      offset: -0.013672,
    },
    {
      share: 0.66484,
      slope: 2.2617,
      offset: -0.33594,
    },
    {
      share: 0.8,
      slope: 1.6523,
      offset: 0.27344,
    },
    {
      share: 0.95,
      slope: 1.4902,
      offset: 0.43945,
    },
    {
      share: 0.84258,
      slope: 1.2471,
      offset: -0.26563,
    },
    {
      share: 0.95,
      slope: 1.4551,
      offset: 0.37305,
    },
    {
      share: 0.66758,
      slope: 2.6855,
      offset: -0.86523,
    },
    {
      share: 0.91289,
      slope: 1.1973,
      offset: -0.36133,
    },
    {
      share: 0.95,
      slope: 1.0557,
      offset: -0.11719,
    },
    {
      share: 0.70664,
      slope: 2.3457,
      offset: -1.377,
    },
    {
      share: 0.72305,
      slope: 2.1475,
      offset: -1.1855,
    },
    {
      share: 0.8543,
      slope: 1.5889,
      offset: -0.53125,
    },
    {
      share: 0.76758,
      slope: 1.5918,
      offset: -0.55273,
    },
    {
      share: 0.80195,
      slope: 1.8398,
      offset: -0.63672,
    },
    {
      share: 0.83242,
      slope: 1.4727,
      offset: -0.46094,
    },
    {
      share: 0.7832,
      slope: 1.5596,
      offset: -0.42188,
    },
    {
      share: 0.83516,
      slope: 1.8496,
      offset: -0.95703,
    },
    {
      share: 0.82422,
      slope: 1.3906,
      offset: -0.41016,
    },
    {
      share: 0.91406,
      slope: 1.3984,
      offset: -0.066406,
    },
    {
      share: 0.79883,
      slope: 1.7637,
      offset: -0.35352,
    },
    {
      share: 0.95,
      slope: 1.3438,
      offset: 0.25391,
    },
  ],
  detectFrom: 2.663,
};
