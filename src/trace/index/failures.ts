/** What can go wrong between a caller and the index, each with words for the person who meets it. */
import { type ErrorCode, HuoyanError } from '../../core/errors.ts';

const wrong = (en: string, zh: string, hintEn: string, hintZh: string) =>
  new HuoyanError('bad-argument', { en, zh }, { en: hintEn, zh: hintZh });

export const wrongDimensions = (dimensions: number) =>
  wrong(
    `an index of ${dimensions} dimensions is not possible`,
    `无法建立 ${dimensions} 维的索引`,
    'give a whole number from 2 to 2000: the length of your fingerprints',
    '请给出 2 到 2000 之间的整数，即指纹的长度',
  );

export const wrongLength = (what: string, length: number, dimensions: number) =>
  wrong(
    `${what} has ${length} numbers, the index holds fingerprints of ${dimensions}`,
    `${what} 有 ${length} 个数，而索引中的指纹有 ${dimensions} 个数`,
    'compute it with the same model that made the index',
    '请使用与建立索引时相同的模型计算指纹',
  );

export const notADirection = (what: string) =>
  wrong(
    `${what} has no direction: it is zero, or contains NaN or an infinite number`,
    `${what} 没有方向：全为零，或包含 NaN 或无穷大`,
    'the picture probably failed to yield a fingerprint; leave it out',
    '该图片可能未能得到指纹，请跳过',
  );

export const wrongText = (what: string, most: number) =>
  wrong(
    `${what} must be a text of at most ${most} characters, without NUL or half characters, and an id may not be empty`,
    `${what} 必须是不超过 ${most} 个字符的文本，不得含 NUL 或不完整字符，编号不得为空`,
    'use for example the SHA-256 of the file',
    '例如可使用文件的 SHA-256',
  );

export const wrongFacts = (id: string, most: number) =>
  wrong(
    `the facts of "${id}" are not plain JSON of at most ${most} characters`,
    `“${id}”的附加信息不是不超过 ${most} 个字符的普通 JSON`,
    'keep only what must be shown beside a match, and the rest elsewhere',
    '只保留匹配结果旁需要显示的内容，其余请另行存放',
  );

export const duplicateId = (id: string) =>
  wrong(
    `the id "${id}" is taken; nothing of this call was added`,
    `编号“${id}”已存在；本次调用未添加任何内容`,
    'delete the old fingerprint first, or give this one an id of its own',
    '请先删除旧指纹，或使用不同的编号',
  );

export const wrongSearch = () =>
  wrong(
    'a search wants a whole number of results from 1 to 1000 and a least similarity from -1 to 1',
    '检索的结果数必须是 1 到 1000 的整数，最低相似度必须在 -1 到 1 之间',
    'for more than 1000 results, split the question or read the database itself',
    '如需超过 1000 个结果，请拆分查询或直接读取数据库',
  );

export const otherDimensions = (there: number, wanted: number) =>
  wrong(
    `this index holds fingerprints of ${there} numbers, not ${wanted}`,
    `该索引中的指纹有 ${there} 个数，而不是 ${wanted} 个`,
    `open it with ${there} dimensions, or use another place for the new fingerprints`,
    `请以 ${there} 维打开，或将新指纹存放在别处`,
  );

export const otherFormat = () =>
  wrong(
    'this index was made by another version of Huoyan, or with the other kind of search',
    '该索引由其他版本的火眼建立，或使用了另一种检索方式',
    'open it as it was made, or build it anew elsewhere',
    '请按建立时的方式打开，或在别处重新建立',
  );

export const wrongName = (name: string) =>
  wrong(
    `"${name}" cannot name an index`,
    `“${name}”不能作为索引名称`,
    'use up to 40 of a-z, 0-9 and _, beginning with a letter',
    '请使用不超过 40 个字符的 a-z、0-9 和 _，并以字母开头',
  );

export const closed = () => wrong('the index is closed', '索引已关闭', 'open it again', '请重新打开');

export const full = (rows: number) =>
  new HuoyanError(
    'too-large',
    {
      en: `the index is full: with ${rows} more fingerprints it would not fit into 4 GiB`,
      zh: `索引已满：再添加 ${rows} 个指纹将超过 4 GiB`,
    },
    {
      en: 'spread the fingerprints over several indexes, or use PostgreSQL with pgvector',
      zh: '请将指纹分到多个索引，或使用带 pgvector 的 PostgreSQL',
    },
  );

export const folderInUse = (folder: string, pid: number) =>
  new HuoyanError(
    'permission-denied',
    { en: `"${folder}" is in use by process ${pid}`, zh: `“${folder}”正被进程 ${pid} 使用` },
    {
      en: 'a folder serves one process at a time: close the other one, or use PostgreSQL for several',
      zh: '一个文件夹同时只能供一个进程使用：请关闭另一个进程，或改用 PostgreSQL',
    },
  );

export function folderUnusable(folder: string, cause: unknown): HuoyanError {
  const code = (cause as { code?: string }).code ?? '';
  const kind: ErrorCode = ['EEXIST', 'ENOTDIR'].includes(code) ? 'bad-argument' : 'permission-denied';
  return new HuoyanError(
    kind,
    {
      en: `"${folder}" cannot be used as the folder of an index (${code})`,
      zh: `“${folder}”不能用作索引文件夹（${code}）`,
    },
    {
      en: 'give a folder that this user may write to; it is created if it does not exist',
      zh: '请给出当前用户可写的文件夹；若不存在会自动创建',
    },
    { cause },
  );
}

export const folderBroken = (folder: string, cause: unknown) =>
  new HuoyanError(
    'corrupt',
    {
      en: `the database in "${folder}" does not open`,
      zh: `“${folder}”中的数据库无法打开`,
    },
    {
      en: 'restore the folder from a copy, or give an empty folder and add the fingerprints again',
      zh: '请从备份恢复该文件夹，或使用空文件夹重新添加指纹',
    },
    { cause },
  );

export const componentMissing = (component: string, cause: unknown) =>
  new HuoyanError(
    'component-missing',
    { en: `the package ${component} is not installed`, zh: `未安装软件包 ${component}` },
    { en: `npm install ${component}`, zh: `npm install ${component}` },
    { cause },
  );

export function databaseUnreachable(cause: unknown): HuoyanError {
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const refused = ['28P01', '28000', '42501'].includes(code);
  return new HuoyanError(
    refused ? 'permission-denied' : 'not-found',
    refused
      ? { en: `PostgreSQL refuses: ${message}`, zh: `PostgreSQL 拒绝访问：${message}` }
      : { en: `PostgreSQL cannot be reached: ${message}`, zh: `无法连接 PostgreSQL：${message}` },
    refused
      ? {
          en: 'check user and password; the user must be allowed to create a schema, once',
          zh: '请检查用户名和密码；该用户首次使用时需有创建模式（schema）的权限',
        }
      : {
          en: 'check the address (postgres://user:password@host:5432/database) and that the server runs',
          zh: '请检查地址（postgres://用户:密码@主机:5432/数据库）以及服务器是否在运行',
        },
    { cause },
  );
}
