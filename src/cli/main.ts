#!/usr/bin/env node
/**
 * The `huoyan` command: makes the program of what `program/` declares, and hands over. What a command does lives in a
 * file of its own that is only loaded when it is called, so that `huoyan --help` and the first verdict come fast.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Language, Text } from '../core/text.ts';
import { PRODUCER } from '../report/producer.ts';
import type { CommandWords } from './commands/completion.ts';
import { BrokenPipe, Console } from './console.ts';
import { EXIT, EXIT_MEANING } from './exit.ts';
import { asCommandFailure, usageError } from './failure.ts';
import { languageOfArguments } from './language.ts';
import type { Declaration, Flag, Run } from './program/declaration.ts';
import { COMMANDS } from './program/index.ts';
import { Unfit } from './program/values.ts';

const argv = process.argv.slice(2);
const language: Language = languageOfArguments(argv, process.env);
const say = (text: Text) => text[language];

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

program.addHelpText('after', () => exitHelp());
for (const declaration of COMMANDS) declare(declaration, program);

/** Puts a command, and what is within it, where `parent` holds its commands. */
function declare(declaration: Declaration, parent: Command): void {
  const { load } = declaration;
  // Subcommands inherit help and output settings, but not the translated help flag.
  const command = parent
    .command(declaration.name)
    .helpOption('-h, --help', say({ en: 'show help', zh: '显示帮助' }))
    .summary(say(declaration.summary));
  if (declaration.alias) command.alias(declaration.alias);
  if (declaration.description) command.description(say(declaration.description));
  for (const { name, text, fallback } of declaration.arguments ?? [])
    command.argument(name, say(text), fallback);
  for (const flag of declaration.options ?? []) command.addOption(optionOf(flag));
  if (declaration.exitCodes) command.addHelpText('after', () => exitHelp());
  if (load) {
    command.action(async () => {
      await finish(await load(command.processedArgs, command.optsWithGlobals(), commandList));
    });
  }
  for (const inner of declaration.commands ?? []) declare(inner, command);
}

function optionOf({ flags, text, parse, fallback, choices, repeatable, needed, conflicts }: Flag): Option {
  const option = new Option(flags, say(text)).default(fallback).makeOptionMandatory(needed ?? false);
  if (conflicts) option.conflicts(conflicts);
  if (parse) option.argParser((value: string) => fitting(parse, value));
  if (choices) option.choices(choices);
  if (choices && repeatable) {
    option.argParser((value: string, earlier: readonly string[] | undefined) => {
      if (choices.includes(value)) return [...(earlier ?? []), value];
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
    });
  }
  return option;
}

/** The value as `parse` reads it; what it refuses becomes commander's complaint, in the user's language. */
function fitting(parse: (value: string) => number | string, value: string): number | string {
  try {
    return parse(value);
  } catch (thrown) {
    throw thrown instanceof Unfit ? new InvalidArgumentError(say(thrown.text)) : thrown;
  }
}

/** Commands and their flags as plain data, for completion. */
function commandList(): CommandWords[] {
  const flagsOf = (command: Command) => command.options.map((option) => option.long ?? option.short ?? '');
  return program.commands.map((command) => ({
    name: command.name(),
    flags: [...new Set([command, ...command.commands, program].flatMap(flagsOf)), '--help'],
  }));
}

function openConsole(): Console {
  const { quiet, color } = program.opts<{ readonly quiet?: boolean; readonly color: boolean }>();
  return new Console({ language, quiet: quiet ?? false, noColor: color === false });
}

/** Runs a command to its exit code, whatever happens on the way. */
async function finish(command: Run): Promise<void> {
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
