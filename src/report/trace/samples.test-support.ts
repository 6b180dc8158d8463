/** Traces for the tests of this folder, one for each thing that can become of a picture; invented by code. */
import {
  CONTINUOUS,
  type ConstructionEstimate,
  type Interval,
  LOSS_BITS,
  type LossBit,
} from '../../core/construction.ts';
import { HuoyanError } from '../../core/errors.ts';
import type { Attribution, FingerprintView, Trace, TracedPicture, TracedSound } from '../../core/trace.ts';
import { TINY_JPEG } from '../samples.test-support.ts';

/** A pattern with a spectrum that has one peak off the axes. */
export function sampleFingerprint(side = 24): FingerprintView {
  const data = new Uint8ClampedArray(side * side * 3);
  for (let i = 0; i < side * side; i++) data.fill(((i * 37) % 200) + 28, i * 3, i * 3 + 3);
  const spectrum = Float64Array.from({ length: 1024 }, (_, i) => 1e-3 * (1 + (i % 32)));
  spectrum[8 * 32 + 8] = 1;
  return { pattern: { width: side, height: side, data }, spectrum };
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

const interval = (value: number, lo: number, hi: number): Interval => ({ value, lo, hi });

/** A convolutional generator with learned up-sampling; some of it clear, some not. */
export function sampleConstruction(more: Partial<ConstructionEstimate> = {}): ConstructionEstimate {
  return {
    continuous: {
      layers: interval(12.34, 6.1, 18.9),
      convolutionalLayers: interval(6.2, 3.8, 9.1),
      fullyConnectedLayers: interval(0.9, 0, 2.3),
      poolingLayers: interval(0.1, 0, 1.4),
      normalisationLayers: interval(4.7, 1.2, 8),
      filters: interval(412.77, 180.2, 690.4),
      blocks: interval(3.4, 0.6, 6.8),
      layersPerBlock: interval(2.4, 0.9, 4.2),
      parameters: interval(166_432.6, 98_211.2, 241_889.9),
    },
    discrete: {
      normalisation: [0.71, 0.12, 0.1, 0.07],
      lastActivation: [0.06, 0.55, 0.09, 0.3],
      activation: [0.05, 0.63, 0.27, 0.05],
      upsampling: [0.08, 0.92],
      skip: [0.58, 0.42],
      downsampling: [0.66, 0.34],
    },
    losses: {
      l1: 0.22,
      l2: 0.04,
      mse: 0.13,
      mmd: 0.01,
      adversarial: 0.64,
      wgan: 0.08,
      kl: 0.02,
      hinge: 0.05,
      'least-squares': 0.11,
      'cross-entropy': 0.61,
    },
    nearest: [
      { name: 'gan-bce-dcgan', similarity: 0.8312 },
      { name: 'gan-least-squares-dcgan', similarity: 0.7904 },
      { name: 'shallow-007', similarity: 0.612 },
      { name: 'face-swap-shared-encoder', similarity: 0.55 },
      { name: 'vae-beta', similarity: 0.487 },
    ],
    ...more,
  };
}

/** One in which every number is the same, as far as it can be a cosine. */
export function constructionOf(value: number): ConstructionEstimate {
  const { discrete, nearest } = sampleConstruction();
  const all = Object.entries(discrete).map(([name, shares]) => [name, shares.map(() => value)]);
  return {
    continuous: Object.fromEntries(
      CONTINUOUS.map((name) => [name, interval(value, value, value)]),
    ) as ConstructionEstimate['continuous'],
    discrete: Object.fromEntries(all) as ConstructionEstimate['discrete'],
    losses: Object.fromEntries(LOSS_BITS.map((bit) => [bit, value])) as Record<LossBit, number>,
    nearest: nearest.map(({ name }) => ({ name, similarity: Math.max(-1, Math.min(1, value)) })),
  };
}

export function tracedSample(more: Partial<TracedPicture> = {}): TracedPicture {
  return {
    outcome: 'traced',
    kind: 'image',
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

export function tracedSoundSample(more: Partial<TracedSound> = {}): TracedSound {
  return {
    outcome: 'traced',
    kind: 'audio',
    file: 'inbox/call.wav',
    sha256: 'ef'.repeat(32),
    heard: { duration: 12.34, speechSeconds: 8.76, band: 'narrow' },
    attribution: sampleAttribution([['hifigan_v1', 0.3]], 0.6, 0.1),
    neighbours: [],
    elapsedMs: 40,
    ...more,
  };
}

/** One of every kind of answer; the first two name each other as neighbours. */
export function allTraces(): Trace[] {
  const second = tracedSample({
    file: 'inbox/second.png',
    neighbours: [{ file: 'inbox/portrait-of-a-minister.png', similarity: 0.913, llr: 4.2 }],
    construction: sampleConstruction(),
  });
  return [
    tracedSample(),
    second,
    tracedSample({
      file: '2024-03 Straßenfest/DSC_0042.JPG',
      attribution: sampleAttribution([['biggan256', 0.02]], 0.95, 0.03),
      neighbours: [],
      construction: sampleConstruction(),
    }),
    tracedSample({
      file: '收件箱/来源不明的图片.webp',
      attribution: sampleAttribution([['biggan256', 0.1]], 0.12, 0.78),
      neighbours: [],
      construction: sampleConstruction(),
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
      kind: 'image',
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
    tracedSoundSample(),
    {
      outcome: 'notApplicable',
      kind: 'audio',
      file: 'rain.mp3',
      sha256: '01'.repeat(32),
      duration: 30.004,
      speechSeconds: 0,
      reason: 'no-speech',
      limit: 0.5,
      elapsedMs: 2,
    },
  ];
}
