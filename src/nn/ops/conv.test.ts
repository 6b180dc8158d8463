import { describe, expect, it } from 'vitest';
import { conv2d } from './conv.ts';
import type { ConvShape } from './conv-plan.ts';
import { runMenu } from './menu.node.ts';
import { conv } from './reference/conv.ts';

const cases: [string, number[], number[], ConvShape][] = [
  ['3x3', [2, 3, 6, 5], [4, 3, 3, 3], {}],
  ['1x1', [2, 5, 4, 4], [3, 5, 1, 1], {}],
  ['5x5', [2, 2, 7, 6], [3, 2, 5, 5], {}],
  ['3x3 without padding', [2, 3, 6, 7], [4, 3, 3, 3], { pad: 0 }],
  ['3x3 with more padding', [2, 3, 5, 5], [4, 3, 3, 3], { pad: 2 }],
  ['stride 2, even', [2, 3, 6, 8], [4, 3, 3, 3], { stride: 2 }],
  ['stride 2, odd', [2, 3, 7, 5], [4, 3, 3, 3], { stride: 2 }],
  ['stride 2, 1x1', [2, 3, 6, 6], [4, 3, 1, 1], { stride: 2 }],
  ['stride 2, 4x4 patches', [2, 3, 8, 8], [4, 3, 4, 4], { stride: 4, pad: 0 }],
  ['stride 3, last row unreached', [2, 2, 9, 8], [3, 2, 3, 3], { stride: 3, pad: 0 }],
  ['dilation 2', [2, 3, 7, 6], [4, 3, 3, 3], { dilation: 2 }],
  ['dilation 2, stride 2', [2, 3, 8, 8], [2, 3, 3, 3], { dilation: 2, stride: 2 }],
  ['small picture, many channels', [2, 8, 2, 2], [8, 8, 3, 3], {}],
  ['small picture, stride 2', [2, 8, 4, 3], [8, 8, 3, 3], { stride: 2 }],
  ['few channels in', [2, 1, 6, 6], [6, 1, 3, 3], {}],
  ['7x7 stride 2', [2, 2, 9, 8], [2, 2, 7, 7], { stride: 2 }],
  ['1x5', [2, 2, 4, 9], [2, 2, 1, 5], { pad: 0 }],
  ['two groups', [2, 4, 5, 6], [6, 2, 3, 3], { groups: 2 }],
  ['depthwise', [2, 4, 6, 5], [4, 1, 3, 3], { groups: 4 }],
  ['depthwise 5x5 stride 2', [2, 3, 8, 7], [3, 1, 5, 5], { groups: 3, stride: 2 }],
  ['depthwise stride 2 without padding', [2, 3, 8, 8], [3, 1, 3, 3], { groups: 3, stride: 2, pad: 0 }],
  ['depthwise dilation 2', [2, 3, 8, 7], [3, 1, 3, 3], { groups: 3, dilation: 2 }],
  ['depthwise with multiplier', [2, 3, 5, 5], [6, 1, 3, 3], { groups: 3 }],
  ['tall kernel', [2, 3, 6, 6], [4, 3, 3, 1], { pad: 0 }],
];

describe('conv2d', () => {
  it.each(cases)('%s', async (name, x, w, options) => {
    const result = await runMenu({
      name,
      shapes: [x, w, [w[0]]],
      build: (g, [a, b, c]) => conv2d(g, a, b, c, options),
      reference: (a, b, c) => conv(a, b, c, options),
    });
    expect(result.forwardError).toBeLessThan(1e-5);
    for (const error of result.gradientErrors) expect(error).toBeLessThan(1e-5);
  });
});
