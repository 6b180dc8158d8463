/** What Huoyan says about itself: `doctor`, `models`, `schema`, `completion`. */
import type { CommandWords } from '../commands/completion.ts';
import type { ModelsFlags } from '../commands/models.ts';
import type { Declaration } from './declaration.ts';
import { AS_JSON } from './options.ts';

export const doctor: Declaration = {
  name: 'doctor',
  summary: { en: 'what works on this machine', zh: '检查本机哪些功能可用' },
  description: {
    en: 'Checks every part Huoyan uses on this machine and says what to do about what is missing.',
    zh: '逐项检查火眼在本机所用的组件，并说明缺失项的解决办法。',
  },
  options: [AS_JSON],
  load: async (_: [], flags: { readonly json?: boolean }) => {
    const { doctor } = await import('../commands/doctor.ts');
    return (io) => doctor(flags, io);
  },
};

export const models: Declaration = {
  name: 'models',
  summary: { en: 'the cards of the networks used', zh: '所用网络的模型卡' },
  description: {
    en: 'Lists the networks: what each is for, what it was trained on, how well it was measured to do.',
    zh: '列出所用网络：用途、训练数据与实测表现。',
  },
  options: [{ flags: '--json', text: { en: 'whole cards as JSON', zh: '以 JSON 输出完整模型卡' } }],
  load: async (_: [], flags: ModelsFlags) => {
    const { models } = await import('../commands/models.ts');
    return (io) => models(flags, io);
  },
};

export const schema: Declaration = {
  name: 'schema',
  summary: { en: 'JSON Schema of what is written', zh: '输出格式的 JSON Schema' },
  description: { en: 'Prints the JSON Schema of a kind of record.', zh: '打印某类记录的 JSON Schema。' },
  arguments: [
    {
      name: '[name]',
      text: {
        en: 'analysis, audit, trace, scores, scores-meta, bench, leaderboard',
        zh: 'analysis（分析）、audit（审计）、trace（溯源）、scores（分数行）、scores-meta、bench（评测）、leaderboard（排行榜）',
      },
      fallback: 'analysis',
    },
  ],
  load: async ([name]: [string]) => {
    const { schema } = await import('../commands/schema.ts');
    return (io) => schema(name, io);
  },
};

export const completion: Declaration = {
  name: 'completion',
  summary: { en: 'a completion script for your shell', zh: '生成 shell 补全脚本' },
  description: {
    en: 'Prints a completion script; for instance: eval "$(huoyan completion bash)"',
    zh: '打印补全脚本，例如：eval "$(huoyan completion bash)"',
  },
  arguments: [{ name: '<shell>', text: { en: 'bash, zsh, fish', zh: 'bash, zsh, fish' } }],
  load: async ([shell]: [string], _: object, commands: () => readonly CommandWords[]) => {
    const { completion } = await import('../commands/completion.ts');
    return (io) => completion(shell, commands(), io);
  },
};
