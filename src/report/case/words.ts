/** The words of the report of a case or an analysis, Chinese and English side by side. */
import type { Text } from '../../core/text.ts';

export const CASE = {
  kind: { en: 'Case report', zh: '案卷报告' },
  oneKind: { en: 'Analysis report', zh: '鉴定报告' },
  analysis: { en: 'Analysis', zh: '鉴定编号' },
  byHuoyan: { en: 'Examined with Huoyan', zh: '由火眼检验' },
  case: { en: 'Case', zh: '案卷编号' },
  opened: { en: 'Opened', zh: '建卷时间' },
  printed: { en: 'This copy made', zh: '本件生成时间' },
  printedBy: { en: 'Made for', zh: '生成者' },
  software: { en: 'Software', zh: '软件' },
  chain: { en: 'Log when this copy was made', zh: '生成本件时的日志' },
  contents: { en: 'Files and verdicts', zh: '文件与结论一览' },
  number: { en: 'No.', zh: '序号' },
  file: { en: 'File', zh: '文件' },
  machine: { en: 'Machine', zh: '机器结论' },
  human: { en: 'Person', zh: '人工结论' },
  undecided: { en: 'not stated', zh: '未作' },
  notYet: { en: 'not examined yet', zh: '尚未检验' },
  noFiles: { en: 'There is no file in this case.', zh: '案卷中没有文件。' },
  sha256: { en: 'SHA-256', zh: 'SHA-256' },
  size: { en: 'Size', zh: '大小' },
  bytes: { en: 'bytes', zh: '字节' },
  received: { en: 'Received', zh: '接收时间' },
  examined: { en: 'Examined', zh: '检验时间' },
  source: { en: 'Fetched from', zh: '获取自' },
  format: { en: 'Format', zh: '格式' },
  verdict: { en: 'Machine verdict', zh: '机器结论' },
  humanVerdict: { en: 'Human verdict', zh: '人工结论' },
  probability: { en: 'Probability of AI or alteration', zh: 'AI 生成或篡改的概率' },
  interval: { en: '90 % interval', zh: '90% 区间' },
  prior: { en: 'assumed before looking', zh: '检验前的假定' },
  stability: { en: 'After re-encoding', zh: '重新编码后' },
  stabilityNone: { en: 'was not examined', zh: '未检验' },
  reasons: { en: 'Reasons, heaviest first', zh: '理由（按权重排列）' },
  evidence: { en: 'Evidence', zh: '证据' },
  result: { en: 'Result', zh: '结果' },
  weight: { en: 'Weight', zh: '权重' },
  version: { en: 'Version', zh: '版本' },
  notExamined: { en: 'What could not be examined', zh: '未能检验的内容' },
  notes: { en: 'Notes', zh: '笔记' },
  noNotes: { en: 'There is no note.', zh: '没有笔记。' },
  custody: { en: 'Chain of custody', zh: '保管记录' },
  at: { en: 'Time (UTC)', zh: '时间（UTC）' },
  who: { en: 'Who', zh: '操作者' },
  what: { en: 'What, and the hash of the line', zh: '操作，及该条记录的哈希值' },
  method: { en: 'Method', zh: '方法' },
  limits: { en: 'Limits', zh: '局限' },
  models: { en: 'Networks installed', zh: '所用模型' },
  name: { en: 'Name', zh: '名称' },
  system: { en: 'the service itself', zh: '服务自身' },
  local: { en: 'this machine, without a key', zh: '本机（无密钥）' },
  root: { en: 'the key the service was started with', zh: '服务启动时所给的密钥' },
  whole: { en: 'the hash chain holds', zh: '哈希链完好' },
  broken: { en: 'THE HASH CHAIN DOES NOT HOLD', zh: '哈希链已被破坏' },
} as const satisfies Record<string, Text>;

/** What an entry of the log says was done. */
export const ACTION: Readonly<Record<string, Text>> = {
  'case.open': { en: 'Case opened', zh: '建立案卷' },
  'case.add': { en: 'File put into the case', zh: '文件归入案卷' },
  'case.remove': { en: 'File taken out of the case', zh: '文件移出案卷' },
  'case.verdict': { en: 'Human verdict stated', zh: '作出人工结论' },
  'case.note': { en: 'Note written', zh: '添加笔记' },
  'case.report': { en: 'Report made (SHA-256 of the document)', zh: '生成报告（文档的 SHA-256）' },
  'analysis.report': { en: 'Report made (SHA-256 of the document)', zh: '生成报告（文档的 SHA-256）' },
  'analysis.accept': { en: 'File received', zh: '接收文件' },
  'analysis.cancel': { en: 'Examination stopped', zh: '停止检验' },
  'work.finish': { en: 'Examination ended', zh: '检验结束' },
  'work.retry': { en: 'Examination tried again', zh: '重新检验' },
};

export const METHOD: readonly Text[] = [
  {
    en: 'Every file was examined as it was received, byte for byte; its SHA-256 was computed on arrival. Names of files are labels that their senders gave.',
    zh: '每个文件均按接收时的原始字节检验，SHA-256 在到达时计算。文件名是发送者给出的标签。',
  },
  {
    en: 'Several independent kinds of evidence are examined: labels and content credentials in the file, traces of generation, local inconsistencies, faces, and for sound and video those of time, voice and coding. Each states a log-likelihood ratio (natural logarithm): how much likelier the observation is if the file was made by AI or altered than if it was not. 2.3 is ten times, 4.6 a hundred times; negative numbers speak for an unaltered file.',
    zh: '检验多种相互独立的证据：文件中的标识与内容凭证、生成痕迹、局部不一致、人脸；对声音与视频还包括时间、语音与编码方面的证据。每种证据给出对数似然比（自然对数）：若文件由 AI 生成或经过篡改，所见情形的可能性是未经改动时的多少倍。2.3 约为十倍，4.6 约为一百倍；负数支持未经改动。',
  },
  {
    en: 'The ratios were calibrated on files whose sources and generators the detectors had not been fitted on. The probability combines them with an assumption made before looking, which is printed beside it; whoever assumes otherwise must compute it anew from the sum of the ratios.',
    zh: '似然比在检测器拟合时未用过的来源与生成器上校准。概率由各似然比与检验前的假定合并得出，该假定印在概率旁；假定不同者应以似然比之和重新计算。',
  },
  {
    en: '“Not applicable” and “failed” are results: they say nothing for or against the file and are not counted as zero.',
    zh: '“不适用”与“检验失败”也是结果：对文件真伪不作任何说明，也不按零分计入。',
  },
  {
    en: 'Times are those of the clock of the service, in UTC. Every act is a line of a log in which each line carries the SHA-256 of itself and of the line before it. “huoyan verify-log” checks the whole chain; with the hashes printed here anybody can tell later whether a line has been changed. The chain cannot show that its end was cut off, unless its last hash is kept elsewhere: this copy does that.',
    zh: '时间取自服务所在机器的时钟（UTC）。每次操作都是日志中的一条记录，各条带有自身与前一条的 SHA-256。可用 huoyan verify-log 校验整条链；凭本件所印的哈希值，任何人日后都能判断某条记录是否被改动。哈希链本身无法显示其末尾被截去，除非末条哈希另存他处：本件即为一处。',
  },
  {
    en: 'This document is not signed. The moment it was made, its own SHA-256 was written into the log (an action that ends in .report): compare it with that line.',
    zh: '本文档未签名。生成时其自身的 SHA-256 已写入日志（名称以 .report 结尾的操作），可与该条记录核对。',
  },
];

/** Read with {@link METHOD} where people state verdicts, too. */
export const HUMAN_METHOD: Text = {
  en: 'The human verdict is what a person with a key stated beside the machine’s, and is not used by it.',
  zh: '人工结论由持有密钥的人员在机器结论之外另行作出，机器不使用它。',
};
