/** `huoyan bench` and what is within it: data sets, runs, attacks, score files, the leaderboard. */
import type { BenchAttackFlags } from '../commands/bench-attack.ts';
import type { BenchDataFlags } from '../commands/bench-data.ts';
import type { BenchLeaderboardFlags } from '../commands/bench-leaderboard.ts';
import type { BenchRunFlags } from '../commands/bench-run.ts';
import type { BenchScoreFlags } from '../commands/bench-score.ts';
import type { Argument, Declaration, Flag } from './declaration.ts';
import { AS_JSON, SEED } from './options.ts';
import { integer, numberBetween } from './values.ts';

const SCORE_FILES: Argument = { name: '<files...>', text: { en: 'score files', zh: '分数文件' } };

const DATA_SET: Argument = { name: '<folder>', text: { en: 'folder of the data set', zh: '数据集文件夹' } };

const ROUNDS: Flag = {
  flags: '--rounds <n>',
  text: { en: 'redraws behind an interval (default: 1000)', zh: '区间的重抽次数（默认：1000）' },
  parse: integer(1, 100_000),
};

const BY: Flag = {
  flags: '--by <what>',
  text: { en: 'split anew, nothing on both sides', zh: '重新划分，两侧互不相交' },
  choices: ['identity', 'source', 'generator'],
};

const OUT: Flag = {
  flags: '--out <file>',
  text: { en: 'score file, .ndjson or .csv', zh: '分数文件，.ndjson 或 .csv' },
  needed: true,
};

/** How `run` and `attack` are told of a detector that is a program or needs published weights. */
const DETECTOR_FROM: readonly Flag[] = [
  { flags: '--command <line>', text: { en: "a program: 'prog {file}'", zh: "程序：'prog {file}'" } },
  {
    flags: '--weights <folder>',
    text: { en: 'published weights of MesoNet', zh: 'MesoNet 公开权重所在文件夹' },
  },
];

const ONLY: Flag = {
  flags: '--only <texts>',
  text: { en: 'files whose key holds one of these', zh: '只取键中含其一的文件' },
};

/** How much of a data set `run` and `attack` take, and how long they wait for an answer. */
const LIMITS: readonly Flag[] = [
  {
    flags: '--most <n>',
    text: { en: 'most files, both classes alike', zh: '最多文件数，两类相当' },
    parse: integer(2, 10_000_000),
  },
  {
    flags: '--most-per-source <n>',
    text: { en: 'most files of a source or generator', zh: '每个来源或生成器最多文件数' },
    parse: integer(1, 1_000_000),
  },
  {
    flags: '--timeout <seconds>',
    text: { en: 'for one file (default: 120)', zh: '单个文件时限，秒（默认：120）' },
    parse: numberBetween(0, 86_400, true),
  },
];

const DEFENDED: Flag = {
  flags: '--defended',
  text: { en: 'behind random crops and re-encodings', zh: '置于随机裁剪与重编码防御之后' },
};

const SKIP_LEAKAGE: Flag = {
  flags: '--no-leakage',
  text: { en: 'skip the leakage check', zh: '跳过泄漏检查' },
};

const ALLOW_UPLOAD: Flag = {
  flags: '--allow-upload',
  text: { en: 'files may be sent to the service named', zh: '允许把文件发送给所指定的服务' },
};

const score: Declaration = {
  name: 'score',
  summary: { en: 'what score files are worth', zh: '评估分数文件' },
  description: {
    en: 'Reads score files (CSV with key,label,score; NDJSON; ASVspoof lines) and prints AUC, average precision, equal error rate, calibration and more, with intervals that redraw whole sources.',
    zh: '读取分数文件（含 key,label,score 的 CSV、NDJSON、ASVspoof 行），输出 AUC、平均精度、等错误率、校准等指标及按来源重抽的区间。',
  },
  arguments: [SCORE_FILES],
  options: [
    {
      flags: '--compare',
      text: { en: 'compare every two of them (DeLong)', zh: '两两比较（DeLong 检验）' },
    },
    {
      flags: '--polarity <way>',
      text: { en: 'what a higher score means', zh: '分数越高的含义' },
      choices: ['higher-is-fake', 'higher-is-real'],
    },
    {
      flags: '--threshold <t>',
      text: { en: 'operating point on the scores', zh: '分数上的判定阈值' },
      parse: numberBetween(-1e9, 1e9, true),
    },
    {
      flags: '--seen <names>',
      text: {
        en: 'generators the detector was fitted on, comma-separated',
        zh: '检测器训练用过的生成器，逗号分隔',
      },
    },
    ROUNDS,
    SEED,
    AS_JSON,
  ],
  load: async ([files]: [string[]], flags: BenchScoreFlags) => {
    const { benchScore } = await import('../commands/bench-score.ts');
    return (io) => benchScore(files, flags, io);
  },
};

const data: Declaration = {
  name: 'data',
  summary: { en: 'what a data set holds and gives away', zh: '数据集内容与泄漏检查' },
  description: {
    en: 'Recognises the layout of a data set (FaceForensics++, DFDC, Celeb-DF, GenImage, CNNDetection, DeepfakeBench, ASVspoof, IMDL-BenCo, 0_real/1_fake), counts and splits it, and says how far copies and file format alone would carry a classifier.',
    zh: '识别数据集布局（FaceForensics++、DFDC、Celeb-DF、GenImage、CNNDetection、DeepfakeBench、ASVspoof、IMDL-BenCo、0_real/1_fake），统计并划分，检查副本与仅凭文件格式可达到的区分度。',
  },
  arguments: [DATA_SET],
  options: [
    BY,
    { flags: '--no-leakage', text: { en: 'only count, open no file', zh: '只统计，不打开文件' } },
    {
      flags: '--sample <n>',
      text: {
        en: 'most files looked at for leakage (default: 1500)',
        zh: '泄漏检查最多查看的文件数（默认：1500）',
      },
      parse: integer(10, 20_000),
    },
    SEED,
    { ...AS_JSON, conflicts: 'ndjson' },
    { flags: '--ndjson', text: { en: 'its files, one a line', zh: '逐行列出其文件' } },
  ],
  load: async ([folder]: [string], flags: BenchDataFlags) => {
    const { benchData } = await import('../commands/bench-data.ts');
    return (io) => benchData(folder, flags, io);
  },
};

const run: Declaration = {
  name: 'run',
  summary: { en: 'run a detector on a data set', zh: '在数据集上运行检测器' },
  description: {
    en: 'Shows every file to a detector, as stored or after steps of the robustness ladder, and writes a score file that can be continued. Leakage is printed first. Files are only sent to a service with --allow-upload.',
    zh: '将每个文件（原样，或经稳健性阶梯处理后）交给检测器，写出可续跑的分数文件；先输出泄漏检查。仅在给出 --allow-upload 时才会把文件发送给在线服务。',
  },
  arguments: [DATA_SET],
  options: [
    OUT,
    {
      flags: '--detector <name>',
      text: {
        en: 'ours, ours:EVIDENCE, meso4, mesoinception4, spectrum, format-only, reality-defender, hive, sensity, or a description FILE.json',
        zh: 'ours、ours:证据名、meso4、mesoinception4、spectrum、format-only、reality-defender、hive、sensity，或说明文件 FILE.json',
      },
    },
    ...DETECTOR_FROM,
    {
      flags: '--conditions <names>',
      text: { en: 'all, or steps with commas (default: stored)', zh: 'all 或逗号分隔的条件（默认：stored）' },
    },
    DEFENDED,
    ONLY,
    {
      flags: '--split <part>',
      text: { en: 'one part of the split', zh: '只取划分的一部分' },
      choices: ['train', 'val', 'test'],
    },
    BY,
    ...LIMITS,
    {
      flags: '-j, --jobs <n>',
      text: { en: 'files at a time', zh: '同时处理的文件数' },
      parse: integer(1, 64),
    },
    SEED,
    SKIP_LEAKAGE,
    ALLOW_UPLOAD,
  ],
  load: async ([folder]: [string], flags: BenchRunFlags) => {
    const { benchRun } = await import('../commands/bench-run.ts');
    return (io) => benchRun(folder, flags, io);
  },
};

const attack: Declaration = {
  name: 'attack',
  summary: { en: 'run a detector on files made to fool it', zh: '在为欺骗检测器而制的文件上运行' },
  description: {
    en: 'Adds noise nobody sees (FGSM, PGD from inside; Square by questions only) at bounds of 255ths, as PNG and after JPEG 90, and judges what arrives; for measuring your own detectors.',
    zh: '加入肉眼不可见的噪声（FGSM、PGD 需内部梯度；Square 仅靠询问），以 PNG 及 JPEG 90 送检；用于评测自己的检测器。',
  },
  arguments: [DATA_SET],
  options: [
    OUT,
    { flags: '--detector <name>', text: { en: 'as for "bench run"', zh: '同 bench run' } },
    ...DETECTOR_FROM,
    { flags: '--attacks <names>', text: { en: 'fgsm, pgd, square', zh: 'fgsm、pgd、square' } },
    {
      flags: '--epsilons <list>',
      text: { en: 'bounds of 255 (default: 1,2,4)', zh: '幅度，以 255 为满幅（默认：1,2,4）' },
    },
    {
      flags: '--craft <name>',
      text: { en: 'make the noise on another network', zh: '在另一网络上制作噪声' },
      choices: ['meso4', 'mesoinception4'],
    },
    {
      flags: '--steps <n>',
      text: { en: 'of PGD (default: 10)', zh: 'PGD 步数（默认：10）' },
      parse: integer(1, 1000),
    },
    {
      flags: '--queries <n>',
      text: { en: 'of Square (default: 100)', zh: 'Square 询问次数（默认：100）' },
      parse: integer(2, 100_000),
    },
    DEFENDED,
    ONLY,
    ...LIMITS,
    SEED,
    SKIP_LEAKAGE,
    ALLOW_UPLOAD,
  ],
  load: async ([folder]: [string], flags: BenchAttackFlags) => {
    const { benchAttack } = await import('../commands/bench-attack.ts');
    return (io) => benchAttack(folder, flags, io);
  },
};

const leaderboard: Declaration = {
  name: 'leaderboard',
  summary: { en: 'many score files as one page', zh: '把多个分数文件汇成一页' },
  description: {
    en: 'Puts detectors that judged the same files side by side, with intervals, worst condition and flips.',
    zh: '将评测过同一批文件的检测器并列，附区间、最差条件与结论翻转。',
  },
  arguments: [SCORE_FILES],
  options: [
    {
      flags: '--markdown <file>',
      text: { en: 'page to write', zh: '要写出的页面' },
      fallback: 'docs/leaderboard.md',
    },
    { flags: '--html <file>', text: { en: 'also a self-contained page', zh: '另写自包含的网页' } },
    ROUNDS,
    SEED,
    { flags: '--json', text: { en: 'also as JSON on standard output', zh: '另向标准输出写 JSON' } },
  ],
  load: async ([files]: [string[]], flags: BenchLeaderboardFlags) => {
    const { benchLeaderboard } = await import('../commands/bench-leaderboard.ts');
    return (io) => benchLeaderboard(files, flags, io);
  },
};

export const bench: Declaration = {
  name: 'bench',
  summary: { en: 'measure any detector under one protocol', zh: '以同一规程评测任意检测器' },
  description: {
    en: "Measures detectors, ours or anybody else's, under one protocol: data sets as they are published, score files, intervals, robustness, attacks.",
    zh: '以同一规程评测检测器（本系统或他人的）：按原样读取数据集、分数文件、置信区间、稳健性与攻击。',
  },
  commands: [score, data, run, attack, leaderboard],
};
