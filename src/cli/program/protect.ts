/** `huoyan protect` and what is within it: marks, labels, credentials, cloaks for what is ours. */
import type { CloakFlags } from '../commands/protect-cloak.ts';
import type { LabelWriteFlags } from '../commands/protect-label.ts';
import type { SignFlags } from '../commands/protect-sign.ts';
import type { WatermarkEmbedFlags, WatermarkReadFlags } from '../commands/protect-watermark.ts';
import type { Argument, Declaration, Flag } from './declaration.ts';
import { AS_JSON } from './options.ts';
import { integer, Unfit } from './values.ts';

const FILE: Argument = { name: '<file>', text: { en: 'the file', zh: '文件' } };
const OUT: Flag = {
  flags: '-o, --out <file>',
  text: { en: 'the file to write', zh: '写出的文件' },
  needed: true,
};
const KEY: Flag = {
  flags: '--key <phrase>',
  text: { en: 'secret phrase of the mark', zh: '水印的秘密短语' },
  needed: true,
};

/** Throws `Unfit` for anything but `all`, `key` and a whole number from 1. */
function markedFrames(value: string): 'all' | 'key' | number {
  if (value === 'all' || value === 'key') return value;
  if (/^\d{1,6}$/.test(value) && Number(value) > 0) return Number(value);
  throw new Unfit({
    en: 'It must be all, key, or a whole number from 1.',
    zh: '应为 all、key 或不小于 1 的整数。',
  });
}

const embed: Declaration = {
  name: 'embed',
  summary: { en: 'put an invisible mark into a picture or video', zh: '在图片或视频中嵌入不可见水印' },
  description: {
    en: 'Writes a copy of a picture or video with 64 bits in its pixels, invisible, to be read back with the same key from crops, reductions, screenshots and photographs of a screen, of a video from single frames. A video is encoded anew (.mp4, .mov, .mkv: H.264; .webm: VP9); its sound is copied as it is, its times and rotation are kept. Metadata is not copied.',
    zh: '写出嵌有 64 位信息的图片或视频副本，肉眼不可见；凭同一密钥可从裁剪、缩小、截图和屏幕翻拍中读回，视频可从单帧读回。视频会重新编码（.mp4、.mov、.mkv 用 H.264，.webm 用 VP9），声音原样复制，时间戳与旋转保留。不复制元数据。',
  },
  arguments: [FILE],
  options: [
    OUT,
    KEY,
    { flags: '--message <hex>', text: { en: '1 to 16 hexadecimal digits', zh: '1 至 16 个十六进制数字' } },
    {
      flags: '--place <n>',
      text: { en: 'instead: place code', zh: '或：地点代码' },
      parse: integer(0, 65535),
    },
    {
      flags: '--device <n>',
      text: { en: 'with it: device code', zh: '连同：设备代码' },
      parse: integer(0, 65535),
    },
    {
      flags: '--time <iso>',
      text: { en: 'with them: time (default: now)', zh: '连同：时间（默认：当前）' },
    },
    {
      flags: '--strong',
      text: {
        en: 'of a picture: photographs of flat pictures are read oftener, and the mark may be seen there',
        zh: '图片：平坦画面的翻拍更易读出，但水印可能被察觉',
      },
    },
    {
      flags: '--frames <which>',
      text: {
        en: 'of a video: all, key, or a number n for every n-th frame (default: all)',
        zh: '视频：all（全部）、key（关键帧）或数字 n（每 n 帧），默认 all',
      },
      parse: markedFrames,
    },
    {
      flags: '--bit-rate <kbit>',
      text: {
        en: 'of a video: kilobits a second (default: an even, high quality)',
        zh: '视频：每秒千比特（默认：恒定的高质量）',
      },
      parse: integer(50, 500_000),
    },
    {
      flags: '--slow',
      text: {
        en: 'of a video: a smaller file, in some four times the time',
        zh: '视频：文件更小，耗时约四倍',
      },
    },
  ],
  load: async ([path]: [string], flags: WatermarkEmbedFlags) => {
    const { watermarkEmbed } = await import('../commands/protect-watermark.ts');
    return (io) => watermarkEmbed(path, flags, io);
  },
};

const read: Declaration = {
  name: 'read',
  summary: { en: 'what the mark of a picture or video says', zh: '读取图片或视频水印的内容' },
  description: {
    en: 'Looks for a mark of the key: as written, scaled, turned or cropped, photographed from a screen. The last takes seconds. Of a video, eight frames are looked at, each by itself and all together, until one reading is certain; the answer names its second.',
    zh: '查找该密钥的水印：原样、缩放、旋转或裁剪、屏幕翻拍。最后一种需要数秒。视频则查看八帧，逐帧并合并判断，直到读取确定为止，并给出所在秒数。',
  },
  arguments: [FILE],
  options: [
    KEY,
    AS_JSON,
    {
      flags: '--fast',
      text: { en: 'without the search for photographed marks', zh: '不查找翻拍的水印' },
    },
  ],
  load: async ([path]: [string], flags: WatermarkReadFlags) => {
    const { watermarkRead } = await import('../commands/protect-watermark.ts');
    return (io) => watermarkRead(path, flags, io);
  },
};

const watermark: Declaration = {
  name: 'watermark',
  summary: { en: 'invisible marks that survive a screen', zh: '抗屏摄的不可见水印' },
  commands: [embed, read],
};

const labelWrite: Declaration = {
  name: 'write',
  summary: { en: 'label a file as AI-generated', zh: '为文件写入人工智能生成标识' },
  description: {
    en: 'Writes a copy with the implicit label of GB 45438-2025. Coded pictures and sound are not touched, except with --words, which adds the explicit label and encodes anew: words onto a picture or the first 2.5 seconds of a video, a rhythm of tones (short, long, short, short) before a sound; a WAV keeps its own samples.',
    zh: '写出带有 GB 45438-2025 隐式标识的副本，不改动已编码的画面和声音；--words 会加入显式标识并重新编码：在图片或视频前 2.5 秒绘制文字，在声音前加入“短、长、短、短”的节奏提示音（WAV 原有采样不变）。',
  },
  arguments: [FILE],
  options: [
    OUT,
    { flags: '--producer <code>', text: { en: 'ContentProducer', zh: 'ContentProducer' }, needed: true },
    { flags: '--id <id>', text: { en: 'ProduceID', zh: 'ProduceID' }, needed: true },
    {
      flags: '--label <value>',
      text: { en: '1 is, 2 may be, 3 is suspected', zh: '1 属于，2 可能，3 疑似' },
      choices: ['1', '2', '3'],
      fallback: '1',
    },
    { flags: '--propagator <code>', text: { en: 'ContentPropagator', zh: 'ContentPropagator' } },
    { flags: '--propagate-id <id>', text: { en: 'PropagateID', zh: 'PropagateID' } },
    {
      flags: '--words <language>',
      text: { en: 'add the explicit label, in zh or en', zh: '加入显式标识：zh 或 en' },
      choices: ['zh', 'en'],
    },
  ],
  load: async ([path]: [string], flags: LabelWriteFlags) => {
    const { labelWrite } = await import('../commands/protect-label.ts');
    return (io) => labelWrite(path, flags, io);
  },
};

const labelCheck: Declaration = {
  name: 'check',
  summary: { en: 'whether a file is labelled as the rules demand', zh: '检查文件标识是否合规' },
  description: {
    en: 'Says of the implicit label: compliant, non-compliant (with the clause), absent or inconclusive; of the explicit one: present (as Huoyan writes it), absent or inconclusive.',
    zh: '隐式标识结论为：符合、不符合（注明条款）、无标识、无法判断；显式标识结论为：存在（火眼所写）、无、无法判断。',
  },
  arguments: [FILE],
  options: [AS_JSON],
  load: async ([path]: [string], flags: { readonly json?: boolean }) => {
    const { labelCheck } = await import('../commands/protect-label.ts');
    return (io) => labelCheck(path, flags, io);
  },
};

const label: Declaration = {
  name: 'label',
  summary: { en: 'labels of AI-generated content', zh: '人工智能生成内容标识' },
  commands: [labelWrite, labelCheck],
};

const sign: Declaration = {
  name: 'sign',
  summary: { en: 'sign a picture with a content credential', zh: '为图片签署内容凭证' },
  description: {
    en: 'Writes a copy with a C2PA manifest under your certificate: how the picture came about, its original, and the watermark it carries.',
    zh: '写出带有 C2PA 凭证的副本，以您的证书签署：图片的来源方式、原件及所含水印。',
  },
  arguments: [FILE],
  options: [
    OUT,
    {
      flags: '--cert <file>',
      text: { en: 'certificates, PEM, yours first', zh: '证书（PEM，本人在前）' },
      needed: true,
    },
    { flags: '--key <file>', text: { en: 'private key, PEM', zh: '私钥（PEM）' }, needed: true },
    {
      flags: '--source <type>',
      text: { en: 'IPTC digitalSourceType', zh: 'IPTC digitalSourceType' },
      choices: [
        'trainedAlgorithmicMedia',
        'compositeWithTrainedAlgorithmicMedia',
        'algorithmicMedia',
        'digitalCapture',
        'digitalCreation',
      ],
      needed: true,
    },
    { flags: '--original <file>', text: { en: 'what it was made from', zh: '其原件' } },
    { flags: '--mark <hex>', text: { en: 'message of its watermark', zh: '其水印信息' } },
    {
      flags: '--title <text>',
      text: { en: 'title (default: name of the file)', zh: '标题（默认：文件名）' },
    },
  ],
  load: async ([path]: [string], flags: SignFlags) => {
    const { sign } = await import('../commands/protect-sign.ts');
    return (io) => sign(path, flags, io);
  },
};

const cloak: Declaration = {
  name: 'cloak',
  summary: { en: 'change a portrait so that manipulating it may fail', zh: '扰动人像，使篡改可能失败' },
  description: {
    en: 'Writes a copy of a portrait whose largest face is changed a little, within a budget nobody is meant to see, so that recognising or manipulating it fails more often. Says which programs it was measured against. No guarantee.',
    zh: '写出人像副本，在几乎不可见的限度内扰动其中最大的人脸，使识别或篡改更常失败；会列出所针对的程序。不构成保证。',
  },
  arguments: [FILE],
  options: [
    OUT,
    {
      flags: '--threat <threat>',
      text: {
        en: 'what to cloak against; may be repeated (default: identity)',
        zh: '针对的威胁，可重复（默认：identity）',
      },
      choices: ['swap', 'reenact', 'attribute', 'inpaint', 'identity'],
      repeatable: true,
    },
    {
      flags: '--strength <strength>',
      text: { en: 'least PSNR of the picture: 42, 40 or 38 dB', zh: '图片 PSNR 下限：42、40 或 38 dB' },
      choices: ['light', 'medium', 'strong'],
      fallback: 'strong',
    },
    {
      flags: '--quick',
      text: { en: 'what a network makes at once and a short search', zh: '网络一次生成后仅作短搜索' },
    },
    AS_JSON,
  ],
  load: async ([path]: [string], flags: CloakFlags) => {
    const { protectCloak } = await import('../commands/protect-cloak.ts');
    return (io) => protectCloak(path, flags, io);
  },
};

export const protect: Declaration = {
  name: 'protect',
  summary: { en: 'mark, label, sign and cloak what is yours', zh: '为自己的内容加水印、标识、签名与防护' },
  commands: [watermark, label, sign, cloak],
};
