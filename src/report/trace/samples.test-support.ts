/** Traces for the tests of this folder, one for each thing that can become of a picture; invented by code. */
import { HuoyanError } from '../../core/errors.ts';
import type { Attribution, FingerprintView, Trace, Traced } from '../../core/trace.ts';
import { TINY_JPEG } from '../samples.test-support.ts';

/** A checkered residual with a spectrum that has one peak off the axes. */
export function sampleFingerprint(side = 24): FingerprintView {
  const data = new Uint8ClampedArray(side * side * 3);
  for (let i = 0; i < side * side; i++) data.fill(((i * 37) % 200) + 28, i * 3, i * 3 + 3);
  const spectrum = Float64Array.from({ length: 1024 }, (_, i) => 1e-3 * (1 + (i % 32)));
  spectrum[8 * 32 + 8] = 1;
  return { residual: { width: side, height: side, data }, spectrum };
}

export function sampleAttribution(
  generators: readonly (readonly [name: string, probability: number])[],
  photograph: number,
  unknown: number,
): Attribution {
  return {
    generators: generators.map(([generator, probability], i) => ({
      generator,
      origin: i % 3 === 1 ? 'enrolled' : 'known',
      probability,
      similarity: probability / 2,
    })),
    photograph,
    unknown,
  };
}

export function tracedSample(more: Partial<Traced> = {}): Traced {
  return {
    outcome: 'traced',
    file: 'inbox/portrait-of-a-minister.png',
    sha256: 'ab'.repeat(32),
    width: 1024,
    height: 768,
    attribution: sampleAttribution(
      [
        ['stylegan3_ffhqu256', 0.81],
        ['our-newsroom-model', 0.05],
        ['biggan256', 0.03],
        ['dit_xl2_256', 0.02],
        ['musev', 0.01],
      ],
      0.02,
      0.06,
    ),
    neighbours: [
      { file: 'inbox/second.png', similarity: 0.913, llr: 4.2 },
      { file: '收件箱/第三张.png', similarity: 0.5, llr: 0.2 },
    ],
    fingerprint: sampleFingerprint(),
    preview: TINY_JPEG,
    elapsedMs: 84.25,
    ...more,
  };
}

/** One of every kind of answer; the first two name each other as neighbours. */
export function allTraces(): Trace[] {
  const second = tracedSample({
    file: 'inbox/second.png',
    neighbours: [{ file: 'inbox/portrait-of-a-minister.png', similarity: 0.913, llr: 4.2 }],
  });
  return [
    tracedSample(),
    second,
    tracedSample({
      file: '2024-03 Straßenfest/DSC_0042.JPG',
      attribution: sampleAttribution([['biggan256', 0.02]], 0.95, 0.03),
      neighbours: [],
    }),
    tracedSample({
      file: '收件箱/来源不明的图片.webp',
      attribution: sampleAttribution([['biggan256', 0.1]], 0.12, 0.78),
      neighbours: [],
    }),
    tracedSample({
      file: 'unclear.png',
      attribution: sampleAttribution(
        [
          ['biggan256', 0.4],
          ['musev', 0.1],
        ],
        0.3,
        0.2,
      ),
      neighbours: [],
    }),
    {
      outcome: 'notApplicable',
      file: 'icon.png',
      sha256: 'cd'.repeat(32),
      width: 64,
      height: 48,
      reason: 'too-small',
      limit: 96,
      elapsedMs: 3,
    },
    {
      outcome: 'unreadable',
      file: 'inbox/broken.jpg',
      error: new HuoyanError(
        'corrupt',
        { en: 'the picture data ends too early', zh: '图像数据提前结束' },
        { en: 'ask the sender to send it again', zh: '请让发送者重新发送该文件' },
      ),
      elapsedMs: 1,
    },
  ];
}
