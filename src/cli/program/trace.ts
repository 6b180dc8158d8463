/** `huoyan trace` and what is within it: enrolment, clusters, the lasting index. */
import type { Text } from '../../core/text.ts';
import type { TraceFlags } from '../commands/trace.ts';
import type { ClusterFlags } from '../commands/trace-cluster.ts';
import type { IndexFlags } from '../commands/trace-index.ts';
import type { Declaration, Flag } from './declaration.ts';
import {
  ANY_INPUT,
  ANY_PICTURES,
  AS_JSON,
  FILES_FROM,
  HTML,
  JSON_DOCUMENT,
  SOME_PICTURES,
} from './options.ts';
import { integer } from './values.ts';

const enrol: Declaration = {
  name: 'enrol',
  alias: 'enroll',
  summary: {
    en: 'add a generator from 5 to 20 of its pictures, or of its voice clips',
    zh: '用 5 至 20 张图片或 5 至 20 段语音登记一个生成器',
  },
  description: {
    en: 'Adds a generator from a handful of its pictures, or a speech synthesis system from a handful of its clips, in seconds and without training. Only numbers are kept, never the files. Pictures and sounds are enrolled apart.',
    zh: '用少量图片登记一个图像生成器，或用少量语音登记一个语音合成系统，数秒完成，无需训练；只保存特征数值，不保存文件。图片与声音须分别登记。',
  },
  arguments: [
    { name: '<name>', text: { en: 'what to call it', zh: '名称' } },
    {
      name: '<paths...>',
      text: {
        en: 'its pictures or its clips: files, folders, globs',
        zh: '其图片或语音：文件、文件夹、通配符',
      },
    },
  ],
  load: async ([name, paths]: [string, string[]]) => {
    const { enrol } = await import('../commands/trace-enrol.ts');
    return (io) => enrol(name, paths, io);
  },
};

const cluster: Declaration = {
  name: 'cluster',
  summary: { en: 'sort pictures into sources', zh: '按来源归类图片' },
  description: {
    en: 'Sorts pictures into groups of one source each, with a rest that fits nowhere, and tells copies of one picture from different pictures of one source.',
    zh: '把图片按来源归类，无法归类者另列，并区分“同一图片的副本”与“同源的不同图片”。',
  },
  arguments: [ANY_PICTURES],
  options: [
    AS_JSON,
    HTML,
    {
      flags: '--smallest <n>',
      text: { en: 'fewest pictures of a source (default: 3)', zh: '一个来源的最少图片数（默认：3）' },
      parse: integer(2, 1000),
    },
  ],
  load: async ([paths]: [string[]], flags: ClusterFlags) => {
    const { traceCluster } = await import('../commands/trace-cluster.ts');
    return (io) => traceCluster(paths, flags, io);
  },
};

function indexCommand(
  name: 'add' | 'search' | 'remove',
  summary: Text,
  options: readonly Flag[] = [],
): Declaration {
  return {
    name,
    summary,
    arguments: [SOME_PICTURES],
    options: [
      {
        flags: '--index <place>',
        text: {
          en: 'a folder or postgres://… (default: your own)',
          zh: '文件夹或 postgres://…（默认：用户自己的索引）',
        },
      },
      ...options,
    ],
    load: async ([paths]: [string[]], flags: IndexFlags) => {
      const { indexAdd, indexRemove, indexSearch } = await import('../commands/trace-index.ts');
      const act = { add: indexAdd, search: indexSearch, remove: indexRemove }[name];
      return (io) => act(paths, flags, io);
    },
  };
}

const index: Declaration = {
  name: 'index',
  summary: { en: 'remember pictures and find those of one source', zh: '记住图片，日后按来源查找' },
  description: {
    en: 'Keeps fingerprints of pictures, not the pictures, in a lasting index: on this machine, or on a PostgreSQL server for many.',
    zh: '把图片的指纹（而非图片）存入持久索引：存于本机，或存于多机共用的 PostgreSQL 服务器。',
  },
  commands: [
    indexCommand('add', { en: 'remember pictures', zh: '记住图片' }),
    indexCommand(
      'search',
      { en: 'remembered pictures most alike by source', zh: '查找来源最相近的已记图片' },
      [
        { flags: '--json', text: { en: 'one JSON document a picture', zh: '每张图片一个 JSON 文档' } },
        {
          flags: '--count <n>',
          text: { en: 'matches for each picture (default: 10)', zh: '每张图片的结果数（默认：10）' },
          parse: integer(1, 999),
        },
      ],
    ),
    indexCommand('remove', { en: 'forget pictures', zh: '移除图片' }),
  ],
};

const enrolled: Declaration = {
  name: 'enrolled',
  summary: { en: 'list the enrolled generators and synthesis systems', zh: '列出已登记的生成器与合成系统' },
  options: [AS_JSON],
  load: async (_: [], flags: { readonly json?: boolean }) => {
    const { enrolled } = await import('../commands/trace-enrol.ts');
    return (io) => enrolled(flags, io);
  },
};

const forget: Declaration = {
  name: 'forget',
  summary: { en: 'remove an enrolled generator or system', zh: '移除一个已登记的生成器或合成系统' },
  arguments: [{ name: '<name>', text: { en: 'the name it was enrolled under', zh: '登记时的名称' } }],
  load: async ([name]: [string]) => {
    const { forget } = await import('../commands/trace-enrol.ts');
    return (io) => forget(name, io);
  },
};

export const trace: Declaration = {
  name: 'trace',
  summary: {
    en: 'which generator made each picture, which synthesis system each voice',
    zh: '追溯每张图片由哪个生成器制作、每段语音由哪个系统合成',
  },
  description: {
    en: 'Says for each picture and each sound with speech which known or enrolled generator most likely made it, or that none of them did, and which other files share its source.',
    zh: '说明每张图片、每段含讲话的声音最可能出自哪个已知或已登记的生成器（或都不是），以及哪些文件同源。',
  },
  arguments: [ANY_INPUT],
  options: [
    JSON_DOCUMENT,
    { flags: '--ndjson', text: { en: 'one JSON record a line', zh: '每行一条 JSON 记录' } },
    HTML,
    FILES_FROM,
  ],
  commands: [enrol, cluster, index, enrolled, forget],
  load: async ([paths]: [string[]], flags: TraceFlags) => {
    const { trace } = await import('../commands/trace.ts');
    return (io) => trace(paths, flags, io);
  },
};
