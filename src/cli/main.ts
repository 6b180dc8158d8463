#!/usr/bin/env node
/**
 * The `huoyan` command: says what can be asked, and hands over. Each command lives in a file of its own that is only
 * loaded when it is called, so that `huoyan --help` and the first verdict come fast.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Language, Text } from '../core/text.ts';
import { PRODUCER } from '../report/producer.ts';
import { BrokenPipe, Console } from './console.ts';
import { EXIT, EXIT_MEANING } from './exit.ts';
import { asCommandFailure, usageError } from './failure.ts';
import { languageOfArguments } from './language.ts';

const argv = process.argv.slice(2);
const language: Language = languageOfArguments(argv, process.env);
const say = (text: Text) => text[language];

interface GlobalOptions {
  readonly lang?: Language;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly verbose?: boolean;
}

/** The labels `--fail-on` knows; kept beside the type they come from by the compiler. */
const LABELS = ['authentic', 'inconclusive', 'suspect', 'synthetic', 'manipulated'] as const;

const program = new Command('huoyan')
  .description(
    say({
      en: 'Huoyan (火眼): is this picture real, where is it not, and why. Nothing leaves this machine.',
      zh: '火眼：鉴定图片真伪，指出可疑之处并说明理由。任何数据都不会离开本机。',
    }),
  )
  .version(PRODUCER.version, '-V, --version', say({ en: 'print the version', zh: '显示版本号' }))
  .helpOption('-h, --help', say({ en: 'show help', zh: '显示帮助' }))
  .helpCommand('help [command]', say({ en: 'show help for a command', zh: '显示某个命令的帮助' }))
  .addOption(
    new Option(
      '--lang <language>',
      say({ en: 'zh or en (default: from LC_ALL, LANG)', zh: 'zh 或 en（默认取自 LC_ALL、LANG）' }),
    ).choices(['zh', 'en']),
  )
  .option('-q, --quiet', say({ en: 'no progress on standard error', zh: '标准错误流不显示进度' }))
  .option('--no-color', say({ en: 'no colour (also: NO_COLOR)', zh: '不使用颜色（亦可设 NO_COLOR）' }))
  .option('-v, --verbose', say({ en: 'reasons and details', zh: '显示理由和细节' }))
  .configureHelp({
    showGlobalOptions: true,
    styleTitle: (title) => (language === 'zh' ? (TITLES[title] ?? title) : title),
  })
  .configureOutput({ writeErr: () => {} })
  .exitOverride();

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
  'Global Options:': '通用选项：',
};

program
  .command('analyze')
  .alias('analyse')
  .summary(say({ en: 'a verdict with reasons for each picture', zh: '对每张图片给出结论与理由' }))
  .description(
    say({
      en: 'Analyses pictures (JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP; recognised by content) and gives each a calibrated verdict with reasons.',
      zh: '分析图片（JPEG、PNG、WebP、AVIF、GIF、TIFF、BMP，按内容识别），逐一给出经校准的结论与理由。',
    }),
  )
  .argument(
    '[paths...]',
    say({ en: 'files, folders, globs; "-" is standard input', zh: '文件、文件夹、通配符；“-”表示标准输入' }),
  )
  .addOption(
    new Option(
      '--json',
      say({ en: 'one JSON document on standard output', zh: '向标准输出写一个 JSON 文档' }),
    ).conflicts('ndjson'),
  )
  .option(
    '--ndjson',
    say({ en: 'one JSON record a line, as each is done', zh: '每行一条 JSON 记录，完成即输出' }),
  )
  .option('--maps', say({ en: 'put heat maps into JSON records', zh: 'JSON 记录中附上热力图数据' }))
  .option('--html <file>', say({ en: 'write a self-contained report', zh: '写出自包含的 HTML 报告' }))
  .option(
    '--no-stability',
    say({ en: 'skip re-scoring after JPEG, resize, crop', zh: '跳过压缩、缩放、裁剪后的复检' }),
  )
  .option(
    '--prior <p>',
    say({ en: 'P(fake) before looking, between 0 and 1', zh: '查看前为伪造的先验概率，介于 0 与 1 之间' }),
    numberBetween(0, 1, false),
  )
  .option(
    '-j, --jobs <n>',
    say({ en: 'files at a time (default: cores)', zh: '同时分析的文件数（默认：核数）' }),
    integer(1, 256),
  )
  .option(
    '--files-from <file>',
    say({ en: 'also read paths from FILE, or "-"', zh: '另从文件（或“-”）读取路径清单' }),
  )
  .option(
    '--timeout <seconds>',
    say({ en: 'longest time for one file (default: 120)', zh: '单个文件的时限，秒（默认：120）' }),
    numberBetween(0, 86_400, true),
  )
  .addOption(
    new Option(
      '--fail-on <label>',
      say({
        en: 'exit with 10 on this verdict; repeatable; "suspect" includes synthetic and manipulated',
        zh: '出现该结论时以 10 退出；可重复；suspect 含 synthetic 与 manipulated',
      }),
    )
      .choices(LABELS)
      .argParser((value: string, earlier: string[] | undefined) => {
        if (!(LABELS as readonly string[]).includes(value)) {
          throw new InvalidArgumentError(`Allowed choices are ${LABELS.join(', ')}.`);
        }
        return [...(earlier ?? []), value];
      }),
  )
  .addHelpText('after', () => exitHelp())
  .action(async (paths: string[], options) => {
    const { analyze } = await import('./commands/analyze.ts');
    await finish((io) => analyze(paths, { ...options, verbose: global().verbose }, io));
  });

const trace = program
  .command('trace')
  .summary(say({ en: 'which generator made each picture', zh: '追溯每张图片由哪个生成器制作' }))
  .description(
    say({
      en: 'Says for each picture which known or enrolled generator most likely made it, or that none of them did, and which other pictures share its source.',
      zh: '说明每张图片最可能出自哪个已知或已登记的生成器（或都不是），以及哪些图片同源。',
    }),
  )
  .argument(
    '[paths...]',
    say({ en: 'files, folders, globs; "-" is standard input', zh: '文件、文件夹、通配符；“-”表示标准输入' }),
  )
  .addOption(
    new Option(
      '--json',
      say({ en: 'one JSON document on standard output', zh: '向标准输出写一个 JSON 文档' }),
    ).conflicts('ndjson'),
  )
  .option('--ndjson', say({ en: 'one JSON record a line', zh: '每行一条 JSON 记录' }))
  .option('--html <file>', say({ en: 'write a self-contained report', zh: '写出自包含的 HTML 报告' }))
  .option(
    '--files-from <file>',
    say({ en: 'also read paths from FILE, or "-"', zh: '另从文件（或“-”）读取路径清单' }),
  )
  .action(async (paths: string[], options) => {
    const command = await import('./commands/trace.ts');
    await finish((io) => command.trace(paths, { ...options, verbose: global().verbose }, io));
  });

trace
  .command('enrol')
  .alias('enroll')
  .summary(say({ en: 'add a generator from 5 to 20 of its pictures', zh: '用 5 至 20 张图片登记一个生成器' }))
  .description(
    say({
      en: 'Adds a generator from a handful of its pictures, in seconds and without training. Only numbers are kept, never the pictures.',
      zh: '用少量图片登记一个生成器，数秒完成，无需训练；只保存特征数值，不保存图片。',
    }),
  )
  .argument('<name>', say({ en: 'what to call it', zh: '名称' }))
  .argument(
    '<paths...>',
    say({ en: 'its pictures: files, folders, globs', zh: '其图片：文件、文件夹、通配符' }),
  )
  .action(async (name: string, paths: string[]) => {
    const { enrol } = await import('./commands/trace-enrol.ts');
    await finish((io) => enrol(name, paths, io));
  });

trace
  .command('cluster')
  .summary(say({ en: 'sort pictures into sources', zh: '按来源归类图片' }))
  .description(
    say({
      en: 'Sorts pictures into groups of one source each, with a rest that fits nowhere, and tells copies of one picture from different pictures of one source.',
      zh: '把图片按来源归类，无法归类者另列，并区分“同一图片的副本”与“同源的不同图片”。',
    }),
  )
  .argument('[paths...]', say({ en: 'files, folders, globs', zh: '文件、文件夹、通配符' }))
  .option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' }))
  .option('--html <file>', say({ en: 'write a self-contained report', zh: '写出自包含的 HTML 报告' }))
  .option(
    '--smallest <n>',
    say({ en: 'fewest pictures of a source (default: 3)', zh: '一个来源的最少图片数（默认：3）' }),
    integer(2, 1000),
  )
  .action(async (paths: string[], _, command: Command) => {
    const { traceCluster } = await import('./commands/trace-cluster.ts');
    await finish((io) => traceCluster(paths, command.optsWithGlobals(), io));
  });

const index = trace
  .command('index')
  .summary(say({ en: 'remember pictures and find those of one source', zh: '记住图片，日后按来源查找' }))
  .description(
    say({
      en: 'Keeps fingerprints of pictures, not the pictures, in a lasting index: on this machine, or on a PostgreSQL server for many.',
      zh: '把图片的指纹（而非图片）存入持久索引：存于本机，或存于多机共用的 PostgreSQL 服务器。',
    }),
  );
for (const [name, summary] of [
  ['add', { en: 'remember pictures', zh: '记住图片' }],
  ['search', { en: 'remembered pictures most alike by source', zh: '查找来源最相近的已记图片' }],
  ['remove', { en: 'forget pictures', zh: '移除图片' }],
] as const) {
  const command = index
    .command(name)
    .summary(say(summary))
    .argument('<paths...>', say({ en: 'files, folders, globs', zh: '文件、文件夹、通配符' }))
    .option(
      '--index <place>',
      say({
        en: 'a folder or postgres://… (default: your own)',
        zh: '文件夹或 postgres://…（默认：用户自己的索引）',
      }),
    );
  if (name === 'search') {
    command
      .option('--json', say({ en: 'one JSON document a picture', zh: '每张图片一个 JSON 文档' }))
      .option(
        '--count <n>',
        say({ en: 'matches for each picture (default: 10)', zh: '每张图片的结果数（默认：10）' }),
        integer(1, 999),
      );
  }
  command.action(async (paths: string[], _, self: Command) => {
    const { indexAdd, indexRemove, indexSearch } = await import('./commands/trace-index.ts');
    const act = { add: indexAdd, search: indexSearch, remove: indexRemove }[name];
    await finish((io) => act(paths, self.optsWithGlobals(), io));
  });
}

trace
  .command('enrolled')
  .summary(say({ en: 'list the enrolled generators', zh: '列出已登记的生成器' }))
  .option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' }))
  .action(async (_, command: Command) => {
    const { enrolled } = await import('./commands/trace-enrol.ts');
    await finish((io) => enrolled(command.optsWithGlobals(), io));
  });

trace
  .command('forget')
  .summary(say({ en: 'remove an enrolled generator', zh: '移除一个已登记的生成器' }))
  .argument('<name>', say({ en: 'the name it was enrolled under', zh: '登记时的名称' }))
  .action(async (name: string) => {
    const { forget } = await import('./commands/trace-enrol.ts');
    await finish((io) => forget(name, io));
  });

const bench = program
  .command('bench')
  .summary(say({ en: 'measure any detector under one protocol', zh: '以同一规程评测任意检测器' }))
  .description(
    say({
      en: "Measures detectors, ours or anybody else's, under one protocol: data sets as they are published, score files, intervals, robustness, attacks.",
      zh: '以同一规程评测检测器（本系统或他人的）：按原样读取数据集、分数文件、置信区间、稳健性与攻击。',
    }),
  );

bench
  .command('score')
  .summary(say({ en: 'what score files are worth', zh: '评估分数文件' }))
  .description(
    say({
      en: 'Reads score files (CSV with key,label,score; NDJSON; ASVspoof lines) and prints AUC, average precision, equal error rate, calibration and more, with intervals that redraw whole sources.',
      zh: '读取分数文件（含 key,label,score 的 CSV、NDJSON、ASVspoof 行），输出 AUC、平均精度、等错误率、校准等指标及按来源重抽的区间。',
    }),
  )
  .argument('<files...>', say({ en: 'score files', zh: '分数文件' }))
  .option('--compare', say({ en: 'compare every two of them (DeLong)', zh: '两两比较（DeLong 检验）' }))
  .addOption(
    new Option('--polarity <way>', say({ en: 'what a higher score means', zh: '分数越高的含义' })).choices([
      'higher-is-fake',
      'higher-is-real',
    ]),
  )
  .option(
    '--threshold <t>',
    say({ en: 'operating point on the scores', zh: '分数上的判定阈值' }),
    numberBetween(-1e9, 1e9, true),
  )
  .option(
    '--seen <names>',
    say({
      en: 'generators the detector was fitted on, comma-separated',
      zh: '检测器训练用过的生成器，逗号分隔',
    }),
  )
  .option(
    '--rounds <n>',
    say({ en: 'redraws behind an interval (default: 1000)', zh: '区间的重抽次数（默认：1000）' }),
    integer(1, 100_000),
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000))
  .option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' }))
  .action(async (files: string[], options) => {
    const { benchScore } = await import('./commands/bench-score.ts');
    await finish((io) => benchScore(files, options, io));
  });

bench
  .command('data')
  .summary(say({ en: 'what a data set holds and gives away', zh: '数据集内容与泄漏检查' }))
  .description(
    say({
      en: 'Recognises the layout of a data set (FaceForensics++, DFDC, Celeb-DF, GenImage, CNNDetection, DeepfakeBench, ASVspoof, IMDL-BenCo, 0_real/1_fake), counts and splits it, and says how far copies and file format alone would carry a classifier.',
      zh: '识别数据集布局（FaceForensics++、DFDC、Celeb-DF、GenImage、CNNDetection、DeepfakeBench、ASVspoof、IMDL-BenCo、0_real/1_fake），统计并划分，检查副本与仅凭文件格式可达到的区分度。',
    }),
  )
  .argument('<folder>', say({ en: 'folder of the data set', zh: '数据集文件夹' }))
  .addOption(
    new Option(
      '--by <what>',
      say({ en: 'split anew, nothing on both sides', zh: '重新划分，两侧互不相交' }),
    ).choices(['identity', 'source', 'generator']),
  )
  .option('--no-leakage', say({ en: 'only count, open no file', zh: '只统计，不打开文件' }))
  .option(
    '--sample <n>',
    say({
      en: 'most files looked at for leakage (default: 1500)',
      zh: '泄漏检查最多查看的文件数（默认：1500）',
    }),
    integer(10, 20_000),
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000))
  .addOption(new Option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' })).conflicts('ndjson'))
  .option('--ndjson', say({ en: 'its files, one a line', zh: '逐行列出其文件' }))
  .action(async (folder: string, options) => {
    const { benchData } = await import('./commands/bench-data.ts');
    await finish((io) => benchData(folder, options, io));
  });

bench
  .command('run')
  .summary(say({ en: 'run a detector on a data set', zh: '在数据集上运行检测器' }))
  .description(
    say({
      en: 'Shows every file to a detector, as stored or after steps of the robustness ladder, and writes a score file that can be continued. Leakage is printed first. Files are only sent to a service with --allow-upload.',
      zh: '将每个文件（原样，或经稳健性阶梯处理后）交给检测器，写出可续跑的分数文件；先输出泄漏检查。仅在给出 --allow-upload 时才会把文件发送给在线服务。',
    }),
  )
  .argument('<folder>', say({ en: 'folder of the data set', zh: '数据集文件夹' }))
  .requiredOption('--out <file>', say({ en: 'score file, .ndjson or .csv', zh: '分数文件，.ndjson 或 .csv' }))
  .option(
    '--detector <name>',
    say({
      en: 'ours, ours:EVIDENCE, meso4, mesoinception4, spectrum, format-only, reality-defender, hive, sensity, or a description FILE.json',
      zh: 'ours、ours:证据名、meso4、mesoinception4、spectrum、format-only、reality-defender、hive、sensity，或说明文件 FILE.json',
    }),
  )
  .option('--command <line>', say({ en: "a program: 'prog {file}'", zh: "程序：'prog {file}'" }))
  .option('--weights <folder>', say({ en: 'published weights of MesoNet', zh: 'MesoNet 公开权重所在文件夹' }))
  .option(
    '--conditions <names>',
    say({ en: 'all, or steps with commas (default: stored)', zh: 'all 或逗号分隔的条件（默认：stored）' }),
  )
  .option('--only <texts>', say({ en: 'files whose key holds one of these', zh: '只取键中含其一的文件' }))
  .addOption(
    new Option('--split <part>', say({ en: 'one part of the split', zh: '只取划分的一部分' })).choices([
      'train',
      'val',
      'test',
    ]),
  )
  .addOption(
    new Option(
      '--by <what>',
      say({ en: 'split anew, nothing on both sides', zh: '重新划分，两侧互不相交' }),
    ).choices(['identity', 'source', 'generator']),
  )
  .option(
    '--most <n>',
    say({ en: 'most files, both classes alike', zh: '最多文件数，两类相当' }),
    integer(2, 10_000_000),
  )
  .option(
    '--most-per-source <n>',
    say({ en: 'most files of a source or generator', zh: '每个来源或生成器最多文件数' }),
    integer(1, 1_000_000),
  )
  .option(
    '--timeout <seconds>',
    say({ en: 'for one file (default: 120)', zh: '单个文件时限，秒（默认：120）' }),
    numberBetween(0, 86_400, true),
  )
  .option('-j, --jobs <n>', say({ en: 'files at a time', zh: '同时处理的文件数' }), integer(1, 64))
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000))
  .option('--no-leakage', say({ en: 'skip the leakage check', zh: '跳过泄漏检查' }))
  .option(
    '--allow-upload',
    say({ en: 'files may be sent to the service named', zh: '允许把文件发送给所指定的服务' }),
  )
  .action(async (folder: string, options) => {
    const { benchRun } = await import('./commands/bench-run.ts');
    await finish((io) => benchRun(folder, options, io));
  });

bench
  .command('attack')
  .summary(say({ en: 'run a detector on files made to fool it', zh: '在为欺骗检测器而制的文件上运行' }))
  .description(
    say({
      en: 'Adds noise nobody sees (FGSM, PGD from inside; Square by questions only) at bounds of 255ths, as PNG and after JPEG 90, and judges what arrives; for measuring your own detectors.',
      zh: '加入肉眼不可见的噪声（FGSM、PGD 需内部梯度；Square 仅靠询问），以 PNG 及 JPEG 90 送检；用于评测自己的检测器。',
    }),
  )
  .argument('<folder>', say({ en: 'folder of the data set', zh: '数据集文件夹' }))
  .requiredOption('--out <file>', say({ en: 'score file, .ndjson or .csv', zh: '分数文件，.ndjson 或 .csv' }))
  .option('--detector <name>', say({ en: 'as for "bench run"', zh: '同 bench run' }))
  .option('--command <line>', say({ en: "a program: 'prog {file}'", zh: "程序：'prog {file}'" }))
  .option('--weights <folder>', say({ en: 'published weights of MesoNet', zh: 'MesoNet 公开权重所在文件夹' }))
  .option('--attacks <names>', say({ en: 'fgsm, pgd, square', zh: 'fgsm、pgd、square' }))
  .option(
    '--epsilons <list>',
    say({ en: 'bounds of 255 (default: 1,2,4)', zh: '幅度，以 255 为满幅（默认：1,2,4）' }),
  )
  .addOption(
    new Option(
      '--craft <name>',
      say({ en: 'make the noise on another network', zh: '在另一网络上制作噪声' }),
    ).choices(['meso4', 'mesoinception4']),
  )
  .option('--steps <n>', say({ en: 'of PGD (default: 10)', zh: 'PGD 步数（默认：10）' }), integer(1, 1000))
  .option(
    '--queries <n>',
    say({ en: 'of Square (default: 100)', zh: 'Square 询问次数（默认：100）' }),
    integer(2, 100_000),
  )
  .option(
    '--defended',
    say({ en: 'behind random crops and re-encodings', zh: '置于随机裁剪与重编码防御之后' }),
  )
  .option('--only <texts>', say({ en: 'files whose key holds one of these', zh: '只取键中含其一的文件' }))
  .option(
    '--most <n>',
    say({ en: 'most files, both classes alike', zh: '最多文件数，两类相当' }),
    integer(2, 10_000_000),
  )
  .option(
    '--most-per-source <n>',
    say({ en: 'most files of a source or generator', zh: '每个来源或生成器最多文件数' }),
    integer(1, 1_000_000),
  )
  .option(
    '--timeout <seconds>',
    say({ en: 'for one file (default: 120)', zh: '单个文件时限，秒（默认：120）' }),
    numberBetween(0, 86_400, true),
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000))
  .option('--no-leakage', say({ en: 'skip the leakage check', zh: '跳过泄漏检查' }))
  .option(
    '--allow-upload',
    say({ en: 'files may be sent to the service named', zh: '允许把文件发送给所指定的服务' }),
  )
  .action(async (folder: string, options) => {
    const { benchAttack } = await import('./commands/bench-attack.ts');
    await finish((io) => benchAttack(folder, options, io));
  });

bench
  .command('leaderboard')
  .summary(say({ en: 'many score files as one page', zh: '把多个分数文件汇成一页' }))
  .description(
    say({
      en: 'Puts detectors that judged the same files side by side, with intervals, worst condition and flips.',
      zh: '将评测过同一批文件的检测器并列，附区间、最差条件与结论翻转。',
    }),
  )
  .argument('<files...>', say({ en: 'score files', zh: '分数文件' }))
  .option('--markdown <file>', say({ en: 'page to write', zh: '要写出的页面' }), 'docs/leaderboard.md')
  .option('--html <file>', say({ en: 'also a self-contained page', zh: '另写自包含的网页' }))
  .option(
    '--rounds <n>',
    say({ en: 'redraws behind an interval (default: 1000)', zh: '区间的重抽次数（默认：1000）' }),
    integer(1, 100_000),
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000))
  .option('--json', say({ en: 'also as JSON on standard output', zh: '另向标准输出写 JSON' }))
  .action(async (files: string[], options) => {
    const { benchLeaderboard } = await import('./commands/bench-leaderboard.ts');
    await finish((io) => benchLeaderboard(files, options, io));
  });

program
  .command('doctor')
  .summary(say({ en: 'what works on this machine', zh: '检查本机哪些功能可用' }))
  .description(
    say({
      en: 'Checks every part Huoyan uses on this machine and says what to do about what is missing.',
      zh: '逐项检查火眼在本机所用的组件，并说明缺失项的解决办法。',
    }),
  )
  .option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' }))
  .action(async (options) => {
    const { doctor } = await import('./commands/doctor.ts');
    await finish((io) => doctor(options, io));
  });

program
  .command('models')
  .summary(say({ en: 'the cards of the networks used', zh: '所用网络的模型卡' }))
  .description(
    say({
      en: 'Lists the networks: what each is for, what it was trained on, how well it was measured to do.',
      zh: '列出所用网络：用途、训练数据与实测表现。',
    }),
  )
  .option('--json', say({ en: 'whole cards as JSON', zh: '以 JSON 输出完整模型卡' }))
  .action(async (options) => {
    const { models } = await import('./commands/models.ts');
    await finish((io) => models({ ...options, verbose: global().verbose }, io));
  });

const audit = program
  .command('audit')
  .summary(say({ en: 'how recognisers hold up against deepfakes', zh: '审计人脸识别服务抵御深度伪造的能力' }))
  .description(
    say({
      en: 'Measures how a face-recognition service answers to deepfakes of people it knows.',
      zh: '测量人脸识别服务面对其认识的人的深度伪造图片时如何应答。',
    }),
  );

audit
  .command('recognition')
  .summary(say({ en: 'measure one or more recognisers', zh: '测量一个或多个识别服务' }))
  .description(
    say({
      en: 'Measures how often fakes pass as the person they are made of: from recorded answers (CSV or NDJSON with the columns Src, Tar Pred., Tar Conf. …), or by asking recognisers about a gallery and fakes. Pictures leave this machine only for a service named with --recogniser.',
      zh: '测量伪造图片冒充成功的比例：读取应答记录（含 Src、Tar Pred.、Tar Conf. 等列的 CSV 或 NDJSON），或用图库与伪造图片询问识别器。只有用 --recogniser 指名的服务才会收到图片。',
    }),
  )
  .option(
    '--recorded <files...>',
    say({ en: 'recorded answers; "-" is standard input', zh: '应答记录文件；“-”表示标准输入' }),
  )
  .option(
    '--service <name>',
    say({ en: 'the service that gave the recorded answers', zh: '给出应答记录的服务名称' }),
  )
  .addOption(
    new Option(
      '--names <rule>',
      say({
        en: '"written": past case and punctuation only (default); "identity": also accents and known aliases',
        zh: 'written：仅忽略大小写与标点（默认）；identity：还忽略变音符号与已知别名',
      }),
    ).choices(['written', 'identity']),
  )
  .option(
    '--gallery <folders...>',
    say({
      en: 'people the recogniser shall know: one folder of photos a person',
      zh: '识别器应认识的人：每人一个照片文件夹',
    }),
  )
  .option(
    '--fakes <folders...>',
    say({
      en: 'fakes: folders named after the person impersonated, or with fakes.csv',
      zh: '伪造图片：以被冒充者命名的文件夹，或含 fakes.csv',
    }),
  )
  .option(
    '--recogniser <names>',
    say({
      en: 'whom to ask, with commas between (default: the local ones)',
      zh: '要询问的识别器，逗号分隔（默认：本机识别器）',
    }),
  )
  .option(
    '--gate <detectors...>',
    say({
      en: 'a detector in front: "huoyan", or a file of scores',
      zh: '前置检测器：huoyan 或分数文件',
    }),
  )
  .option(
    '--config <file>',
    say({
      en: 'addresses and keys of services to audit, as JSON',
      zh: '被审计服务的地址与密钥（JSON 文件）',
    }),
  )
  .option(
    '--journal <file>',
    say({
      en: 'where answers are kept, so that nothing is asked twice',
      zh: '保存应答的文件，避免重复询问',
    }),
  )
  .option(
    '--max-calls <n>',
    say({ en: 'stop after so many calls to each', zh: '每个识别器最多调用次数' }),
    integer(1, 1_000_000_000),
  )
  .option(
    '--dry-run',
    say({ en: 'say what would be asked and what it costs', zh: '仅说明将询问多少、费用几何' }),
  )
  .option('--aliases <file>', say({ en: 'further names of people, as JSON', zh: '其他别名（JSON 文件）' }))
  .option('--json', say({ en: 'as JSON', zh: '以 JSON 输出' }))
  .option('--csv <file>', say({ en: 'write every rate as a table', zh: '将全部比率写为表格' }))
  .option('--html <file>', say({ en: 'write a self-contained report', zh: '写出自包含的 HTML 报告' }))
  .action(async (options) => {
    const { auditRecognition } = await import('./commands/audit-recognition.ts');
    await finish((io) => auditRecognition(options, io));
  });

audit
  .command('impersonate')
  .summary(say({ en: 'make fakes of your own gallery', zh: '用自己的图库制作伪造图片' }))
  .description(
    say({
      en: 'Makes fakes of the people in a gallery by warping and blending their photos, to audit a recogniser with. Every file is labelled as synthetic. Only for people who agreed.',
      zh: '通过变形与融合图库中的照片制作伪造图片，用于审计识别器。每个文件均标明为合成。仅限本人同意的人物。',
    }),
  )
  .requiredOption(
    '--gallery <folders...>',
    say({ en: 'one folder of photos a person', zh: '每人一个照片文件夹' }),
  )
  .requiredOption('--out <folder>', say({ en: 'folder to write into', zh: '写入的文件夹' }))
  .option(
    '--count <n>',
    say({ en: 'of each person (default: 2)', zh: '每人张数（默认：2）' }),
    integer(1, 1000),
    2,
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000), 1)
  .addOption(
    new Option('--method <method>', say({ en: 'one method only', zh: '只用一种方法' })).choices([
      'swap',
      'blend',
    ]),
  )
  .option(
    '--bare',
    say({ en: 'no visible mark (the label in the file stays)', zh: '画面不加标识（文件内标识保留）' }),
  )
  .action(async (options) => {
    const { auditImpersonate } = await import('./commands/audit-impersonate.ts');
    await finish((io) => auditImpersonate(options, io));
  });

const zoo = program
  .command('zoo')
  .summary(say({ en: 'generators of known construction', zh: '结构已知的生成器库' }))
  .description(
    say({
      en: 'A zoo of small generators of declared construction: pictures whose maker is known, for attribution and model parsing.',
      zh: '结构公开声明的小型生成器库：生成来源已知的图片，用于溯源与模型解析。',
    }),
  );

zoo
  .command('list')
  .summary(say({ en: 'every generator and how it is built', zh: '列出全部生成器及其结构' }))
  .description(
    say({
      en: 'Lists the generators: name, family, subject, size, construction, and whether their trained weights are here.',
      zh: '列出生成器的名称、族、题材、边长、结构，以及训练权重是否在此。',
    }),
  )
  .option('--family <family>', say({ en: 'only one family', zh: '只列出某一族' }))
  .option('--json', say({ en: 'with whole constructions, as JSON', zh: '以 JSON 输出完整结构' }))
  .action(async (options) => {
    const { zooList } = await import('./commands/zoo-list.ts');
    await finish((io) => zooList(options, io));
  });

zoo
  .command('sample')
  .summary(say({ en: 'pictures from one generator', zh: '由某个生成器生成图片' }))
  .description(
    say({
      en: 'Writes pictures of a generator as PNG files NAME-SEED-0001.png, each labelled as AI-generated in its metadata. The same seed gives the same pictures.',
      zh: '将生成器的图片写为 PNG 文件 NAME-SEED-0001.png，每张均在元数据中标明由人工智能生成。种子相同则图片相同。',
    }),
  )
  .argument('<name>', say({ en: 'a generator; see "zoo list"', zh: '生成器名称，见 zoo list' }))
  .option(
    '--count <n>',
    say({ en: 'how many pictures (default: 16)', zh: '图片数量（默认：16）' }),
    integer(1, 1_000_000),
    16,
  )
  .option('--seed <n>', say({ en: 'seed (default: 1)', zh: '种子（默认：1）' }), integer(0, 1_000_000_000), 1)
  .option(
    '--out <folder>',
    say({ en: 'folder to write into (default: NAME)', zh: '写入的文件夹（默认：生成器名称）' }),
  )
  .option(
    '--size <pixels>',
    say({ en: 'side, for generators that start from pictures', zh: '边长，仅用于以图片为起点的生成器' }),
    integer(16, 1024),
  )
  .option(
    '--from <folder>',
    say({
      en: 'pictures to start from (default: drawn by chance)',
      zh: '作为起点的图片文件夹（默认：随机绘制）',
    }),
  )
  .action(async (name: string, options) => {
    const { zooSample } = await import('./commands/zoo-sample.ts');
    await finish((io) => zooSample(name, options, io));
  });

program
  .command('schema')
  .summary(say({ en: 'JSON Schema of what is written', zh: '输出格式的 JSON Schema' }))
  .description(say({ en: 'Prints the JSON Schema of a kind of record.', zh: '打印某类记录的 JSON Schema。' }))
  .argument('[name]', say({ en: 'analysis', zh: 'analysis（分析记录）' }), 'analysis')
  .action(async (name: string) => {
    const { schema } = await import('./commands/schema.ts');
    await finish((io) => schema(name, io));
  });

program
  .command('completion')
  .summary(say({ en: 'a completion script for your shell', zh: '生成 shell 补全脚本' }))
  .description(
    say({
      en: 'Prints a completion script; for instance: eval "$(huoyan completion bash)"',
      zh: '打印补全脚本，例如：eval "$(huoyan completion bash)"',
    }),
  )
  .argument('<shell>', 'bash, zsh, fish')
  .action(async (shell: string) => {
    const { completion } = await import('./commands/completion.ts');
    await finish((io) => completion(shell, commandList(), io));
  });

program.addHelpText('after', () => exitHelp());

// Subcommands made by `.command()` inherit help and output settings, but not the translated help flag.
for (const command of everyCommand(program)) {
  command.helpOption('-h, --help', say({ en: 'show help', zh: '显示帮助' }));
}

function everyCommand(parent: Command): Command[] {
  return parent.commands.flatMap((command) => [command, ...everyCommand(command)]);
}

/** Commands and their flags as plain data, for completion. */
function commandList(): { name: string; flags: string[] }[] {
  const flagsOf = (command: Command) => command.options.map((option) => option.long ?? option.short ?? '');
  return program.commands.map((command) => ({
    name: command.name(),
    flags: [...new Set([command, ...command.commands, program].flatMap(flagsOf)), '--help'],
  }));
}

function global(): GlobalOptions {
  return program.opts<GlobalOptions>();
}

function openConsole(): Console {
  const options = global();
  return new Console({ language, quiet: options.quiet ?? false, noColor: options.color === false });
}

/** Runs a command to its exit code, whatever happens on the way. */
async function finish(command: (io: Console) => Promise<number>): Promise<void> {
  const io = openConsole();
  let code: number;
  try {
    code = await command(io);
    await io.flush();
  } catch (thrown) {
    if (thrown instanceof BrokenPipe) process.exit(thrown.exitCode);
    const failure = asCommandFailure(thrown);
    io.error(failure.reason);
    if (process.env.HUOYAN_DEBUG) console.error(failure.reason.cause ?? failure.reason);
    code = failure.exitCode;
    await io.flush().catch(() => {});
  }
  // Not left to the event loop: an abandoned read of standard input or a busy native thread must not hold the exit up.
  process.exit(code);
}

function exitHelp(): string {
  const lines = EXIT_MEANING.map(([code, text]) => `  ${String(code).padEnd(4)} ${say(text)}`);
  return `\n${say({ en: 'Exit codes:', zh: '退出码：' })}\n${lines.join('\n')}`;
}

function numberBetween(low: number, high: number, highAllowed: boolean): (value: string) => number {
  return (value) => {
    const number = Number(value);
    const fits = value.trim() !== '' && number > low && (highAllowed ? number <= high : number < high);
    if (!fits) {
      throw new InvalidArgumentError(
        say({
          en: `It must be a number between ${low} and ${high}.`,
          zh: `应为 ${low} 与 ${high} 之间的数。`,
        }),
      );
    }
    return number;
  };
}

function integer(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < low || number > high) {
      throw new InvalidArgumentError(
        say({
          en: `It must be a whole number from ${low} to ${high}.`,
          zh: `应为 ${low} 到 ${high} 的整数。`,
        }),
      );
    }
    return number;
  };
}

/** Commander's own complaint as ours, in the user's language, with a hint. */
function usageFailure(error: CommanderError): ReturnType<typeof usageError> {
  // A command of commands without one of them: commander would show its help and say no more.
  const needsMore = error.code === 'commander.help';
  const en = needsMore
    ? 'a subcommand is missing'
    : error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  const quoted = [...en.matchAll(/'([^']*)'/g)].map((m) => m[1]);
  const first = quoted[0] ?? '';
  const zh: Readonly<Record<string, string>> = {
    'commander.help': '缺少子命令',
    'commander.unknownOption': `未知选项“${first}”`,
    'commander.unknownCommand': `未知命令“${first}”`,
    'commander.missingArgument': `缺少参数“${first}”`,
    'commander.optionMissingArgument': `选项“${first}”缺少取值`,
    'commander.excessArguments': '参数过多',
    'commander.conflictingOption': `选项“${first}”不能与“${quoted[1] ?? ''}”同时使用`,
    'commander.invalidArgument': `选项“${first}”的取值“${quoted[1] ?? ''}”无效`,
  };
  const command = program.commands.find(
    (c) => argv.includes(c.name()) || c.aliases().some((a) => argv.includes(a)),
  );
  const help = `huoyan ${command ? `${command.name()} ` : ''}--help`;
  const isCommand = error.code === 'commander.unknownCommand';
  return usageError(
    { en, zh: zh[error.code] ?? en },
    isCommand
      ? {
          en: `to analyse a file: huoyan analyze ${first}; all commands: huoyan --help`,
          zh: `分析文件请用 huoyan analyze ${first}；全部命令见 huoyan --help`,
        }
      : { en: `see ${help}`, zh: `参见 ${help}` },
  );
}

try {
  if (argv.length === 0) {
    process.stderr.write(program.helpInformation());
    process.exitCode = EXIT.usage;
  } else {
    await program.parseAsync(argv, { from: 'user' });
  }
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    // Help and version are answers, not errors; commander has printed them.
    if (thrown.exitCode === 0) process.exitCode = EXIT.ok;
    else {
      const failure = usageFailure(thrown);
      openConsole().error(failure.reason);
      process.exitCode = failure.exitCode;
    }
  } else throw thrown;
}
