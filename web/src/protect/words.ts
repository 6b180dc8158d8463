/** The words of the page that protects. */
import type { Text } from '../../../src/core/text.ts';

export const PROTECT = {
  title: { en: 'Protect', zh: '保护' },
  lead: {
    en: 'Invisible marks that survive a screen, the labels that generated content must carry, and cloaks for portraits. Nothing sent here is kept.',
    zh: '可抵抗屏幕翻拍的不可见水印、生成内容应携带的标识，以及人像的防护扰动。此处提交的内容不会被保存。',
  },
  notYours: { en: 'This page needs the role analyst.', zh: '此页面需要分析员角色。' },
  working: { en: 'Working…', zh: '正在处理…' },
  picture: { en: 'Picture', zh: '图片' },
  file: { en: 'File', zh: '文件' },
  camera: { en: 'Photograph a screen', zh: '拍摄屏幕' },
  key: { en: 'Key', zh: '密钥' },
  place: { en: 'place', zh: '地点' },
  device: { en: 'device', zh: '设备' },
  save: { en: 'Save', zh: '保存' },
  read: { en: 'Read a mark', zh: '读取水印' },
  readWhy: {
    en: 'From a copy, a crop, a screenshot or a photograph of a screen, with the key it was written with.',
    zh: '凭写入时的密钥，从副本、裁剪、截图或屏幕翻拍中读取。',
  },
  readGo: { en: 'Read', zh: '读取' },
  photographed: {
    en: 'Also look for one photographed from a screen (takes seconds)',
    zh: '同时查找屏幕翻拍的水印（需要数秒）',
  },
  found: { en: 'Mark', zh: '水印' },
  corrected: { en: 'of 416 code bits corrected', zh: '个码位已纠正（共 416 个）' },
  notFound: { en: 'No mark of this key was found', zh: '未找到该密钥的水印' },
  notFoundWhy: { en: 'That does not prove that there never was one.', zh: '这不证明其从未存在。' },
  mark: { en: 'Mark a picture', zh: '嵌入水印' },
  markWhy: {
    en: '64 bits of your own, invisible, to be read back with the same key.',
    zh: '自定的 64 位信息，肉眼不可见，凭同一密钥读回。',
  },
  message: { en: 'Message: 1 to 16 hexadecimal digits', zh: '信息：1 至 16 个十六进制数字' },
  format: { en: 'Format', zh: '格式' },
  markGo: { en: 'Mark', zh: '嵌入' },
  marked: { en: 'Marked with', zh: '已嵌入' },
  check: { en: 'Check a label', zh: '检查标识' },
  checkWhy: {
    en: 'The implicit label of GB 45438-2025, in pictures, video, sound and PDF.',
    zh: 'GB 45438-2025 隐式标识：图片、视频、音频与 PDF。',
  },
  checkGo: { en: 'Check', zh: '检查' },
  verdict: {
    compliant: { en: 'complies', zh: '符合要求' },
    'non-compliant': { en: 'does not comply', zh: '不符合要求' },
    absent: {
      en: 'no label; any re-save loses one, so this proves nothing',
      zh: '无标识；重新保存即会丢失，因此不构成证明',
    },
    inconclusive: { en: 'there is a label that cannot be read', zh: '存在无法读取的标识' },
  },
  label: { en: 'Write a label', zh: '写入标识' },
  labelWhy: {
    en: 'Says in the file that it was generated, and by whom; the picture or sound itself is not touched.',
    zh: '在文件中声明其为生成内容及提供者；不改动图像或声音本身。',
  },
  producer: { en: 'Producer (ContentProducer)', zh: '生成合成服务提供者（ContentProducer）' },
  id: { en: 'Number of this content (ProduceID)', zh: '内容编号（ProduceID）' },
  degree: { en: 'It is', zh: '属性' },
  degrees: [
    { en: '1: generated', zh: '1：属于生成内容' },
    { en: '2: possibly generated', zh: '2：可能为生成内容' },
    { en: '3: suspected to be generated', zh: '3：疑似为生成内容' },
  ],
  labelGo: { en: 'Write', zh: '写入' },
  labelled: { en: 'Label written:', zh: '已写入标识：' },
} as const satisfies Record<string, Text | Record<string, Text> | readonly Text[]>;
