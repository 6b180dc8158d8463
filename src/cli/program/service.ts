/** The service and what belongs to it: `serve`, `worker`, `keys`, `verify-log`, `backup`, `restore`. */
import type { Text } from '../../core/text.ts';
import { SCOPES, scopesOf } from '../../service/keys/scopes.ts';
import type { KeyFlags } from '../commands/keys.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { PlaceFlags } from '../service-place.ts';
import type { Argument, Declaration, Flag } from './declaration.ts';
import { AS_JSON } from './options.ts';
import { integer, Unfit } from './values.ts';

const DATA: Flag = {
  flags: '--data <dir>',
  text: { en: 'its folder (default: your own)', zh: '数据文件夹（默认：用户自己的）' },
};

const DATABASE: Flag = {
  flags: '--database <url>',
  text: {
    en: 'postgres://…, for several processes (default: embedded, in the folder)',
    zh: 'postgres://…，用于多进程（默认：内嵌于文件夹）',
  },
};

const WORK: readonly Flag[] = [
  DATA,
  DATABASE,
  {
    flags: '--blobs <url>',
    text: {
      en: 's3://BUCKET/PREFIX?endpoint=…&region=… for the files (default: in the folder)',
      zh: 's3://桶/前缀?endpoint=…&region=…，存放文件（默认：在文件夹中）',
    },
  },
  {
    flags: '--blob-key <file>',
    text: { en: 'encrypt kept files with the key in this file', zh: '用该文件中的密钥加密所保存的文件' },
  },
  {
    flags: '--workers <n>',
    text: { en: 'processes that analyse (default: one a core)', zh: '分析进程数（默认：每核一个）' },
    parse: integer(0, 1024),
  },
  {
    flags: '--timeout <seconds>',
    text: { en: 'longest time for one file (default: 300)', zh: '单个文件的最长用时（默认：300）' },
    parse: integer(1, 86_400),
  },
  {
    flags: '--memory <mb>',
    text: { en: 'most memory of one of them (default: 1024)', zh: '单个分析进程的内存上限（默认：1024）' },
    parse: integer(256, 1_000_000),
  },
  {
    flags: '--allow-private-urls',
    text: { en: 'fetch URLs within your own network, too', zh: '也允许抓取本地网络中的网址' },
  },
];

export const serve: Declaration = {
  name: 'serve',
  summary: { en: 'the service and its web page', zh: '启动服务与网页' },
  description: {
    en: 'Starts the HTTP service with its web page, an embedded database and workers, all in one. On the loopback address it needs no key; on any other it refuses to start without one.',
    zh: '启动 HTTP 服务及网页，内含数据库与分析进程。仅监听本机时无需密钥；监听其他地址时，没有密钥则拒绝启动。',
  },
  options: [
    {
      flags: '--host <address>',
      text: { en: 'where to listen (default: 127.0.0.1)', zh: '监听地址（默认：127.0.0.1）' },
    },
    {
      flags: '--port <n>',
      text: { en: 'port; 0 takes any (default: 8080)', zh: '端口；0 为任意（默认：8080）' },
      parse: integer(0, 65_535),
    },
    ...WORK,
    {
      flags: '--api-key <key>',
      text: {
        en: 'a key with all rights (also: HUOYAN_API_KEY)',
        zh: '拥有全部权限的密钥（亦可设 HUOYAN_API_KEY）',
      },
    },
    {
      flags: '--require-key',
      text: { en: 'ask for a key on the loopback address, too', zh: '本机访问也要求密钥' },
    },
    {
      flags: '--allow-host <names>',
      text: { en: 'names it is called by, with commas', zh: '允许的访问域名，以逗号分隔' },
    },
    {
      flags: '--max-upload <mb>',
      text: { en: 'largest file (default: 256)', zh: '单个文件上限（默认：256）' },
      parse: integer(1, 100_000),
    },
    {
      flags: '--max-waiting <n>',
      text: {
        en: 'turn away when so many wait (default: 10000)',
        zh: '等待数达到后拒绝新请求（默认：10000）',
      },
      parse: integer(1, 100_000_000),
    },
    {
      flags: '--keep <hours>',
      text: {
        en: 'erase everything after so long (default: never)',
        zh: '超过此时长后全部删除（默认：不删除）',
      },
      parse: integer(1, 876_000),
    },
    {
      flags: '--log <level>',
      text: { en: 'what to log on standard error (default: warn)', zh: '标准错误流的日志级别（默认：warn）' },
      choices: ['silent', 'error', 'warn', 'info', 'debug'],
    },
  ],
  load: async (_: [], flags: ServeFlags) => {
    const { serve } = await import('../commands/serve.ts');
    return (io) => serve(flags, io);
  },
};

export const worker: Declaration = {
  name: 'worker',
  summary: { en: 'more workers for a service on PostgreSQL', zh: '为基于 PostgreSQL 的服务增加分析进程' },
  description: {
    en: 'Takes work from the queue of a service on PostgreSQL; as many of these as there are machines. Each must see the folder of the service.',
    zh: '从基于 PostgreSQL 的服务队列领取任务；可在多台机器上运行任意多个，每台都须能访问服务的数据文件夹。',
  },
  options: [
    ...WORK,
    {
      flags: '--log <level>',
      text: { en: 'what to log on standard error (default: warn)', zh: '标准错误流的日志级别（默认：warn）' },
      choices: ['silent', 'error', 'warn', 'info', 'debug'],
    },
  ],
  load: async (_: [], flags: ServeFlags) => {
    const { worker } = await import('../commands/serve.ts');
    return (io) => worker(flags, io);
  },
};

function areas(text: string): string {
  if (scopesOf(text)) return text;
  throw new Unfit({ en: `It must be some of: ${SCOPES.join(', ')}.`, zh: `应取自：${SCOPES.join('、')}。` });
}

const create: Declaration = {
  name: 'create',
  summary: { en: 'make a key; it is shown once', zh: '创建密钥；仅显示一次' },
  arguments: [{ name: '<name>', text: { en: 'whose it is', zh: '归属说明' } }],
  options: [
    {
      flags: '--role <role>',
      text: { en: 'what it may do (default: analyst)', zh: '权限（默认：analyst）' },
      choices: ['viewer', 'analyst', 'admin'],
    },
    {
      flags: '--daily <n>',
      text: { en: 'most files a day', zh: '每日文件数上限' },
      parse: integer(1, 1_000_000_000),
    },
    {
      flags: '--scopes <areas>',
      text: {
        en: `what it is for, with commas: ${SCOPES.join(', ')} (default: everything)`,
        zh: `用途，以逗号分隔：${SCOPES.join('、')}（默认：全部）`,
      },
      parse: areas,
    },
    DATA,
    DATABASE,
  ],
  load: async ([name]: [string], flags: KeyFlags) => {
    const { keysCreate } = await import('../commands/keys.ts');
    return (io) => keysCreate(name, flags, io);
  },
};

const list: Declaration = {
  name: 'list',
  summary: { en: 'the keys there are', zh: '列出密钥' },
  options: [AS_JSON, DATA, DATABASE],
  load: async (_: [], flags: KeyFlags) => {
    const { keysList } = await import('../commands/keys.ts');
    return (io) => keysList(flags, io);
  },
};

const revoke: Declaration = {
  name: 'revoke',
  summary: { en: 'end a key', zh: '吊销密钥' },
  arguments: [{ name: '<id>', text: { en: 'its id, from the list', zh: '列表中的编号' } }],
  options: [DATA, DATABASE],
  load: async ([id]: [string], flags: KeyFlags) => {
    const { keysRevoke } = await import('../commands/keys.ts');
    return (io) => keysRevoke(id, flags, io);
  },
};

export const keys: Declaration = {
  name: 'keys',
  summary: { en: 'keys of the service', zh: '管理服务的密钥' },
  description: {
    en: 'Makes, lists and revokes keys. With the embedded database the service must not be running; its own Admin page does the same while it runs.',
    zh: '创建、列出、吊销密钥。使用内嵌数据库时须先停止服务；运行期间可在其“管理”页面操作。',
  },
  commands: [create, list, revoke],
};

export const verifyLog: Declaration = {
  name: 'verify-log',
  summary: { en: 'check the hash chain of the log', zh: '校验日志的哈希链' },
  description: {
    en: 'Goes through the log of a service and says whether its hash chain holds; exit code 4 when it does not.',
    zh: '逐条校验服务日志的哈希链是否完好；不完好时退出码为 4。',
  },
  options: [AS_JSON, DATA, DATABASE],
  load: async (_: [], flags: PlaceFlags & { readonly json?: boolean }) => {
    const { verifyLog } = await import('../commands/verify-log.ts');
    return (io) => verifyLog(flags, io);
  },
};

const saved = (text: Text): Argument => ({ name: '<folder>', text });

export const backup: Declaration = {
  name: 'backup',
  summary: { en: 'save the folder of a service', zh: '备份服务的数据文件夹' },
  description: {
    en: 'Copies the folder of a stopped service, embedded database and files, with the SHA-256 of each file.',
    zh: '复制已停止的服务的数据文件夹（内嵌数据库与文件），并记录每个文件的 SHA-256。',
  },
  arguments: [saved({ en: 'a new or empty folder', zh: '新的或空的文件夹' })],
  options: [DATA, DATABASE],
  load: async ([out]: [string], flags: PlaceFlags) => {
    const { backupTo } = await import('../commands/backup.ts');
    return (io) => backupTo(out, flags, io);
  },
};

export const restore: Declaration = {
  name: 'restore',
  summary: { en: 'put a saved service back', zh: '恢复已备份的服务' },
  description: {
    en: 'Checks a backup file by file and puts it back as the new or empty folder of a service.',
    zh: '逐个校验备份中的文件，并恢复为新的或空的服务数据文件夹。',
  },
  arguments: [saved({ en: 'what "huoyan backup" wrote', zh: 'huoyan backup 的输出文件夹' })],
  options: [DATA, DATABASE],
  load: async ([from]: [string], flags: PlaceFlags) => {
    const { restoreFrom } = await import('../commands/backup.ts');
    return (io) => restoreFrom(from, flags, io);
  },
};
