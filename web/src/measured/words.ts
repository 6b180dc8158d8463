/** The words of the page of what was measured. */
import type { Text } from '../../../src/core/text.ts';

export const MEASURED = {
  title: { en: 'Measured', zh: '评测' },
  lead: {
    en: 'What Huoyan was measured to do, with the bad figures too; and how well a face recogniser of yours resists fakes.',
    zh: '火眼的实测表现，差的数字也照写；以及您的人脸识别服务抵御伪造的能力。',
  },
  tables: { en: 'Benchmarks', zh: '评测表' },
  tablesWhy: {
    en: 'As the committed commands printed them.',
    zh: '由仓库中的命令打印，原文为英文。',
  },
  choose: { en: 'Table', zh: '表格' },
  names: {
    leaderboard: { en: 'Leaderboard of detectors', zh: '检测器排行榜' },
    synthesis: { en: 'Generated pictures', zh: '生成图片' },
    'synthesis-tried': { en: 'Generated pictures: what was tried', zh: '生成图片：试过的方法' },
    splice: { en: 'Altered pictures', zh: '篡改图片' },
    face: { en: 'Swapped faces', zh: '换脸' },
    'deepfake-faces': { en: 'Swapped faces: published fakes', zh: '换脸：公开伪造数据' },
    video: { en: 'Video', zh: '视频' },
    voice: { en: 'Voices', zh: '语音' },
    trace: { en: 'Tracing a generator', zh: '溯源生成器' },
    index: { en: 'Searching millions', zh: '百万级检索' },
    gate: { en: 'The gate', zh: '准入网关' },
    audit: { en: 'Audited recognisers', zh: '人脸识别审计' },
    protect: { en: 'Watermarks and labels', zh: '水印与标识' },
    cloak: { en: 'Cloaks', zh: '隐身保护' },
    service: { en: 'The service', zh: '服务' },
    analyze: { en: 'Speed and memory', zh: '速度与内存' },
    nn: { en: 'Networks', zh: '神经网络' },
    device: { en: 'On this device', zh: '本机鉴定' },
  },
  audit: { en: 'Audit a face recogniser', zh: '审计人脸识别服务' },
  auditWhy: {
    en: 'Give what it answered to fakes (CSV or NDJSON: Src, Tar, Src Pred., Tar Pred. …). Drawn here, stored nowhere.',
    zh: '提供它对伪造图片的回答（CSV 或 NDJSON：Src、Tar、Src Pred.、Tar Pred. 等）。仅在此绘图，不予保存。',
  },
  answers: { en: 'Recorded answers', zh: '回答记录' },
  service: { en: 'Name of the service', zh: '服务名称' },
  go: { en: 'Audit', zh: '审计' },
  working: { en: 'Working…', zh: '正在处理…' },
} as const satisfies Record<string, Text | Record<string, Text>>;
