/**
 * Exit codes of the command, stable and documented in `--help`. A verdict is never an exit code unless the user asks
 * for it with `--fail-on`: a script must be able to tell "the picture is a fake" from "the tool broke".
 */
import type { Text } from '../core/text.ts';

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  partial: 3,
  contract: 4,
  component: 5,
  failOn: 10,
  /** 128 + SIGINT, as shells have it. */
  interrupted: 130,
  /** 128 + SIGPIPE: whoever read our standard output went away. */
  brokenPipe: 141,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, for `--help` and the README. */
export const EXIT_MEANING: readonly (readonly [ExitCode, Text])[] = [
  [EXIT.ok, { en: 'done (whatever the verdicts are)', zh: '完成（无论结论如何）' }],
  [EXIT.failure, { en: 'nothing could be analysed', zh: '没有任何文件能被分析' }],
  [EXIT.usage, { en: 'wrong usage', zh: '用法错误' }],
  [
    EXIT.partial,
    {
      en: 'results written, but some files could not be read or some evidence failed',
      zh: '结果已写出，但有文件无法读取，或有证据项执行失败',
    },
  ],
  [
    EXIT.contract,
    {
      en: 'a file Huoyan was told to rely on is broken (list of files, report)',
      zh: '所依赖的文件不合约定（文件清单、报告等）',
    },
  ],
  [EXIT.component, { en: 'a component or model is missing', zh: '缺少组件或模型' }],
  [EXIT.failOn, { en: 'a verdict matched --fail-on', zh: '有结论符合 --fail-on' }],
  [EXIT.interrupted, { en: 'stopped by Ctrl-C', zh: '被 Ctrl-C 中止' }],
];
