/** The words of an audit: headings, quantities, how to read them, what they cannot say. Chinese and English. */
import type { AuditGatePoint, AuditRate } from '../../core/audit.ts';
import type { Text } from '../../core/text.ts';

export const AUDIT = {
  subtitle: { en: 'Audit of a face recogniser', zh: '人脸识别服务审计报告' },
  terminalTitle: { en: 'Answers to deepfakes, in per cent', zh: '对深度伪造图片的应答（%）' },
  title: { en: 'How the recogniser answered to deepfakes', zh: '人脸识别服务面对深度伪造时的应答' },
  total: { en: 'all together', zh: '合计' },
  set: { en: 'Set and service', zh: '数据集与服务' },
  fakes: { en: 'Fakes', zh: '伪造图片' },
  targeted: { en: 'targeted', zh: '冒充成功' },
  nonTargeted: { en: 'named anybody', zh: '认出任意人' },
  misidentified: { en: 'somebody else', zh: '认成他人' },
  targetedMeaning: {
    en: 'the service names the person who is impersonated',
    zh: '服务认定图中就是被冒充者',
  },
  nonTargetedMeaning: { en: 'the service names anybody at all', zh: '服务给出了任意一个人的姓名' },
  misidentifiedMeaning: { en: 'the service names a third person', zh: '服务给出的是第三人的姓名' },
  byIdentity: { en: 'whatever the spelling', zh: '不计拼写差异' },
  inverted: { en: 'above the real picture', zh: '高于真实照片' },
  persons: { en: 'people impersonated', zh: '被成功冒充的人' },
  intervalNote: {
    en: 'in brackets: 95 % interval over people, not over pictures',
    zh: '括号内：以人（而非图片）为单位的 95% 区间',
  },
  bars: { en: 'By data set', zh: '按数据集' },
  barsNote: {
    en: 'Share of fakes; the thin line is the 95 % interval. It resamples whole people, because fakes of one person succeed or fail together.',
    zh: '占伪造图片的比例；细线为 95% 区间。区间以人为单位重抽样，因为同一人的伪造图片往往同时成功或失败。',
  },
  curves: { en: 'By confidence threshold', zh: '随置信度阈值的变化' },
  curvesNote: {
    en: 'What remains when answers below a confidence are ignored. A curve that stays high says that a threshold alone is no defence.',
    zh: '忽略低于某一置信度的应答后的剩余比例。曲线居高不下，说明仅靠阈值无法防御。',
  },
  threshold: { en: 'threshold', zh: '阈值' },
  confidence: { en: 'confidence', zh: '置信度' },
  similarity: { en: 'likeness of fake and real picture', zh: '伪造图片与真实照片的相似度' },
  spreads: { en: 'How sure the service was', zh: '服务给出的把握程度' },
  confidenceOf: { en: 'Confidence of answers', zh: '应答的置信度' },
  similarityOf: { en: 'Likeness of fake and real picture', zh: '伪造图片与真实照片的相似度' },
  people: { en: 'By person', zh: '按被冒充者' },
  person: { en: 'Person', zh: '被冒充者' },
  confusions: { en: 'Who was taken for whom', zh: '谁被认成了谁' },
  named: { en: 'Named as', zh: '认成' },
  count: { en: 'Times', zh: '次数' },
  methods: { en: 'By method', zh: '按伪造方法' },
  method: { en: 'Method', zh: '伪造方法' },
  table: { en: 'Figures', zh: '数据' },
  accuracy: { en: 'the recogniser itself', zh: '识别器本身' },
  accuracyTitle: { en: 'The recogniser without an attack', zh: '无攻击时的识别器' },
  accuracyNote: {
    en: 'A recogniser that confuses real people is easy to impersonate; one that recognises nobody is safe and useless. Read the attack figures beside these.',
    zh: '会混淆真人的识别器容易被冒充；谁也认不出的识别器安全却无用。请对照这些数据阅读攻击结果。',
  },
  photos: { en: 'photos / people', zh: '照片 / 人' },
  auc: { en: 'area under the ROC curve', zh: 'ROC 曲线下面积' },
  fnmr: { en: 'not matched at 0.1 % false match', zh: '误识率 0.1% 时的拒识率' },
  roc: { en: 'Mistakes between real people', zh: '真人之间的误认与漏认' },
  fmr: { en: 'false match rate', zh: '误识率' },
  fnmrAxis: { en: 'false non-match rate', zh: '拒识率' },
  identified: { en: 'real pictures named right', zh: '真实照片认对' },
  gate: { en: 'Detector in front', zh: '前置检测器' },
  gateTitle: { en: 'A detector in front of the recogniser', zh: '在识别器前设置检测器' },
  gateNote: {
    en: 'A detector looks first and turns pictures away. Further right it is stricter: more real customers are turned away, fewer fakes pass and are named as the person.',
    zh: '先由检测器筛查并拒绝可疑图片。越往右越严格：被误拒的真实用户越多，能通过并冒充成功的伪造图片越少。',
  },
  falseReject: { en: 'real pictures turned away', zh: '真实照片被误拒' },
  residual: { en: 'targeted success that remains', zh: '剩余的冒充成功率' },
  problems: { en: 'What could not be used', zh: '未能采用的内容' },
  line: { en: 'line', zh: '行' },
  clips: { en: 'By clip', zh: '按视频片段' },
  anyFrame: { en: 'any frame passes', zh: '任一帧通过' },
  mostFrames: { en: 'most frames pass', zh: '多数帧通过' },
  how: { en: 'How to read this', zh: '如何阅读本报告' },
  limits: { en: 'What this cannot say', zh: '本报告不能说明什么' },
  empty: { en: 'No answer could be measured.', zh: '没有可供衡量的应答。' },
} as const satisfies Record<string, Text>;

export const AUDIT_READING: readonly Text[] = [
  {
    en: 'Targeted success is what a bank fears: a picture made of a customer passes as the customer. “Named anybody” counts every fake that is not turned away as unknown.',
    zh: '“冒充成功”是银行最担心的情形：用客户照片制作的伪造图片被当成客户本人。“认出任意人”统计所有未被视为陌生人的伪造图片。',
  },
  {
    en: 'Names are compared past case, spaces, underscores and punctuation, as in the published tables. “Whatever the spelling” also folds accents, known aliases and the name the service gives the real picture; where the two differ, the service knew the person by another name.',
    zh: '姓名比较忽略大小写、空格、下划线和标点，与已发表的表格一致。“不计拼写差异”还忽略变音符号、已知别名，并接受服务对真实照片给出的姓名；两者相差之处，说明服务以另一名字认识此人。',
  },
  {
    en: '“Above the real picture” counts fakes to which the service gives more confidence than to a real picture of the person.',
    zh: '“高于真实照片”统计服务对伪造图片的置信度高于对该人真实照片的情形。',
  },
];

export const AUDIT_LIMITS: readonly Text[] = [
  {
    en: 'The figures hold for these fakes, these people and the service as it was on that day. Other methods of forgery, better ones above all, can fare differently.',
    zh: '数据只适用于这些伪造图片、这些人以及当时的服务版本。其他伪造方法，尤其是更好的方法，结果可能不同。',
  },
  {
    en: 'Few people give wide intervals however many fakes there are. Compare two services on the same fakes only.',
    zh: '人数少则区间宽，与伪造图片的数量无关。只有在同一批伪造图片上才能比较两个服务。',
  },
  {
    en: 'A celebrity recogniser knows faces from thousands of public pictures; a bank knows a customer from one. Neither stands for the other.',
    zh: '名人识别服务从大量公开照片中认识人脸，银行往往只有客户的一张照片；两者的结果不能互相代表。',
  },
  {
    en: 'No liveness check was asked. Where one is in use, audit it together with the recogniser.',
    zh: '未涉及活体检测。如果实际使用了活体检测，请与识别服务一并审计。',
  },
];

export function auditTitle(rate: string): Text {
  return {
    en: `${rate} % of these fakes passed as the person`,
    zh: `这些伪造图片中有 ${rate}% 冒充成功`,
  };
}

export function peopleCount(impersonated: number, persons: number): Text {
  return {
    en: `${impersonated} of ${persons} people impersonated at least once`,
    zh: `${persons} 人中有 ${impersonated} 人至少被冒充成功一次`,
  };
}

export function inverted(count: number): Text {
  return { en: `${count} above the real picture`, zh: `${count} 张高于真实照片` };
}

export function problemsCount(count: number): Text {
  return {
    en: count === 1 ? '1 thing could not be used' : `${count} things could not be used`,
    zh: `有 ${count} 处内容未能采用`,
  };
}

export function failedCount(count: number): Text {
  return { en: `${count} without an answer`, zh: `${count} 张没有应答` };
}

/** The gate at 5 % false rejects in one sentence. */
export function at5(
  before: string,
  { falseReject, residual }: AuditGatePoint,
  tenths: (share: number) => string,
  range: (rate: AuditRate) => string,
): Text {
  const rejects = tenths(falseReject.rate);
  const left = `${tenths(residual.rate)} %`;
  return {
    en: `${before} of the fakes pass as the person without it, ${left} (${range(residual)}) with it, while ${rejects} % of real pictures are turned away`,
    zh: `未设检测器时 ${before} 冒充成功，设置后剩余 ${left}（${range(residual)}），同时 ${rejects}% 的真实照片被误拒`,
  };
}

export function barAltText(name: string, targeted: string, anybody: string): Text {
  return {
    en: `${name}: targeted ${targeted} per cent, named anybody ${anybody} per cent`,
    zh: `${name}：冒充成功 ${targeted}%，认出任意人 ${anybody}%`,
  };
}

export function curveAlt(what: Text, x: Text, ends: string): Text {
  return { en: `${what.en} against ${x.en}: ${ends}`, zh: `${what.zh}随${x.zh}的变化：${ends}` };
}

export function histogramAlt(what: Text, n: string): Text {
  return { en: `${what.en}, ${n} values`, zh: `${what.zh}，${n} 个值` };
}

export function setOf(name: string, service: string): Text {
  return { en: `${name} · ${service}`, zh: `${name} · ${service}` };
}
