/** The words of the pages of what was measured: audits of other people's recognisers, benchmarks of detectors. */
import type { Text } from '../../../src/core/text.ts';

/** What a page of measurements says of itself. */
export type MeasuredWords = Readonly<
  Record<'title' | 'lead' | 'fresh' | 'freshWhy' | 'tables' | 'go' | 'made' | 'none' | 'back' | 'sure', Text>
>;

export const MEASURED = {
  working: { en: 'Sending…', zh: '正在上传…' },
  queued: { en: 'waiting', zh: '等待中' },
  running: { en: 'measuring…', zh: '正在测量…' },
  failed: { en: 'could not be measured', zh: '无法测量' },
  cancelled: { en: 'stopped', zh: '已停止' },
  stop: { en: 'Stop', zh: '停止' },
  erase: { en: 'Erase', zh: '删除' },
  more: { en: 'Show more', zh: '显示更多' },
  html: { en: 'Report (HTML)', zh: '报告（HTML）' },
  json: { en: 'Data (JSON)', zh: '数据（JSON）' },
  print: { en: 'Print or PDF', zh: '打印或存为 PDF' },
} as const satisfies Record<string, Text>;

export const AUDITS = {
  title: { en: 'Audits', zh: '审计' },
  lead: {
    en: 'How well a face recogniser resists fakes: how often they pass as the person they show.',
    zh: '人脸识别服务抵御伪造的能力：伪造图片冒充成功的比例。',
  },
  fresh: { en: 'Audit a face recogniser', zh: '审计人脸识别服务' },
  freshWhy: {
    en: 'Give what it answered to fakes (CSV or NDJSON: Src, Tar, Src Pred., Tar Pred. …). The tables are erased as soon as they are measured; the report stays until you erase it.',
    zh: '提供它对伪造图片的应答（CSV 或 NDJSON：Src、Tar、Src Pred.、Tar Pred. 等）。表格测完即删，报告保留至您删除为止。',
  },
  tables: { en: 'Recorded answers', zh: '应答记录' },
  go: { en: 'Audit', zh: '审计' },
  made: { en: 'Audits made', zh: '已有审计' },
  none: { en: 'No audit has been made yet.', zh: '尚无审计。' },
  back: { en: 'All audits', zh: '全部审计' },
  sure: { en: 'Erase this audit?', zh: '确定删除这项审计？' },
} as const satisfies MeasuredWords;

export const SERVICE: Text = { en: 'Name of the service', zh: '服务名称' };

export const BENCHMARKS = {
  title: { en: 'Benchmarks', zh: '评测' },
  lead: {
    en: 'What detectors are worth: yours from their scores, and Huoyan’s as measured, with the bad figures too.',
    zh: '检测器的真实水平：用分数文件评测您的检测器；火眼的实测结果一并列出，差的数字也照写。',
  },
  fresh: { en: 'Compare detectors', zh: '比较检测器' },
  freshWhy: {
    en: 'Give their score files (key,label,score; NAME.scores.meta.json beside each where there is one). Ranked with intervals, and any two compared. The tables are erased as soon as they are measured.',
    zh: '提供分数文件（key,label,score；如有 NAME.scores.meta.json 请一并提供）。按区间排名并两两比较。表格测完即删。',
  },
  tables: { en: 'Score files', zh: '分数文件' },
  go: { en: 'Measure', zh: '评测' },
  made: { en: 'Benchmarks made', zh: '已有评测' },
  none: { en: 'None has been made yet.', zh: '尚无评测。' },
  back: { en: 'All benchmarks', zh: '全部评测' },
  sure: { en: 'Erase this benchmark?', zh: '确定删除这项评测？' },
} as const satisfies MeasuredWords;

/** The committed tables. */
export const COMMITTED = {
  title: { en: 'Huoyan, measured', zh: '火眼实测' },
  why: {
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
} as const satisfies Record<string, Text | Record<string, Text>>;
