/** The words of the page, Chinese and English side by side. What a verdict means is said by the report (src/report/locale). */
import type { Text } from '../../src/core/text.ts';
import type { Role, Status } from './api.ts';

export const APP = {
  product: { en: 'Huoyan', zh: '火眼' },
  pages: { en: 'Pages', zh: '页面' },
  analyse: { en: 'Analyse', zh: '鉴定' },
  device: { en: 'On this device', zh: '本机' },
  cases: { en: 'Cases', zh: '案卷' },
  sources: { en: 'Sources', zh: '来源' },
  protect: { en: 'Protect', zh: '保护' },
  audits: { en: 'Audits', zh: '审计' },
  benchmarks: { en: 'Benchmarks', zh: '评测' },
  admin: { en: 'Admin', zh: '管理' },
  language: { en: 'Language', zh: '语言' },
  skip: { en: 'Skip to the content', zh: '跳到正文' },
  loading: { en: 'Loading…', zh: '正在加载…' },
  local: {
    en: 'Files go to this service only; it sends nothing anywhere.',
    zh: '文件只会发送到本服务，不会传往其他任何地方。',
  },
  here: { en: 'Files stay in this browser.', zh: '文件只留在此浏览器中。' },
  door: { en: 'A key, please', zh: '请输入密钥' },
  doorWhy: {
    en: 'This service can be reached by others, so it asks who you are. Its administrator gives you a key.',
    zh: '本服务可被他人访问，因此需要确认身份。密钥由管理员发放。',
  },
  key: { en: 'Key', zh: '密钥' },
  enter: { en: 'Enter', zh: '进入' },
} as const satisfies Record<string, Text>;

export const STATE: Readonly<Record<Status, Text>> = {
  queued: { en: 'waiting', zh: '等待中' },
  running: { en: 'examining…', zh: '检验中…' },
  succeeded: { en: 'done', zh: '已完成' },
  failed: { en: 'could not be read', zh: '无法读取' },
  cancelled: { en: 'stopped', zh: '已停止' },
};

export const ROLE: Readonly<Record<Role, Text>> = {
  viewer: { en: 'viewer: reads', zh: '查看者：只读' },
  analyst: { en: 'analyst: reads, sends, deletes', zh: '分析员：查看、上传、删除' },
  admin: { en: 'admin: everything', zh: '管理员：全部权限' },
};

/** Areas of the interface that a key may be held to, in the order they are shown; names as `/v1/keys` has them. */
export const SCOPE = {
  analyses: { en: 'analyses', zh: '分析' },
  gate: { en: 'gate', zh: '门禁' },
  trace: { en: 'tracing', zh: '追溯' },
  audit: { en: 'audits', zh: '审计' },
  protect: { en: 'protection', zh: '保护' },
  cases: { en: 'cases', zh: '案卷' },
  admin: { en: 'administration', zh: '管理' },
} as const satisfies Readonly<Record<string, Text>>;
export type Scope = keyof typeof SCOPE;
export const SCOPES = Object.keys(SCOPE) as readonly Scope[];

export const ANALYSE = {
  title: { en: 'Is it real?', zh: '它是真的吗？' },
  lead: {
    en: 'Drop a picture here and see whether it was made by AI or altered, where, and why we think so.',
    zh: '把图片拖到这里，查看它是否由 AI 生成或经过篡改、改在哪里、依据是什么。',
  },
  drop: { en: 'Drop files here, paste them, or', zh: '将文件拖到此处、直接粘贴，或' },
  choose: { en: 'Choose files', zh: '选择文件' },
  camera: { en: 'Take a picture', zh: '拍照' },
  url: { en: 'or the address of a picture', zh: '或输入图片网址' },
  fetch: { en: 'Fetch', zh: '获取' },
  files: { en: 'Files', zh: '文件' },
  sending: { en: 'sending', zh: '上传中' },
  fetching: { en: 'fetching…', zh: '获取中…' },
  earlier: { en: 'Earlier', zh: '此前的分析' },
  examining: { en: 'Examining', zh: '正在检验' },
  stop: { en: 'Stop', zh: '停止' },
  examineWhy: {
    en: 'Labels and credentials, traces of generation, local inconsistencies; then once more after re-encoding, to see whether the answer lasts.',
    zh: '检查标识与凭证、生成痕迹、局部不一致；随后在重新压缩后再次检验，看结论是否稳定。',
  },
  html: { en: 'Report (HTML)', zh: '报告（HTML）' },
  json: { en: 'Data (JSON)', zh: '数据（JSON）' },
  print: { en: 'Print or PDF', zh: '打印或存为 PDF' },
  paper: { en: 'Print', zh: '打印' },
  pdf: { en: 'Report (PDF)', zh: '报告（PDF）' },
  link: { en: 'Link', zh: '链接' },
  linkWhy: {
    en: 'Address of this result, for everybody who may use this service',
    zh: '此结果的地址，可供所有获准使用本服务的人打开',
  },
  erase: { en: 'Erase', zh: '删除' },
  eraseSure: {
    en: 'Erase this file, its report and everything derived from it?',
    zh: '确定删除该文件、其报告以及由其生成的全部数据？',
  },
  addToCase: { en: 'Add to a case', zh: '加入案卷' },
  trace: { en: 'Which generator made it?', zh: '出自哪个生成器？' },
  traceWhy: {
    en: 'Compares its fingerprint with known and enrolled generators, and estimates how the generator is built.',
    zh: '将其指纹与已知及已登记的生成器比对，并推测生成器的构造。',
  },
  traceGo: { en: 'Look', zh: '开始追溯' },
  gone: { en: 'This analysis has been erased.', zh: '该分析已被删除。' },
  more: { en: 'Show more', zh: '显示更多' },
} as const satisfies Record<string, Text>;

export const SOURCES = {
  title: { en: 'Sources', zh: '来源' },
  lead: {
    en: 'Which pictures come from the same generator, and which generator that is.',
    zh: '哪些图片出自同一个生成器，又是哪一个。',
  },
  enrolled: { en: 'Enrolled generators', zh: '已登记的生成器' },
  none: { en: 'None is enrolled yet.', zh: '尚未登记任何生成器。' },
  forget: { en: 'Forget', zh: '移除' },
  pictures: { en: 'Pictures', zh: '图片' },
  working: { en: 'Working…', zh: '正在处理…' },
  sort: { en: 'Sort pictures by source', zh: '按来源归类图片' },
  sortWhy: {
    en: 'Choose a heap of pictures; those that likely share a source come together. Nothing is stored.',
    zh: '选择一批图片，很可能同源的会归为一组。不会保存任何内容。',
  },
  sortGo: { en: 'Sort', zh: '归类' },
  report: { en: 'Report (HTML)', zh: '报告（HTML）' },
  search: { en: 'Find pictures of the same source', zh: '查找同源图片' },
  searchWhy: {
    en: 'Remember pictures by their fingerprint, and later find those that share a source with a new one.',
    zh: '按指纹记住图片，日后可查找与新图片同源的图片。',
  },
  remember: { en: 'Remember', zh: '记住' },
  find: { en: 'Find', zh: '查找' },
  picture: { en: 'Picture', zh: '图片' },
  remembered: { en: 'pictures are remembered', zh: '张图片已记住' },
  nothing: { en: 'Nothing is remembered that is like it.', zh: '没有记住与其相似的图片。' },
  similarity: { en: 'similarity', zh: '相似度' },
} as const satisfies Record<string, Text>;

export const ADMIN = {
  title: { en: 'Administration', zh: '管理' },
  notYours: { en: 'This page needs the role admin.', zh: '此页面需要管理员角色。' },
  queue: { en: 'Queue', zh: '队列' },
  waiting: { en: 'waiting', zh: '等待' },
  running: { en: 'under way', zh: '进行中' },
  succeeded: { en: 'done', zh: '已完成' },
  failed: { en: 'unreadable', zh: '无法读取' },
  poisoned: { en: 'given up', zh: '已放弃' },
  again: { en: 'Try again', zh: '重试' },
  keys: { en: 'Keys', zh: '密钥' },
  keysWhy: {
    en: 'Who calls the service from elsewhere needs a key. It is shown once; only its hash is kept.',
    zh: '从其他机器调用服务需要密钥。密钥仅显示一次，服务只保存其哈希值。',
  },
  name: { en: 'Whose', zh: '归属' },
  role: { en: 'Role', zh: '角色' },
  scopes: { en: 'Only for (none: everything its role may)', zh: '仅限用于（不选则不限，以角色为准）' },
  daily: { en: 'Files a day (empty: any number)', zh: '每日文件数（留空为不限）' },
  unlimited: { en: 'any number of files a day', zh: '每日文件数不限' },
  make: { en: 'Make a key', zh: '创建密钥' },
  made: { en: 'Copy the key now; it is not shown again:', zh: '请立即复制密钥，以后不再显示：' },
  revoke: { en: 'Revoke', zh: '吊销' },
  revoked: { en: 'revoked', zh: '已吊销' },
  none: { en: 'There is no key yet.', zh: '尚无密钥。' },
  log: { en: 'Log', zh: '日志' },
  whole: { en: 'The hash chain holds', zh: '哈希链完好' },
  broken: { en: 'The hash chain is broken', zh: '哈希链已被破坏' },
  lines: { en: 'lines', zh: '条' },
  models: { en: 'Models', zh: '模型' },
  licence: { en: 'Licence', zh: '许可' },
  parameters: { en: 'Parameters', zh: '参数量' },
  recipe: { en: 'Rebuilt by', zh: '重建命令' },
  card: { en: 'Whole card (JSON)', zh: '完整模型卡（JSON）' },
  time: { en: 'Time', zh: '时间' },
  actor: { en: 'Who', zh: '操作者' },
  action: { en: 'What', zh: '操作' },
  subject: { en: 'To what', zh: '对象' },
} as const satisfies Record<string, Text>;

export function dailyLimit(files: number): Text {
  return { en: files === 1 ? '1 file a day' : `${files} files a day`, zh: `每日 ${files} 个文件` };
}

export const CASES = {
  title: { en: 'Cases', zh: '案卷' },
  lead: {
    en: 'Files that belong together, with notes, a human verdict beside the machine’s, and a history nobody can change unseen.',
    zh: '把相关文件归在一起，附上笔记和人工结论，并保存无法暗中改动的历史记录。',
  },
  none: { en: 'There is no case yet.', zh: '尚无案卷。' },
  fresh: { en: 'New case', zh: '新建案卷' },
  name: { en: 'What it is about', zh: '案卷名称' },
  open: { en: 'Open', zh: '打开' },
  files: { en: 'Files', zh: '文件' },
  noFiles: {
    en: 'No file yet: open an analysis and choose “Add to a case”.',
    zh: '尚无文件：打开一项分析，选择“加入案卷”。',
  },
  notes: { en: 'Notes', zh: '笔记' },
  note: { en: 'Note', zh: '笔记' },
  addNote: { en: 'Add the note', zh: '添加笔记' },
  human: { en: 'Your verdict', zh: '人工结论' },
  machine: { en: 'The machine’s', zh: '机器结论' },
  undecided: { en: 'undecided', zh: '未定' },
  custody: { en: 'History', zh: '历史记录' },
  custodyWhy: {
    en: 'Every line carries the hash of the one before; “huoyan verify-log” checks the whole chain.',
    zh: '每条记录都带有前一条的哈希值；可用 huoyan verify-log 校验整条链。',
  },
  back: { en: 'All cases', zh: '全部案卷' },
  document: { en: 'Report for the file (PDF)', zh: '存档报告（PDF）' },
  print: { en: 'Print', zh: '打印' },
  takeOut: { en: 'Take out', zh: '移出' },
} as const satisfies Record<string, Text>;
