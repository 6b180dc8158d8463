/**
 * Analyses for the tests of this room, one for each thing that can become of a file. Made by code and invented: the
 * figures in them measure nothing.
 */
import type { AnalysedImage, Analysis, UnreadableFile } from '../core/analysis.ts';
import { HuoyanError } from '../core/errors.ts';
import type { Evidence, EvidenceMap } from '../core/evidence.ts';
import type { ContainerFacts } from '../core/media.ts';
import type { Verdict } from '../core/verdict.ts';

/** A grey JPEG of 16 x 12 pixels. */
export const TINY_JPEG = Uint8Array.from(
  atob(
    '/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAMABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AIgGC//Z',
  ),
  (c) => c.charCodeAt(0),
);

/** A smooth map with bumps at `peaks` (0..1 coordinates) that abstains in its lower left corner. */
export function sampleMap(
  width: number,
  height: number,
  peaks: readonly [number, number, number][],
): EvidenceMap {
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let value = 0.12;
      for (const [px, py, spread] of peaks) {
        const d2 = ((x + 0.5) / width - px) ** 2 + ((y + 0.5) / height - py) ** 2;
        value += 0.8 * Math.exp(-d2 / (2 * spread * spread));
      }
      const abstains = x / width < 0.25 && y / height > 0.72;
      data[y * width + x] = abstains ? Number.NaN : Math.min(1, value);
    }
  }
  return {
    width,
    height,
    data,
    meaning: { en: 'how strongly a place looks generated', zh: '该处看起来像生成内容的程度' },
  };
}

export function sampleContainer(more: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    format: 'jpeg',
    mime: 'image/jpeg',
    bytes: 412_803,
    width: 1600,
    height: 1200,
    orientation: 1,
    frames: 1,
    bitDepth: 8,
    channels: 3,
    colourSpace: 'sRGB',
    hasAlpha: false,
    segments: [
      { type: 'SOI', offset: 0, length: 2 },
      { type: 'APP1:Exif', offset: 2, length: 8_204 },
      { type: 'DQT', offset: 8_206, length: 134 },
      { type: 'SOS', offset: 8_800, length: 404_001 },
    ],
    text: [],
    xmp: [],
    trailingBytes: 0,
    warnings: [],
    jpeg: {
      progressive: false,
      quantisation: [
        Array.from({ length: 64 }, (_, i) => 3 + (i % 8) + (i >> 3)),
        Array.from({ length: 64 }, () => 17),
      ],
      subsampling: '4:2:0',
      quality: 88,
      qualityDistance: 0,
      doubleCompression: { probability: 0.08 },
    },
    ...more,
  };
}

const noManifest: Evidence = {
  detector: 'provenance',
  version: '1.0.0',
  status: 'notApplicable',
  reason: 'no-credentials',
  summary: {
    en: 'The file carries no content credentials and no AI label; most files do not, so this says nothing.',
    zh: '文件中没有内容凭证，也没有 AI 生成标识；多数文件都没有，因此不说明任何问题。',
  },
  details: {},
};

function synthesis(status: 'detected' | 'notDetected', llr: number, more: Partial<Evidence> = {}): Evidence {
  return {
    detector: 'synthesis',
    version: '1.2.0',
    status,
    llr,
    llrInterval: [llr - 0.9, llr + 0.8],
    claim: 'synthetic',
    summary:
      status === 'detected'
        ? {
            en: 'The fine noise of the whole picture looks like that of a generator.',
            zh: '整张图片的细微噪声与生成模型的输出相似。',
          }
        : { en: 'The fine noise looks like that of a camera.', zh: '细微噪声与相机拍摄的照片相似。' },
    regions: [],
    measuredOn: {
      en: 'Pictures of at least 256 pixels a side, as stored or as JPEG of quality 50 and above, at least at half size.',
      zh: '边长不小于 256 像素的图片，原样或 JPEG 质量 50 及以上，缩小不超过一半。',
    },
    details: { score: 3.8123, patches: 48, falsePositiveRate: status === 'detected' ? 0.004 : null },
    ...more,
  } as Evidence;
}

function splice(status: 'detected' | 'notDetected', llr: number, more: Partial<Evidence> = {}): Evidence {
  return {
    detector: 'splice',
    version: '0.9.1',
    status,
    llr,
    claim: 'manipulated',
    summary:
      status === 'detected'
        ? {
            en: 'Two areas do not share the JPEG grid and the noise of their surroundings.',
            zh: '有两处区域的 JPEG 网格和噪声与周围不一致。',
          }
        : {
            en: 'Noise and JPEG grid are the same all over the picture.',
            zh: '全图的噪声与 JPEG 网格一致。',
          },
    regions: [],
    details: { blocks: 30_000, gridShift: [3, 5] },
    ...more,
  } as Evidence;
}

function verdict(v: Partial<Verdict> & Pick<Verdict, 'label' | 'probability' | 'interval' | 'llr'>): Verdict {
  return { prior: 0.5, reasons: [], stability: null, ...v };
}

function ladder(
  labels: readonly Verdict['label'][],
  probabilities: readonly number[],
  flips: number,
): Verdict['stability'] {
  const steps = ['jpeg75', 'jpeg50', 'half', 'crop'];
  return {
    flips,
    ladder: steps.map((step, i) => ({ step, label: labels[i], probability: probabilities[i] })),
  };
}

const timing = { read: 31.4, synthesis: 84.2, splice: 22.9, provenance: 3.1, stability: 402.7, total: 548.2 };
const hash = (digit: string) => digit.repeat(64);

export function syntheticSample(more: Partial<AnalysedImage> = {}): AnalysedImage {
  const found = synthesis('detected', 3.84, {
    map: sampleMap(40, 30, [
      [0.3, 0.35, 0.16],
      [0.7, 0.55, 0.22],
    ]),
  } as Partial<Evidence>);
  return {
    outcome: 'analysed',
    file: 'inbox/portrait-of-a-minister.png',
    sha256: hash('a'),
    kind: 'image',
    verdict: verdict({
      label: 'synthetic',
      probability: 0.9794,
      interval: [0.93, 0.994],
      llr: 3.86,
      reasons: [
        { detector: 'synthesis', weight: 3.84, text: found.summary },
        { detector: 'splice', weight: 0.02, text: splice('notDetected', 0.02).summary },
      ],
      stability: ladder(['synthetic', 'suspect', 'synthetic', 'synthetic'], [0.962, 0.781, 0.93, 0.971], 0),
    }),
    evidence: [noManifest, splice('notDetected', 0.02), found],
    container: sampleContainer({
      format: 'png',
      mime: 'image/png',
      bytes: 2_340_112,
      jpeg: undefined,
      icc: 'sRGB IEC61966-2.1',
      segments: [
        { type: 'IHDR', offset: 8, length: 25 },
        { type: 'tEXt', offset: 33, length: 612 },
        { type: 'IDAT', offset: 645, length: 2_339_455 },
        { type: 'IEND', offset: 2_340_100, length: 12 },
      ],
      text: [
        {
          carrier: 'png:tEXt',
          key: 'parameters',
          value:
            'portrait of a minister at a lectern, press photo, 85mm\nNegative prompt: blurry, cartoon\nSteps: 30, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 2913845, Size: 1600x1200, Model: juggernautXL_v9',
        },
      ],
    }),
    timing,
    preview: TINY_JPEG,
    ...more,
  };
}

export function authenticSample(more: Partial<AnalysedImage> = {}): AnalysedImage {
  const clean = synthesis('notDetected', -2.71, { map: sampleMap(40, 30, []) } as Partial<Evidence>);
  const even = splice('notDetected', -0.52);
  return {
    outcome: 'analysed',
    file: '2024-03 Straßenfest/DSC_0042.JPG',
    sha256: hash('b'),
    kind: 'image',
    verdict: verdict({
      label: 'authentic',
      probability: 0.038,
      interval: [0.02, 0.09],
      llr: -3.23,
      reasons: [
        { detector: 'synthesis', weight: -2.71, text: clean.summary },
        { detector: 'splice', weight: -0.52, text: even.summary },
      ],
      stability: ladder(['authentic', 'authentic', 'authentic', 'authentic'], [0.05, 0.11, 0.09, 0.04], 0),
    }),
    evidence: [clean, even, noManifest],
    container: sampleContainer({
      bytes: 8_412_803,
      width: 6000,
      height: 4000,
      orientation: 6,
      exif: {
        Make: 'NIKON CORPORATION',
        Model: 'NIKON D750',
        LensModel: '24.0-120.0 mm f/4.0',
        DateTimeOriginal: '2024-03-09T14:22:31',
        ExposureTime: 0.004,
        FNumber: 5.6,
        ISO: 200,
        FocalLength: 58,
        Software: 'Ver.1.14',
      },
      thumbnail: { width: 160, height: 120, bytes: 8_112 },
      icc: 'Adobe RGB (1998)',
    }),
    timing,
    preview: TINY_JPEG,
    ...more,
  };
}

export function manipulatedSample(more: Partial<AnalysedImage> = {}): AnalysedImage {
  const found = splice('detected', 2.95, {
    llrInterval: [1.8, 3.9],
    regions: [
      {
        x: 420,
        y: 260,
        width: 310,
        height: 420,
        score: 0.93,
        label: { en: 'other JPEG grid', zh: 'JPEG 网格不同' },
      },
      { x: 1120, y: 640, width: 260, height: 210, score: 0.71, label: { en: 'other noise', zh: '噪声不同' } },
    ],
    map: sampleMap(50, 38, [
      [0.36, 0.39, 0.1],
      [0.78, 0.62, 0.07],
    ]),
    details: {
      blocks: 30_000,
      gridShift: [3, 5],
      falsePositiveRate: 0.02,
      faces: [
        { x: 470, y: 300, width: 180, height: 220 },
        { x: 980, y: 240, width: 150, height: 190 },
      ],
    },
  } as Partial<Evidence>);
  const weak = synthesis('notDetected', -0.31);
  return {
    outcome: 'analysed',
    file: '来稿/二零二六年三月现场照片（读者提供，未经核实的版本）.jpg',
    sha256: hash('c'),
    kind: 'image',
    verdict: verdict({
      label: 'manipulated',
      probability: 0.934,
      interval: [0.83, 0.975],
      llr: 2.64,
      reasons: [
        { detector: 'splice', weight: 2.95, text: found.summary },
        { detector: 'synthesis', weight: -0.31, text: weak.summary },
      ],
      stability: ladder(
        ['manipulated', 'authentic', 'inconclusive', 'manipulated'],
        [0.9, 0.31, 0.52, 0.91],
        1,
      ),
    }),
    evidence: [
      weak,
      found,
      {
        ...noManifest,
        status: 'failed',
        error: {
          code: 'component-missing',
          message: 'the credentials engine is not installed',
          hint: 'run npm ci again',
        },
        summary: { en: 'Content credentials could not be checked.', zh: '无法检查内容凭证。' },
      },
    ] as Evidence[],
    container: sampleContainer({
      exif: { Software: 'Adobe Photoshop 25.4 (Macintosh)', ModifyDate: '2026-03-02T09:11:00' },
      trailingBytes: 1_204,
      warnings: [{ en: '1,204 bytes follow the end of the picture', zh: '图像结束之后还有 1,204 字节' }],
      jpeg: {
        ...(sampleContainer().jpeg as NonNullable<ContainerFacts['jpeg']>),
        qualityDistance: 3.2,
        doubleCompression: { probability: 0.94, firstQuality: 71 },
      },
    }),
    timing,
    preview: TINY_JPEG,
    ...more,
  };
}

export function inconclusiveSample(more: Partial<AnalysedImage> = {}): AnalysedImage {
  const unsure = synthesis('notDetected', 0.34, { llrInterval: [-1.1, 1.6] } as Partial<Evidence>);
  return {
    outcome: 'analysed',
    file: 'forwarded/IMG-20240309-WA0017.jpg',
    sha256: hash('d'),
    kind: 'image',
    verdict: verdict({
      label: 'inconclusive',
      probability: 0.58,
      interval: [0.25, 0.83],
      llr: 0.34,
      reasons: [{ detector: 'synthesis', weight: 0.34, text: unsure.summary }],
      stability: ladder(
        ['inconclusive', 'inconclusive', 'inconclusive', 'inconclusive'],
        [0.55, 0.51, 0.47, 0.6],
        0,
      ),
    }),
    evidence: [
      unsure,
      {
        ...noManifest,
        detector: 'splice',
        reason: 'too-small',
        summary: {
          en: 'Too small and too strongly compressed for a local comparison.',
          zh: '图片太小、压缩太强，无法做局部比较。',
        },
      } as Evidence,
      noManifest,
    ],
    container: sampleContainer({ width: 640, height: 480, bytes: 41_220 }),
    timing: { ...timing, total: 212 },
    preview: TINY_JPEG,
    ...more,
  };
}

export function suspectSample(more: Partial<AnalysedImage> = {}): AnalysedImage {
  const base = inconclusiveSample();
  const found = synthesis('detected', 1.42);
  return {
    ...base,
    file: 'upload.webp',
    sha256: hash('e'),
    verdict: verdict({
      label: 'suspect',
      probability: 0.81,
      interval: [0.62, 0.91],
      llr: 1.42,
      reasons: [{ detector: 'synthesis', weight: 1.42, text: found.summary }],
    }),
    evidence: [found, ...base.evidence.slice(1)],
    ...more,
  };
}

export function unreadableSample(more: Partial<UnreadableFile> = {}): UnreadableFile {
  return {
    outcome: 'unreadable',
    file: 'inbox/broken.jpg',
    sha256: hash('f'),
    error: new HuoyanError(
      'corrupt',
      { en: 'the picture data ends after 12 % of its rows', zh: '图像数据在第 12% 行处中断' },
      { en: 'ask the sender for the file again', zh: '请让发送者重新发送该文件' },
    ),
    timing: { total: 4.2 },
    ...more,
  };
}

/** One of each. */
export function allSamples(): Analysis[] {
  return [
    syntheticSample(),
    manipulatedSample(),
    suspectSample(),
    inconclusiveSample(),
    authenticSample(),
    unreadableSample(),
  ];
}
