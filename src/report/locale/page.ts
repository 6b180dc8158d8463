/** The words of the HTML report: headings, controls, explanations. Chinese and English side by side. */
import type { Text } from '../../core/text.ts';

export const PAGE = {
  product: { en: 'Huoyan', zh: '火眼' },
  subtitle: { en: 'Examination report', zh: '检验报告' },
  language: { en: 'Language of this page', zh: '页面语言' },
  print: { en: 'Print', zh: '打印' },
  probability: { en: 'Probability of AI or alteration', zh: 'AI 生成或篡改的概率' },
  intervalNote: { en: '90 % interval', zh: '90% 区间' },
  priorMark: { en: 'assumed before looking', zh: '检验前的假定' },
  real: { en: 'real photograph', zh: '真实照片' },
  fake: { en: 'AI or altered', zh: 'AI 生成或篡改' },
  why: { en: 'Why', zh: '理由' },
  picture: { en: 'The picture', zh: '图片' },
  pictureOnly: { en: 'Picture only', zh: '仅图片' },
  layer: { en: 'Map shown over the picture', zh: '叠加在图片上的热力图' },
  opacity: { en: 'Strength of the map', zh: '热力图浓度' },
  boxes: { en: 'Marked areas', zh: '标出的区域' },
  weak: { en: 'weak', zh: '弱' },
  strong: { en: 'strong', zh: '强' },
  abstained: { en: 'not judged here', zh: '此处不作判断' },
  heardAt: { en: 'Where in time', zh: '所在时间' },
  noPicture: {
    en: 'The picture is not part of this report, to keep the file small.',
    zh: '为控制文件大小，本报告未包含该图片。',
  },
  noMap: {
    en: 'No evidence points at a place, so there is nothing to lay over the picture.',
    zh: '没有证据指向具体位置，因此没有可叠加的内容。',
  },
  stability: { en: 'Does the verdict hold?', zh: '结论是否稳定？' },
  stabilityNote: {
    en: 'The same picture, changed as platforms and people change pictures, and examined again.',
    zh: '按平台和用户常见的方式处理同一张图片，然后重新检验。',
  },
  stabilityNone: { en: 'This was not examined.', zh: '此项未检验。' },
  asIs: { en: 'as it is', zh: '原样' },
  holds: {
    en: 'In none of these cases does the verdict turn to the other side.',
    zh: '经过以上每种处理，结论都没有转向另一侧。',
  },
  evidence: { en: 'Evidence, heaviest first', zh: '证据（按权重排列）' },
  evidenceName: { en: 'Evidence', zh: '证据' },
  result: { en: 'Result', zh: '结果' },
  weight: { en: 'Weight', zh: '权重' },
  seen: { en: 'What was seen', zh: '所见' },
  noEvidence: { en: 'No evidence could be weighed.', zh: '没有可以衡量的证据。' },
  measuredOn: { en: 'Known to hold for: ', zh: '适用条件：' },
  numbers: { en: 'Numbers behind it', zh: '背后的数据' },
  unused: { en: 'What could not be used, and why', zh: '未能采用的证据及原因' },
  unusedNote: {
    en: 'These say nothing for or against the picture; they are not counted as zero.',
    zh: '这些项目对图片真伪不作任何说明，也不按零分计入。',
  },
  faces: { en: 'Faces', zh: '人脸' },
  container: { en: 'What the file tells', zh: '文件自身的信息' },
  containerNote: {
    en: 'Written by whoever made the file, and easy to change: a hint, not a proof.',
    zh: '由文件制作者写入，容易改动：只是线索，不是证明。',
  },
  texts: { en: 'Embedded text and parameters', zh: '内嵌文本与生成参数' },
  exif: { en: 'All EXIF tags', zh: '全部 EXIF 标签' },
  iptc: { en: 'IPTC fields', zh: 'IPTC 字段' },
  xmp: { en: 'XMP', zh: 'XMP' },
  segments: { en: 'Segments of the file', zh: '文件分段' },
  tables: { en: 'JPEG quantisation tables', zh: 'JPEG 量化表' },
  warnings: { en: 'Odd about this file', zh: '文件中的异常' },
  identity: { en: 'File and examination', zh: '文件与检验' },
  file: { en: 'File', zh: '文件' },
  hash: { en: 'SHA-256', zh: 'SHA-256' },
  took: { en: 'Time taken', zh: '用时' },
  versions: { en: 'Versions', zh: '版本' },
  sum: { en: 'Weight of all evidence', zh: '全部证据的权重合计' },
  hint: { en: 'What to do', zh: '建议' },
  hintBefore: { en: 'What to do: ', zh: '建议：' },
  code: { en: 'Error code', zh: '错误代码' },
  search: { en: 'Find by file name', zh: '按文件名查找' },
  show: { en: 'Show', zh: '显示' },
  all: { en: 'all', zh: '全部' },
  sort: { en: 'Order', zh: '排序' },
  asGiven: { en: 'as given', zh: '原有顺序' },
  gravest: { en: 'gravest first', zh: '疑点最大在前' },
  byName: { en: 'by name', zh: '按名称' },
  openAll: { en: 'Open all', zh: '全部展开' },
  closeAll: { en: 'Close all', zh: '全部收起' },
  nothingLeft: { en: 'No file fits this choice.', zh: '没有符合条件的文件。' },
  legend: { en: 'Four kinds of result', zh: '四种结果' },
  how: { en: 'How to read this', zh: '如何阅读本报告' },
  limits: { en: 'Limits', zh: '局限' },
  written: { en: 'Written', zh: '生成时间' },
  offline: {
    en: 'This page is one file and asks nothing of the network.',
    zh: '本页是单个文件，不访问网络。',
  },
  skip: { en: 'Skip to the results', zh: '跳到结果' },
  empty: { en: 'No file was examined.', zh: '没有检验任何文件。' },
} as const satisfies Record<string, Text>;

export const HOW_TO_READ: readonly Text[] = [
  {
    en: 'The percentage is a probability, not a proof, and not a measure of how much of the picture is false. 90 % means: of ten pictures with evidence like this, about one would still be an unaltered photograph.',
    zh: '百分比是概率，不是证明，也不表示图片有多少内容是假的。90% 的意思是：十张具有类似证据的图片中，大约仍有一张是未经改动的照片。',
  },
  {
    en: 'It starts from an assumption made before looking (the small mark on the bar). If you have reason to trust or to doubt the source, the true probability moves with it.',
    zh: '概率以检验前的假定为起点（横条上的小标记）。如果你有理由信任或怀疑来源，实际概率也应随之调整。',
  },
  {
    en: 'The lighter band is the range in which the probability lies nine times out of ten. A wide band means that little is known.',
    zh: '横条上的浅色区间表示概率十次中有九次落入的范围。区间越宽，说明所知越少。',
  },
  {
    en: '“Inconclusive” is a full answer. It is not a weak “real” and not a weak “fake”.',
    zh: '“无法判定”是一个完整的答案，既不是偏弱的“真”，也不是偏弱的“假”。',
  },
  {
    en: 'The map shows where one kind of evidence is strong. Bright places are where to look with your own eyes; they are not outlines of what was changed. Hatched places were not judged: too flat, too dark or overexposed.',
    zh: '热力图显示某一类证据在哪些位置较强。明亮处值得用肉眼细看，但并不是改动内容的轮廓。斜线处不作判断：过于平坦、过暗或过曝。',
  },
  {
    en: 'Weights are logarithms of how many times likelier the observation is on one side than on the other: 2.3 is ten times, 4.6 a hundred times. To the right they speak for AI or alteration, to the left for a real photograph.',
    zh: '权重是对数：表示所见情形在一方假设下比在另一方假设下可能多少倍。2.3 约为十倍，4.6 约为一百倍。偏右支持 AI 生成或篡改，偏左支持真实照片。',
  },
  {
    en: 'Before publishing: ask for the original file, find the earliest appearance, ask the person who took it, compare place, weather and shadows. No tool replaces this.',
    zh: '发布之前：索取原始文件，查找最早出处，询问拍摄者，核对地点、天气与光影。任何工具都不能替代这些工作。',
  },
];

export const LIMITS: readonly Text[] = [
  {
    en: 'Generators newer than the detectors may leave traces that nobody has learned to see. Absence of signs is not a certificate.',
    zh: '比检测器更新的生成模型，可能留下尚无人识别的痕迹。没有发现迹象，不等于证明真实。',
  },
  {
    en: 'Strong compression, small size, screenshots and photographs of a screen remove traces. Then the honest answer is often “inconclusive”.',
    zh: '强压缩、小尺寸、截屏和翻拍会抹去痕迹。此时诚实的答案往往是“无法判定”。',
  },
  {
    en: 'Phones sharpen, merge and denoise by computation; filters and retouching are common. Such real photographs can look unusual.',
    zh: '手机会用算法锐化、合成和降噪，滤镜与修图也很常见。这样的真实照片也可能显得异常。',
  },
  {
    en: 'A genuine picture can lie by its caption, crop or date. That is not examined here.',
    zh: '真实的图片也可能因配文、裁剪或日期而误导人。本报告不检验这些。',
  },
  {
    en: 'Missing content credentials or labels prove nothing; most real pictures have none. A credential that cannot be traced to a known signer is not a sign of forgery.',
    zh: '没有内容凭证或标识不能证明什么，多数真实图片都没有。凭证无法追溯到已知签名者，也不是伪造的迹象。',
  },
  {
    en: 'This is not an expert opinion for a court. Keep the original file and its SHA-256.',
    zh: '本报告不是司法鉴定意见。请保存原始文件及其 SHA-256。',
  },
];

/** "Of 1,000 real photographs …, about 4 would score so." */
export function falsePositiveSentence(count: string, of: string, few: boolean): Text {
  return few
    ? {
        en: `Of ${of} real photographs that the detector had not seen, fewer than one would look this suspicious.`,
        zh: `在检测器未见过的 ${of} 张真实照片中，会显得如此可疑的不到一张。`,
      }
    : {
        en: `Of ${of} real photographs that the detector had not seen, about ${count} would look this suspicious.`,
        zh: `在检测器未见过的 ${of} 张真实照片中，约有 ${count} 张会显得如此可疑。`,
      };
}

export function flipsSentence(flips: number, steps: number): Text {
  return {
    en: `In ${flips} of ${steps} cases the verdict turns to the other side. Do not rely on it.`,
    zh: `${steps} 种处理中有 ${flips} 种使结论转向另一侧。请勿仅凭此结论。`,
  };
}

export function examinedTitle(count: string): Text {
  return { en: count === '1' ? '1 file examined' : `${count} files examined`, zh: `已检验 ${count} 个文件` };
}

/** `ifReal` names the other side, for this kind of file. */
export function timesLikelier(factor: string, towardsClaim: boolean, claim: Text, ifReal: Text): Text {
  return towardsClaim
    ? { en: `${factor} times likelier if ${claim.en}`, zh: `若${claim.zh}，出现的可能性为 ${factor} 倍` }
    : { en: `${factor} times likelier ${ifReal.en}`, zh: `${ifReal.zh}，出现的可能性为 ${factor} 倍` };
}

export function photoAlt(file: string): Text {
  return { en: `The examined picture ${file}`, zh: `被检验的图片 ${file}` };
}

export function mapAlt(name: Text, file: string): Text {
  return { en: `Map “${name.en}” over ${file}`, zh: `叠加在 ${file} 上的热力图“${name.zh}”` };
}

export function faceAlt(index: number): Text {
  return { en: `Face ${index}`, zh: `人脸 ${index}` };
}

export function barAlt(value: string, range: string, prior: string): Text {
  return {
    en: `Probability ${value} per cent, interval ${range} per cent, assumed before looking ${prior} per cent`,
    zh: `概率 ${value}%，区间 ${range}%，检验前假定 ${prior}%`,
  };
}

export function moreOf(count: string): Text {
  return { en: `and ${count} more`, zh: `另有 ${count} 项` };
}
