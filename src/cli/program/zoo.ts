/** `huoyan zoo` and what is within it. */
import type { ZooListFlags } from '../commands/zoo-list.ts';
import type { ZooSampleFlags } from '../commands/zoo-sample.ts';
import type { Declaration } from './declaration.ts';
import { SEED } from './options.ts';
import { integer } from './values.ts';

const list: Declaration = {
  name: 'list',
  summary: { en: 'every generator and how it is built', zh: '列出全部生成器及其结构' },
  description: {
    en: 'Lists the generators: name, family, subject, size, construction, and whether their trained weights are here.',
    zh: '列出生成器的名称、族、题材、边长、结构，以及训练权重是否在此。',
  },
  options: [
    { flags: '--family <family>', text: { en: 'only one family', zh: '只列出某一族' } },
    { flags: '--json', text: { en: 'with whole constructions, as JSON', zh: '以 JSON 输出完整结构' } },
  ],
  load: async (_: [], flags: ZooListFlags) => {
    const { zooList } = await import('../commands/zoo-list.ts');
    return (io) => zooList(flags, io);
  },
};

const sample: Declaration = {
  name: 'sample',
  summary: { en: 'pictures from one generator', zh: '由某个生成器生成图片' },
  description: {
    en: 'Writes pictures of a generator as PNG files NAME-SEED-0001.png, each labelled as AI-generated in its metadata. The same seed gives the same pictures.',
    zh: '将生成器的图片写为 PNG 文件 NAME-SEED-0001.png，每张均在元数据中标明由人工智能生成。种子相同则图片相同。',
  },
  arguments: [{ name: '<name>', text: { en: 'a generator; see "zoo list"', zh: '生成器名称，见 zoo list' } }],
  options: [
    {
      flags: '--count <n>',
      text: { en: 'how many pictures (default: 16)', zh: '图片数量（默认：16）' },
      parse: integer(1, 1_000_000),
      fallback: 16,
    },
    { ...SEED, fallback: 1 },
    {
      flags: '--out <folder>',
      text: { en: 'folder to write into (default: NAME)', zh: '写入的文件夹（默认：生成器名称）' },
    },
    {
      flags: '--size <pixels>',
      text: { en: 'side, for generators that start from pictures', zh: '边长，仅用于以图片为起点的生成器' },
      parse: integer(16, 1024),
    },
    {
      flags: '--from <folder>',
      text: {
        en: 'pictures to start from (default: drawn by chance)',
        zh: '作为起点的图片文件夹（默认：随机绘制）',
      },
    },
  ],
  load: async ([name]: [string], flags: ZooSampleFlags) => {
    const { zooSample } = await import('../commands/zoo-sample.ts');
    return (io) => zooSample(name, flags, io);
  },
};

export const zoo: Declaration = {
  name: 'zoo',
  summary: { en: 'generators of known construction', zh: '结构已知的生成器库' },
  description: {
    en: 'A zoo of small generators of declared construction: pictures whose maker is known, for attribution and model parsing.',
    zh: '结构公开声明的小型生成器库：生成来源已知的图片，用于溯源与模型解析。',
  },
  commands: [list, sample],
};
