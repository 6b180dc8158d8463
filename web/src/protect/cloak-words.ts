/** The words of the panel that cloaks portraits, for somebody who has never heard of any of it. */
import type { Text } from '../../../src/core/text.ts';

/** In the order they are offered. */
export const THREATS = ['identity', 'swap', 'reenact', 'attribute', 'inpaint'] as const;
export type Threat = (typeof THREATS)[number];

interface ThreatWords {
  /** What is chosen. */
  readonly choice: Text;
  /** Programs that do it. */
  readonly one: Text;
  readonly many: Text;
}

export const THREAT: Readonly<Record<Threat, ThreatWords>> = {
  identity: {
    choice: { en: 'recognise the person', zh: '识别身份' },
    one: { en: 'program that recognises people', zh: '识别人脸的程序' },
    many: { en: 'programs that recognise people', zh: '识别人脸的程序' },
  },
  swap: {
    choice: { en: 'swap the face', zh: '换脸' },
    one: { en: 'program that swaps faces', zh: '换脸程序' },
    many: { en: 'programs that swap faces', zh: '换脸程序' },
  },
  reenact: {
    choice: { en: 'repaint it from its outlines', zh: '由轮廓重绘人脸' },
    one: { en: 'program that repaints faces from their outlines', zh: '由轮廓重绘人脸的程序' },
    many: { en: 'programs that repaint faces from their outlines', zh: '由轮廓重绘人脸的程序' },
  },
  attribute: {
    choice: { en: 'change its colours', zh: '改变颜色与色调' },
    one: { en: 'program that changes colours', zh: '改变颜色与色调的程序' },
    many: { en: 'programs that change colours', zh: '改变颜色与色调的程序' },
  },
  inpaint: {
    choice: { en: 'make up its middle', zh: '补绘面部中央' },
    one: { en: 'program that makes up the middle of a face', zh: '补绘面部中央的程序' },
    many: { en: 'programs that make up the middle of a face', zh: '补绘面部中央的程序' },
  },
};

/** How many of `of` programs failed, as a sentence. */
export function held(threat: Threat, of: number, stored: number, jpeg75: number): Text {
  const { one, many } = THREAT[threat];
  return {
    en: `Of ${of} ${of === 1 ? one.en : many.en}, ${stored || 'none'} failed on the file as stored, ${jpeg75 || 'none'} after JPEG 75.`,
    zh: `${of} 个${of === 1 ? one.zh : many.zh}中：对所存文件 ${stored} 个失效，JPEG 75 后 ${jpeg75} 个失效。`,
  };
}

/** Where there are several faces. */
export function ofFaces(found: number): Text {
  return {
    en: `There are ${found} faces in the picture; the largest was changed.`,
    zh: `图片中有 ${found} 张人脸，已改动其中最大的一张。`,
  };
}

export const CLOAK = {
  title: { en: 'Cloak a portrait', zh: '为人像加防护扰动' },
  why: {
    en: 'Lays a faint pattern over the largest face of a picture, so that programs fail on it more often; whoever looks for it sees it, at strong above all. It is no guarantee: against recognition it helps now and then, against manipulation hardly ever. Here you see what it did to your picture, and to which programs.',
    zh: '在图片中最大的人脸上叠加微弱的纹样，使程序更常失效；细看可以看出，强度为“强”时尤其如此。不构成保证：对识别偶尔有效，对篡改几乎无效。此处会显示对图片的改动，以及对哪些程序有效。',
  },
  picture: { en: 'Portrait: choose one, or drop it here', zh: '人像：选择文件，或拖放到此处' },
  threats: { en: 'Against programs that', zh: '针对的程序' },
  oneIsBetter: { en: 'One holds better than several.', zh: '只选一项比多选更有效。' },
  strength: { en: 'Strength', zh: '强度' },
  strengths: {
    light: { en: 'Light', zh: '轻' },
    medium: { en: 'Medium', zh: '中' },
    strong: { en: 'Strong', zh: '强' },
  },
  effort: { en: 'Search', zh: '搜索' },
  thorough: { en: 'Thorough', zh: '充分' },
  quick: { en: 'Quick', zh: '快速' },
  go: { en: 'Cloak', zh: '生成' },
  stop: { en: 'Stop', zh: '停止' },
  seconds: { en: 's', zh: '秒' },
  done: { en: 'Cloaked', zh: '已生成' },
  psnr: { en: 'Likeness to the original (PSNR)', zh: '与原图的相似度（PSNR）' },
  facePsnr: { en: 'of the face alone', zh: '仅人脸' },
  psnrWhy: { en: 'The more decibels, the less there is to see.', zh: '分贝越高，越看不出。' },
  against: { en: 'What it was measured against', zh: '针对哪些程序测量' },
  roads: {
    en: '“As stored” is the very file you save here; “after JPEG 75” is that picture compressed once more, as websites do.',
    zh: '“所存文件”即在此保存的文件；“JPEG 75 后”指如网站那样再压缩一次。',
  },
  names: { en: 'Which programs', zh: '程序名称' },
  program: { en: 'Program', zh: '程序' },
  stored: { en: 'As stored', zh: '所存文件' },
  jpeg75: { en: 'After JPEG 75', zh: 'JPEG 75 后' },
  failed: { en: 'failed', zh: '失效' },
  worked: { en: 'worked', zh: '仍有效' },
  save: { en: 'Save the cloaked picture', zh: '保存图片' },
  view: { en: 'View', zh: '显示方式' },
  slide: { en: 'Slider', zh: '滑动对比' },
  side: { en: 'Side by side', zh: '并排' },
  difference: { en: 'Difference', zh: '差异' },
  divide: { en: 'Before, after', zh: '前后分界' },
  faceOnly: { en: 'The face alone', zh: '仅人脸' },
  before: { en: 'Before', zh: '之前' },
  after: { en: 'After', zh: '之后' },
  differenceWhy: {
    en: 'The difference, eight times as strong; grey is no difference.',
    zh: '差异放大八倍；灰色表示无差异。',
  },
  noPreview: {
    en: 'This browser cannot show a picture of this kind; the cloaked one can be saved all the same.',
    zh: '此浏览器无法显示该格式的图片，但仍可保存生成的图片。',
  },
} as const satisfies Record<string, Text | Record<string, Text>>;
