/** `huoyan analyze`. */
import type { AnalyzeFlags } from '../commands/analyze.ts';
import type { Declaration } from './declaration.ts';
import { FILES_FROM, HTML, JSON_DOCUMENT } from './options.ts';
import { integer, numberBetween, seconds } from './values.ts';

export const analyze: Declaration = {
  name: 'analyze',
  alias: 'analyse',
  summary: {
    en: 'a verdict with reasons for each picture, sound or video',
    zh: '对每个图片、声音或视频文件给出结论与理由',
  },
  description: {
    en: 'Analyses pictures (JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP), sounds (WAV, AIFF, AU, MP3, M4A, AAC, FLAC, Ogg) and videos (MP4, MOV, WebM, MKV), recognised by content, and gives each a calibrated verdict with reasons.',
    zh: '分析图片（JPEG、PNG、WebP、AVIF、GIF、TIFF、BMP）、声音（WAV、AIFF、AU、MP3、M4A、AAC、FLAC、Ogg）与视频（MP4、MOV、WebM、MKV），按内容识别，逐一给出经校准的结论与理由。',
  },
  arguments: [
    {
      name: '[paths...]',
      text: {
        en: 'files, folders, globs, s3://BUCKET/PREFIX; "-" is standard input',
        zh: '文件、文件夹、通配符、s3://桶/前缀；“-”表示标准输入',
      },
    },
  ],
  options: [
    JSON_DOCUMENT,
    {
      flags: '--ndjson',
      text: { en: 'one JSON record a line, as each is done', zh: '每行一条 JSON 记录，完成即输出' },
    },
    { flags: '--maps', text: { en: 'put heat maps into JSON records', zh: 'JSON 记录中附上热力图数据' } },
    HTML,
    {
      flags: '--no-stability',
      text: { en: 'skip re-scoring after JPEG, resize, crop', zh: '跳过压缩、缩放、裁剪后的复检' },
    },
    {
      flags: '--prior <p>',
      text: { en: 'P(fake) before looking, between 0 and 1', zh: '查看前为伪造的先验概率，介于 0 与 1 之间' },
      parse: numberBetween(0, 1, false),
    },
    {
      flags: '-j, --jobs <n>',
      text: { en: 'files at a time (default: cores)', zh: '同时分析的文件数（默认：核数）' },
      parse: integer(1, 256),
    },
    FILES_FROM,
    {
      flags: '--timeout <seconds>',
      text: { en: 'longest time for one file (default: 120)', zh: '单个文件的时限，秒（默认：120）' },
      parse: numberBetween(0, 86_400, true),
    },
    {
      flags: '--budget <time>',
      text: {
        en: 'how much of a video is looked at, as work on one core (default: 20s)',
        zh: '视频检视量，以单核工作时间计（默认：20s）',
      },
      parse: seconds(1, 3600),
    },
    {
      flags: '--shard <i/n>',
      text: {
        en: 'only part I of N of the files, by a hash of their names; for array jobs',
        zh: '只分析 N 份中的第 I 份（按文件名哈希划分），用于作业数组',
      },
    },
    {
      flags: '--s3-endpoint <url>',
      text: {
        en: 'the S3-compatible store of s3:// paths (default: AWS_ENDPOINT_URL, else AWS)',
        zh: 's3:// 路径所在的 S3 兼容存储（默认：AWS_ENDPOINT_URL，否则为 AWS）',
      },
    },
    {
      flags: '--out <file>',
      text: {
        en: 'also write a table (Parquet); a run that was interrupted goes on',
        zh: '另写出表格（Parquet）；中断后再次运行即继续',
      },
    },
    {
      flags: '--fail-on <label>',
      text: {
        en: 'exit with 10 on this verdict; repeatable; "suspect" includes synthetic and manipulated',
        zh: '出现该结论时以 10 退出；可重复；suspect 含 synthetic 与 manipulated',
      },
      choices: ['authentic', 'inconclusive', 'suspect', 'synthetic', 'manipulated'],
      repeatable: true,
    },
  ],
  exitCodes: true,
  load: async ([paths]: [string[]], flags: AnalyzeFlags) => {
    const { analyze } = await import('../commands/analyze.ts');
    return (io) => analyze(paths, flags, io);
  },
};
